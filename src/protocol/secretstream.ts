// The door to libsodium's secretstream; crypto.ts is that to everything else of it.
import sodium, { type StateAddress } from 'libsodium-wrappers'
import { expectLength } from './encoding.ts'
import { ProtocolError } from './error.ts'

// libsodium's other two (1 and 2, a change of key) are no part of the format: a stream has one spelling.
const TAG_MESSAGE = 0
const TAG_FINAL = 3
const TAGS = [TAG_MESSAGE, TAG_FINAL]

/**
 * AEAD_CHACHA20_POLY1305 of RFC 8439 without additional data, for a text in two pieces: in Node OpenSSL's, four times
 * as fast as libsodium's WebAssembly.
 */
export type ChunkCipher = (key: Uint8Array) => KeyedCipher

export interface KeyedCipher {
  /** Ciphertext goes to the beginning of `target`; returns the MAC, 16 bytes. The nonce has 12. */
  seal(nonce: Uint8Array, pieces: Pieces, target: Uint8Array): Uint8Array
  /** Null where the MAC is another. */
  open(nonce: Uint8Array, pieces: Pieces, mac: Uint8Array): Pieces | null
}

type Pieces = readonly [Uint8Array, Uint8Array]

export interface StreamSealer {
  /** What it returns is good until the next. */
  push(chunk: Uint8Array, final: boolean): Uint8Array
  free(): void
}

export interface StreamOpener {
  /** Throws `open-failed`. */
  pull(sealed: Uint8Array): { readonly chunk: Uint8Array; readonly final: boolean }
  free(): void
}

/**
 * crypto_secretstream_xchacha20poly1305 with a header that the caller names: libsodium makes the same state of key
 * and header for both directions, and only its `init_push` draws the header by chance.
 */
export function createStreamSealer(key: Uint8Array, header: Uint8Array, cipher?: ChunkCipher): StreamSealer {
  const state = streamState(key, header)
  const pushFast = cipher && pushBy(cipher(state.key()), state)
  return {
    push: (chunk, final) => {
      const tag = final ? TAG_FINAL : TAG_MESSAGE
      return pushFast && isWhole(chunk)
        ? pushFast(chunk, tag)
        : sodium.crypto_secretstream_xchacha20poly1305_push(state.address, chunk, null, tag)
    },
    free: state.free,
  }
}

export function createStreamOpener(key: Uint8Array, header: Uint8Array, cipher?: ChunkCipher): StreamOpener {
  const state = streamState(key, header)
  const keyed = cipher?.(state.key())
  return {
    pull(sealed) {
      const pulled =
        keyed && isWhole(sealed.subarray(OVERHEAD))
          ? pullBy(keyed, state, sealed)
          : openOnce(() => sodium.crypto_secretstream_xchacha20poly1305_pull(state.address, sealed, null))
      if (!pulled || !TAGS.includes(pulled.tag)) throw new ProtocolError('open-failed')
      return { chunk: pulled.message, final: pulled.tag === TAG_FINAL }
    },
    free: state.free,
  }
}

const MAC = 16
const OVERHEAD = 1 + MAC
const BLOCK = 64

// A chunk is sealed as RFC 8439 seals the tag in a block of zeros, then the chunk; of the sealed block only the first
// byte is kept. That holds for a length in whole blocks of Poly1305: for others libsodium pads by a formula of its own.
// https://doc.libsodium.org/secret-key_cryptography/secretstream
const isWhole = ({ length }: Uint8Array) => length > 0 && length % 16 === 0

function pushBy(cipher: KeyedCipher, state: StreamState) {
  const block = new Uint8Array(BLOCK)
  let target = new Uint8Array(0)
  return (chunk: Uint8Array, tag: number): Uint8Array => {
    const end = BLOCK + chunk.length
    if (target.length < end + MAC) target = new Uint8Array(end + MAC)
    block[0] = tag
    const mac = cipher.seal(state.nonce(), [block, chunk], target)
    state.step(mac)
    target.set(mac, end)
    // Before the chunk comes the one byte of the block that is kept.
    const start = BLOCK - 1
    target.copyWithin(start, 0, 1)
    return target.subarray(start, end + MAC)
  }
}

function pullBy(cipher: KeyedCipher, state: StreamState, sealed: Uint8Array) {
  const nonce = state.nonce()
  // The bytes of the block that were not kept: what zeros become.
  const block = new Uint8Array(BLOCK)
  cipher.seal(nonce, [new Uint8Array(BLOCK), new Uint8Array(0)], block)
  block[0] = sealed[0] ?? 0
  const mac = sealed.subarray(-MAC)
  const opened = cipher.open(nonce, [block, sealed.subarray(1, -MAC)], mac)
  if (!opened) return false
  state.step(mac)
  return { tag: opened[0][0] ?? 0, message: opened[1] }
}

function openOnce<T>(open: () => T): T | false {
  try {
    return open()
  } catch {
    return false
  }
}

type StreamState = ReturnType<typeof streamState>

/** libsodium's own memory, which nothing collects. */
const memory = () =>
  (sodium as unknown as { libsodium: { HEAPU8: Uint8Array; _free(address: number): void } }).libsodium

// As crypto_secretstream_xchacha20poly1305_state has them: the key, then the nonce, a counter before 8 bytes that each
// MAC changes.
const KEY = 32
const COUNTER = 4
const NONCE = 12

function streamState(key: Uint8Array, header: Uint8Array) {
  expectLength(key, 32)
  expectLength(header, 24)
  const state = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key)
  // Declared as an object, and a number all the same.
  const address = state as unknown as number
  let freed = false
  const bytes = () => {
    if (freed) throw new ProtocolError('bad-length', 'stream')
    return memory().HEAPU8.subarray(address, address + KEY + NONCE)
  }
  return {
    get address(): StateAddress {
      bytes()
      return state
    },
    key: () => bytes().slice(0, KEY),
    nonce: () => bytes().slice(KEY),
    /** After a chunk with this MAC. A stream has far fewer chunks than the counter can count. */
    step(mac: Uint8Array) {
      const nonce = bytes().subarray(KEY)
      const counter = new DataView(nonce.buffer, nonce.byteOffset)
      counter.setUint32(0, counter.getUint32(0, true) + 1, true)
      for (let i = COUNTER; i < NONCE; i++) nonce[i] = (nonce[i] ?? 0) ^ (mac[i - COUNTER] ?? 0)
    },
    free: () => {
      if (!freed) memory()._free(address)
      freed = true
    },
  }
}
