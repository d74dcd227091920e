import { ProtocolError } from '../../protocol/error.ts'

/** What the protocol's `fromBase64url` takes, and the same bytes, in a tenth of the time. */
export function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url')
  // Node reads loosely. Each value has one spelling: what does not come back was not it.
  if (bytes.toString('base64url') !== text) throw new ProtocolError('bad-encoding', 'base64url')
  return bytes
}
