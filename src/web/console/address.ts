// What stands behind the `#` of the address and survives a reload: language and filters, never an id. The entry in the
// browser's history is replaced, so that none is added.
import { type CaseFilter, decodeFilter, encodeFilter } from './case-filter.ts'
import type { Language } from './reading.ts'

export const languageIn = (hash: string): Language =>
  new URLSearchParams(hash.replace(/^#/, '')).get('lang') === 'en' ? 'en' : 'ko'

export const rememberLanguage = (language: Language): void => write(language, decodeFilter(location.hash))

export const rememberFilter = (filter: CaseFilter): void => write(languageIn(location.hash), filter)

function write(language: Language, filter: CaseFilter): void {
  const parts = [language === 'en' ? 'lang=en' : '', encodeFilter(filter)].filter(Boolean)
  // An empty `#` would jump to the top; the address without it is asked for.
  const address = parts.length > 0 ? `#${parts.join('&')}` : `${location.pathname}${location.search}`
  history.replaceState(null, '', address)
}
