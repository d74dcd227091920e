// RFC 9110 section 12.5.3, for three codings.
import { CODINGS, type Coding } from './site.ts'

/** The first coding that the caller takes; without the field, and where nothing fits, the bytes as they are. */
export function chooseCoding(acceptEncoding: string | undefined): Coding {
  const refused = new Set<string>()
  const taken = new Set<string>()
  for (const item of (acceptEncoding ?? '').toLowerCase().split(',')) {
    const [coding = '', ...parameters] = item.split(';').map(part => part.trim())
    const isRefused = parameters.some(parameter => /^q=0(\.0{0,3})?$/.test(parameter))
    ;(isRefused ? refused : taken).add(coding)
  }
  const fits = (coding: Coding) => taken.has(coding) || (taken.has('*') && !refused.has(coding))
  return CODINGS.find(fits) ?? 'identity'
}
