// The door to libsodium's secretstream; crypto.ts is that to everything else of it.
import sodium from 'libsodium-wrappers'
import { expectLength } from './encoding.ts'
import { ProtocolError } from './error.ts'

// libsodium's other two (1 and 2, a change of key) are no part of the format: a stream has one spelling.
const TAG_MESSAGE = 0
const TAG_FINAL = 3
const TAGS = [TAG_MESSAGE, TAG_FINAL]

export interface StreamSealer {
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
export function createStreamSealer(key: Uint8Array, header: Uint8Array): StreamSealer {
  const state = streamState(key, header)
  return {
    push: (chunk, final) =>
      sodium.crypto_secretstream_xchacha20poly1305_push(
        state.address,
        chunk,
        null,
        final ? TAG_FINAL : TAG_MESSAGE,
      ),
    free: state.free,
  }
}

export function createStreamOpener(key: Uint8Array, header: Uint8Array): StreamOpener {
  const state = streamState(key, header)
  return {
    pull(sealed) {
      const pulled = openOnce(() =>
        sodium.crypto_secretstream_xchacha20poly1305_pull(state.address, sealed, null),
      )
      if (!pulled || !TAGS.includes(pulled.tag)) throw new ProtocolError('open-failed')
      return { chunk: pulled.message, final: pulled.tag === TAG_FINAL }
    },
    free: state.free,
  }
}

function openOnce<T>(open: () => T): T | false {
  try {
    return open()
  } catch {
    return false
  }
}

function streamState(key: Uint8Array, header: Uint8Array) {
  expectLength(key, 32)
  expectLength(header, 24)
  const address = sodium.crypto_secretstream_xchacha20poly1305_init_pull(header, key)
  let freed = false
  return {
    get address() {
      if (freed) throw new ProtocolError('bad-length', 'stream')
      return address
    },
    // The state lies in libsodium's own memory, which nothing collects.
    free: () => {
      if (!freed) (sodium as unknown as { libsodium: { _free(at: unknown): void } }).libsodium._free(address)
      freed = true
    },
  }
}
