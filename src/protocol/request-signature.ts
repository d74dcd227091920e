// HTTP Message Signatures (RFC 9421) in one profile: label `sig`, fixed components, keyid, nonce and tag.
import { type SigningPair, sign, textToBytes } from './crypto.ts'
import { expectLength, fromBase64, fromBase64url, toBase64, toBase64url } from './encoding.ts'
import { ProtocolError } from './error.ts'

export type RequestRole = 'reporter' | 'agency'

/** What a signature covers. */
export interface SignedRequest {
  readonly method: string
  /** As on the wire, percent-encoded, without the query. */
  readonly path: string
  /** With its question mark; `?` alone where there is none. */
  readonly query: string
  /** The Content-Digest field's value, where there is a body. */
  readonly contentDigest?: string | undefined
}

export interface ParsedSignature {
  readonly keyId: Uint8Array
  /** base64url, as it was issued. */
  readonly nonce: string
  readonly tag: string
  readonly coversBody: boolean
  readonly signature: Uint8Array
  /** The inner list and parameters, byte for byte as received. */
  readonly parameters: string
}

const COMPONENTS = '"@method" "@path" "@query"'
const INPUT =
  /^sig=(\("@method" "@path" "@query"( "content-digest")?\);keyid="([A-Za-z0-9_-]{43})";nonce="([A-Za-z0-9_-]{1,128})";tag="([a-zA-Z0-9/_-]{1,128})")$/
const SIGNATURE = /^sig=:([A-Za-z0-9+/]{86}==):$/
const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/

/** bongsu/v1/reporter/<deployment id> or bongsu/v1/agency/<deployment id>. */
export function signatureTag(role: RequestRole, deploymentId: Uint8Array): string {
  return `bongsu/v1/${role}/${toBase64url(deploymentId)}`
}

/** RFC 9530, of a SHA-256 hash. */
export function contentDigest(hash: Uint8Array): string {
  return `sha-256=:${toBase64(hash)}:`
}

/** The 32 bytes of a Content-Digest field. Throws `bad-encoding` for other algorithms and lists. */
export function parseContentDigest(field: string): Uint8Array {
  const [, encoded] = DIGEST.exec(field) ?? []
  if (!encoded) throw new ProtocolError('bad-encoding', 'content-digest')
  const hash = fromBase64(encoded)
  expectLength(hash, 32)
  return hash
}

/** RFC 9421 section 2.5. */
export function signatureBase(request: SignedRequest, parameters: string): Uint8Array {
  const digest = request.contentDigest === undefined ? '' : `"content-digest": ${request.contentDigest}\n`
  return textToBytes(
    `"@method": ${request.method}\n"@path": ${request.path}\n"@query": ${request.query}\n${digest}` +
      `"@signature-params": ${parameters}`,
  )
}

/** The inner list and parameters that a signature of this key covers. */
export function requestParameters(by: {
  readonly publicKey: Uint8Array
  readonly nonce: string
  readonly tag: string
  readonly coversBody: boolean
}): string {
  const components = by.coversBody ? `${COMPONENTS} "content-digest"` : COMPONENTS
  return `(${components});keyid="${toBase64url(by.publicKey)}";nonce="${by.nonce}";tag="${by.tag}"`
}

/** The header fields that sign a request; `nonce` as the server issued it. */
export function signRequest(
  request: SignedRequest,
  by: { pair: SigningPair; nonce: string; tag: string },
): { 'signature-input': string; signature: string } {
  const { pair, nonce, tag } = by
  const coversBody = request.contentDigest !== undefined
  const parameters = requestParameters({ publicKey: pair.publicKey, nonce, tag, coversBody })
  const signature = sign(pair, signatureBase(request, parameters))
  return { 'signature-input': `sig=${parameters}`, signature: `sig=:${toBase64(signature)}:` }
}

/** Reads exactly our profile; everything else is refused with `bad-encoding`. */
export function parseSignature(signatureInput: string, signatureField: string): ParsedSignature {
  const [, parameters, body, keyid, nonce, tag] = INPUT.exec(signatureInput) ?? []
  const [, encoded] = SIGNATURE.exec(signatureField) ?? []
  if (!parameters || !keyid || !nonce || !tag || !encoded)
    throw new ProtocolError('bad-encoding', 'signature')
  const signature = fromBase64(encoded)
  const keyId = fromBase64url(keyid)
  return { keyId, nonce, tag, coversBody: body !== undefined, signature, parameters }
}
