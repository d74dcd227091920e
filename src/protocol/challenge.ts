// Nonces that a server issues and can recognise without storing them, and the work that may be asked with one.
import { lengthOfClass } from './blob.ts'
import { blake2b, equalSecrets, H, M } from './crypto.ts'
import { concat, enc, expectLength, fromBase64url, readU32, toBase64url, u8, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'

/** Seconds for which a nonce can be used. */
export const CHALLENGE_LIFETIME = 600

const RANDOM = 16
const MAC = 16
const LENGTH = RANDOM + 4 + 1 + MAC

/** random (16 bytes) ‖ masked expiry (u32) ‖ work bits (u8) ‖ MAC (16 bytes). */
export interface ChallengeText {
  readonly random: Uint8Array
  readonly workBits: number
}

export interface Challenge extends ChallengeText {
  /** Seconds since 1970. */
  readonly expiry: number
}

const macOf = (key: Uint8Array, fields: Uint8Array) => M(key, 'challenge', fields).slice(0, MAC)

// A nonce may be kept for long, in a reporter's signed wish to withdraw: only the server can tell when it was issued.
const masked = (key: Uint8Array, random: Uint8Array, expiry: Uint8Array): Uint8Array => {
  const mask = M(key, 'challenge-expiry', random)
  return expiry.map((byte, i) => byte ^ (mask[i] ?? 0))
}

export function issueChallenge(key: Uint8Array, challenge: Challenge): string {
  expectLength(challenge.random, RANDOM)
  const fields = concat(
    challenge.random,
    masked(key, challenge.random, u32(challenge.expiry)),
    u8(challenge.workBits),
  )
  return toBase64url(concat(fields, macOf(key, fields)))
}

/** What a nonce says to anybody; only the server can tell whether it is its own. Throws `bad-encoding`. */
export function readChallenge(nonce: string): ChallengeText {
  const bytes = fromBase64url(nonce)
  if (bytes.length !== LENGTH) throw new ProtocolError('bad-encoding', 'nonce')
  return { random: bytes.subarray(0, RANDOM), workBits: bytes[RANDOM + 4] ?? 0 }
}

/** Throws `expired` for an old or foreign nonce: to the caller both mean «ask for another». */
export function openChallenge(key: Uint8Array, nonce: string, nowSeconds: number): Challenge {
  const { random, workBits } = readChallenge(nonce)
  const bytes = fromBase64url(nonce)
  const expiry = readU32(masked(key, random, bytes.subarray(RANDOM, RANDOM + 4)))
  const own = equalSecrets(macOf(key, bytes.subarray(0, LENGTH - MAC)), bytes.subarray(LENGTH - MAC))
  if (!own || expiry < nowSeconds || expiry > nowSeconds + 2 * CHALLENGE_LIFETIME) {
    throw new ProtocolError('expired')
  }
  return { random, expiry, workBits }
}

export interface WorkTask {
  readonly nonce: string
  readonly statusKey: Uint8Array
  /** SHA-256 of the request's body; of the Upload-Length, as it is written there, where an upload is created. */
  readonly contentHash: Uint8Array
  /** Beyond those that the nonce carries. */
  readonly extraBits?: number
}

const LIGHT_UPLOAD = lengthOfClass(16 * 1024 * 1024)

/** Bits beyond those of the nonce that an upload of so many bytes takes: twice the work for twice the bytes. */
export const uploadBits = (length: number): number => Math.max(0, Math.ceil(Math.log2(length / LIGHT_UPLOAD)))

const bitsOf = ({ nonce, extraBits = 0 }: WorkTask) => {
  const { workBits } = readChallenge(nonce)
  return workBits === 0 ? 0 : workBits + extraBits
}

/** H("pow", nonce, status public key, content digest, counter); counter is 8 bytes. */
function workHash(task: WorkTask, counter: Uint8Array): Uint8Array {
  return H('pow', fromBase64url(task.nonce), task.statusKey, task.contentHash, counter)
}

function leadingZeroBits(hash: Uint8Array): number {
  const at = hash.findIndex(byte => byte !== 0)
  return at < 0 ? hash.length * 8 : at * 8 + Math.clz32(hash[at] ?? 0) - 24
}

export function isWorkDone(task: WorkTask, counter: Uint8Array): boolean {
  return counter.length === 8 && leadingZeroBits(workHash(task, counter)) >= bitsOf(task)
}

/** Tries `count` counters from `start`; null when none will do. Call in turns, so that a page stays alive. */
export function searchWork(task: WorkTask, start: number, count: number): Uint8Array | null {
  const workBits = bitsOf(task)
  // The fields before the counter do not change: encode them once.
  const message = enc('pow', fromBase64url(task.nonce), task.statusKey, task.contentHash, new Uint8Array(8))
  const counter = message.subarray(message.length - 8)
  for (let i = start; i < start + count; i++) {
    counter.set(u32(Math.floor(i / 2 ** 32)))
    counter.set(u32(i % 2 ** 32), 4)
    if (leadingZeroBits(blake2b(message)) >= workBits) return counter.slice()
  }
  return null
}
