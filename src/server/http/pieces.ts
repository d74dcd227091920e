// Bodies while they come: pieces as Node has them, neither copied nor put together.
import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { Problem } from '../../contract/problems.ts'

/**
 * Hands over each piece, and resolves to the hash of all. Throws `payload-too-large`; `malformed-request` where their
 * sender has gone.
 */
export function readPieces(
  payload: IncomingMessage,
  maximum: number,
  take: (piece: Buffer) => void,
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const hash = createHash('sha256')
    let length = 0
    const onData = (piece: Buffer) => {
      length += piece.length
      if (length > maximum) {
        payload.off('data', onData).off('end', onEnd)
        reject(new Problem('payload-too-large'))
        return
      }
      hash.update(piece)
      take(piece)
    }
    const onEnd = () => resolve(hash.digest())
    const onError = () => reject(new Problem('malformed-request'))
    payload.on('data', onData).on('end', onEnd).on('error', onError)
  })
}
