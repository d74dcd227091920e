/** How a directory names an agency: lower-case letters, digits and hyphens, 32 at most. */
export function isAgencyId(text: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,31}$/.test(text)
}
