// The only reader of the environment here.
export type Language = 'ko' | 'en'

/** The language of LC_ALL, LC_MESSAGES or LANG, whichever is set first; English unless it is Korean. */
export function languageOf(variables: Readonly<Record<string, string | undefined>> = process.env): Language {
  const locale = variables.LC_ALL || variables.LC_MESSAGES || variables.LANG || ''
  return /^ko(?![a-z])/i.test(locale) ? 'ko' : 'en'
}

/** https://no-color.org */
export function wantsColour(variables: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return !variables.NO_COLOR && variables.TERM !== 'dumb'
}

/** A terminal that can write over a line. */
export function canRewriteLines(
  variables: Readonly<Record<string, string | undefined>> = process.env,
): boolean {
  return variables.TERM !== undefined && variables.TERM !== '' && variables.TERM !== 'dumb'
}
