/** The origin of what was typed, or null. A bare name is taken for https, an onion's for http. */
export function typedOrigin(text: string): string | null {
  const typed = text.trim()
  const bare = /^[\w.-]+(:\d+)?\/?$/.test(typed)
  const scheme = /\.onion(:\d+)?\/?$/.test(typed) ? 'http' : 'https'
  const full = bare ? `${scheme}://${typed}` : typed
  const url = URL.canParse(full) ? new URL(full) : null
  const plain = url && url.pathname === '/' && !url.search && !url.hash && !url.username
  return plain && /^https?:$/.test(url.protocol) ? url.origin : null
}
