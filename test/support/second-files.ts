// The second reader's files: streams, fill and Merkle root, from section 10 of docs/protocol.md, with noble
// instead of libsodium. Nothing of src/.

import { poly1305 } from '@noble/ciphers/_poly1305.js'
import { chacha20, hchacha } from '@noble/ciphers/chacha.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { demand, join, mac, number, same, signingKeyOf, utf8 } from './second-implementation.ts'

type Bytes = Uint8Array

const CHUNK = 65_536

export const fileKey = (blobKey: Bytes, position: number): Bytes => mac(blobKey, 'file', number(position, 4))
export const streamHeader = (blobKey: Bytes, position: number): Bytes =>
  mac(blobKey, 'file-header', number(position, 4)).slice(0, 24)
export const readerKey = (blobKey: Bytes): Bytes => signingKeyOf(mac(blobKey, 'file-reader'))

// The stream as libsodium documents it: crypto_secretstream_xchacha20poly1305.

interface State {
  key: Bytes
  counter: number
  inner: Bytes
}

const words = (bytes: Bytes): Uint32Array => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  return Uint32Array.from({ length: bytes.length / 4 }, (_, i) => view.getUint32(4 * i, true))
}

function littleEndian(value: number, width: 4 | 8): Bytes {
  return number(value, width).reverse()
}

function begin(key: Bytes, header: Bytes): State {
  const derived = new Uint32Array(8)
  hchacha(words(utf8('expand 32-byte k')), words(key), words(header.slice(0, 16)), derived)
  return {
    key: join(...[...derived].map(word => littleEndian(word, 4))),
    counter: 1,
    inner: header.slice(16),
  }
}

const nonceOf = ({ counter, inner }: State): Bytes => join(littleEndian(counter, 4), inner)
const xor = (a: Bytes, b: Bytes): Bytes => a.map((byte, i) => byte ^ (b[i] ?? 0))

function tagOf(state: State, block: Bytes, sealed: Bytes): Bytes {
  const oneTimeKey = chacha20(state.key, nonceOf(state), new Uint8Array(32))
  // libsodium pads with length mod 16 zeros, not up to a multiple of 16.
  const padding = new Uint8Array(sealed.length % 16)
  const lengths = join(littleEndian(0, 8), littleEndian(64 + sealed.length, 8))
  return poly1305(join(block, sealed, padding, lengths), oneTimeKey)
}

function advance(state: State, tag: number, authenticator: Bytes): void {
  state.inner = xor(state.inner, authenticator.slice(0, 8))
  state.counter += 1
  if ((tag & 2) === 0) return
  const fresh = chacha20(state.key, nonceOf(state), join(state.key, state.inner))
  Object.assign(state, { key: fresh.slice(0, 32), inner: fresh.slice(32), counter: 1 })
}

function push(state: State, chunk: Bytes, tag: number): Bytes {
  const block = chacha20(state.key, nonceOf(state), join([tag], new Uint8Array(63)), undefined, 1)
  const sealed = chacha20(state.key, nonceOf(state), chunk, undefined, 2)
  const authenticator = tagOf(state, block, sealed)
  advance(state, tag, authenticator)
  return join(block.slice(0, 1), sealed, authenticator)
}

function pull(state: State, bytes: Bytes): { chunk: Bytes; tag: number } {
  demand(bytes.length >= 17)
  const [sealed, authenticator] = [bytes.slice(1, -16), bytes.slice(-16)]
  const stream = chacha20(state.key, nonceOf(state), new Uint8Array(64), undefined, 1)
  const block = join(bytes.slice(0, 1), stream.slice(1))
  demand(same(tagOf(state, block, sealed), authenticator))
  const tag = (bytes[0] ?? 0) ^ (stream[0] ?? 0)
  const chunk = chacha20(state.key, nonceOf(state), sealed, undefined, 2)
  advance(state, tag, authenticator)
  return { chunk, tag }
}

/** A stream of chunks under tags that a sealer may not give, too: a header, then each chunk sealed. */
export function sealChunks(
  key: Bytes,
  header: Bytes,
  chunks: readonly (readonly [Bytes, number])[],
): Bytes[] {
  const state = begin(key, header)
  return [header, ...chunks.map(([chunk, tag]) => push(state, chunk, tag))]
}

const cut = (bytes: Bytes, size: number): Bytes[] =>
  Array.from({ length: Math.max(1, Math.ceil(bytes.length / size)) }, (_, i) =>
    bytes.slice(i * size, (i + 1) * size),
  )

export function sealFile(blobKey: Bytes, position: number, file: Bytes): Bytes {
  const chunks = cut(file, CHUNK)
  const tagged = chunks.map((chunk, i) => [chunk, i === chunks.length - 1 ? 3 : 0] as const)
  return Uint8Array.from(
    Buffer.concat(sealChunks(fileKey(blobKey, position), streamHeader(blobKey, position), tagged)),
  )
}

/** Chunks as they lie in the blob, behind their header, the last of them read as the last. */
export function openChunks(blobKey: Bytes, position: number, header: Bytes, chunks: readonly Bytes[]): Bytes {
  const state = begin(fileKey(blobKey, position), header)
  const opened = chunks.map((sealed, i) => {
    const { chunk, tag } = pull(state, sealed)
    const last = i === chunks.length - 1
    demand(tag === (last ? 3 : 0) && (last || chunk.length === CHUNK) && chunk.length <= CHUNK)
    return chunk
  })
  return Uint8Array.from(Buffer.concat(opened))
}

export function openFile(blobKey: Bytes, position: number, stream: Bytes): Bytes {
  return openChunks(blobKey, position, stream.slice(0, 24), cut(stream.slice(24), CHUNK + 17))
}

export function fill(blobKey: Bytes, files: number, length: number): Bytes {
  const zeros = cut(new Uint8Array(CHUNK * Math.ceil(length / CHUNK)), CHUNK)
  const tagged = zeros.map(chunk => [chunk, 0] as const)
  const header = mac(blobKey, 'fill-header', number(files, 4)).slice(0, 24)
  const stream = sealChunks(mac(blobKey, 'fill', number(files, 4)), header, tagged)
  return Uint8Array.from(Buffer.concat(stream).subarray(0, length))
}

/** RFC 6962, section 2.1, in its own words. */
export function treeHash(entries: readonly Bytes[]): Bytes {
  const [first] = entries
  if (!first) return sha256(new Uint8Array(0))
  if (entries.length === 1) return sha256(join([0], first))
  let k = 1
  while (2 * k < entries.length) k *= 2
  return sha256(join([1], treeHash(entries.slice(0, k)), treeHash(entries.slice(k))))
}

export const rootOf = (parts: readonly Bytes[]): Bytes =>
  parts.length === 0 ? new Uint8Array(32) : treeHash(parts)
