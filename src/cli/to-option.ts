// `--to AGENCY…` takes all that follows: also the file that was meant to come after it.
import { isAgencyId } from '../protocol/agency-id.ts'
import { WrongInput } from './exit.ts'

interface ToOption {
  readonly to?: readonly string[]
}

/** `--to nis FILE`: what cannot be an agency's id at the end of the list is the file. */
export function fileAndAgencies<Options extends ToOption>(
  file: string | undefined,
  options: Options,
): Options & { readonly file: string } {
  if (file !== undefined) return { ...options, file }
  const last = options.to?.at(-1)
  if (last === undefined || isAgencyId(last)) {
    throw new WrongInput('no-text-named')
  }
  return { ...options, file: last, to: options.to?.slice(0, -1) ?? [] }
}
