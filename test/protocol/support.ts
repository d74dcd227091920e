import { ProtocolError } from '../../src/protocol/error.ts'

export const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

export const filled = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value)

const codeOf = (error: unknown): string =>
  error instanceof ProtocolError ? error.code : `not a ProtocolError: ${error}`

/** The code of the ProtocolError that a call throws; says so where it throws nothing or something else. */
export function refusal(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    return codeOf(error)
  }
  return 'accepted'
}

export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  return promise.then(() => 'accepted', codeOf)
}

/** Copies of `bytes`, each with one byte changed: every one up to `most`, then evenly spread ones. */
export function* tampered(bytes: Uint8Array, most = 64): Generator<Uint8Array> {
  const step = Math.max(1, Math.floor(bytes.length / most))
  const last = bytes.length - 1
  for (let at = 0; at < bytes.length; at += step) yield changedAt(bytes, at)
  if (last % step !== 0) yield changedAt(bytes, last)
}

export function changedAt(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 0x01
  return copy
}
