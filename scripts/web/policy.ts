// What a page may do, as Content Security Policy.
import { createHash } from 'node:crypto'

/** As `integrity` and CSP write a hash. */
export const sri = (bytes: string | Uint8Array): string =>
  `sha384-${createHash('sha384').update(bytes).digest('base64')}`

/** For a file's name. */
export const nameHash = (bytes: string | Uint8Array): string =>
  createHash('sha256').update(bytes).digest('base64url').slice(0, 8)

const write = (directives: Readonly<Record<string, string>>) =>
  Object.entries(directives)
    .map(([name, value]) => `${name} ${value}`)
    .join('; ')

const EVERYWHERE = {
  'default-src': "'none'",
  'form-action': "'none'",
  'base-uri': "'none'",
  'require-trusted-types-for': "'script'",
  'trusted-types': 'bongsu',
}

/** For the page with its files beside it. A worker is made of bytes that a checked script brought: 0028. */
export const servedPolicy = (service: string | null, hasWorker: boolean): string =>
  write({
    ...EVERYWHERE,
    'script-src': "'self' 'wasm-unsafe-eval'",
    'style-src': "'self'",
    'img-src': "'self' data:",
    'font-src': "'self'",
    'connect-src': service ?? "'self'",
    ...(hasWorker ? { 'worker-src': 'blob:' } : {}),
  })

/** A typed address is one that a browser protects, an onion service, or this machine. */
const TYPED_SERVICES = 'https: http://*.onion http://127.0.0.1:* http://localhost:*'

/** For the single file: nothing runs but what is named by its hash, and there is no WebAssembly. */
export const singleFilePolicy = (
  service: string | null,
  scripts: readonly string[],
  styles: readonly string[],
): string => {
  const hashes = (texts: readonly string[]) => texts.map(text => `'${sri(text)}'`).join(' ') || "'none'"
  return write({
    ...EVERYWHERE,
    'script-src': hashes(scripts),
    'style-src': hashes(styles),
    'img-src': 'data:',
    'font-src': 'data:',
    'connect-src': service ?? TYPED_SERVICES,
  })
}
