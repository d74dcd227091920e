// The JSON body of a sealed message, of a length that follows from its bucket alone.
import { type RandomBytes, textToBytes } from '../protocol/crypto.ts'
import { toBase64url } from '../protocol/encoding.ts'
import type { SealedMessage } from '../protocol/report.ts'
import type { WrappedKey } from '../protocol/wrapped-key.ts'

/** Bytes of JSON beside the body's base64url: room for four agencies with the longest ids. */
export const FRAME_LENGTH = 8 * 1024

interface Filled {
  readonly header: string
  readonly commitment: string
  readonly body: string
  readonly wrappedKeys: { agency: string; keyId: string; key: string }[]
  readonly fill: string
}

/**
 * How many agencies, which, and what else is in `more` does not show in the length. A report and a follow-up
 * of one bucket have the same.
 */
export function fillBody<More extends object>(
  { envelope, wrappedKeys }: SealedMessage,
  more: More,
  random: RandomBytes,
): Filled & More {
  const content = {
    header: toBase64url(envelope.header),
    commitment: toBase64url(envelope.commitment),
    body: toBase64url(envelope.body),
    wrappedKeys: wrappedKeys.map(encodeWrappedKey),
    ...more,
    fill: '',
  }
  const frame = textToBytes(JSON.stringify(content)).length - content.body.length
  // More than four holders, after hand-overs, take the next multiple.
  const target = Math.ceil(frame / FRAME_LENGTH) * FRAME_LENGTH
  return { ...content, fill: randomText(target - frame, random) }
}

const encodeWrappedKey = ({ agencyId, keyId, wrapped }: WrappedKey) => ({
  agency: agencyId,
  keyId: toBase64url(keyId),
  key: toBase64url(wrapped),
})

const randomText = (length: number, random: RandomBytes) =>
  toBase64url(random(Math.ceil((length * 3) / 4))).slice(0, length)
