// What the bare routes are asked.
import { randomBytes } from 'node:crypto'
import { type SigningPair, sign } from '../../src/protocol/crypto.ts'
import { SLOT_LENGTH, SLOTS } from '../../src/protocol/reply.ts'

/** As many as the service's pool has. */
export const DATABASE_CONNECTIONS = 20
export const MAILBOX_BYTES = SLOTS * SLOT_LENGTH
/** As long as the base of one of the service's signatures. */
export const MESSAGE = Buffer.alloc(400, 'bongsu')

const fields = (pair: SigningPair) =>
  `key: ${Buffer.from(pair.publicKey).toString('base64url')}\r\n` +
  `signature: ${Buffer.from(sign(pair, MESSAGE)).toString('base64url')}\r\n`

/** Reads one reply. */
export function bareMailboxRead(pair: SigningPair, mailboxId: Uint8Array, messageId: Uint8Array): Buffer {
  const body = Buffer.concat([mailboxId, messageId, randomBytes(32)])
  const head =
    `POST /mailbox HTTP/1.1\r\nhost: 127.0.0.1\r\n${fields(pair)}` +
    `content-type: application/octet-stream\r\ncontent-length: ${body.length}\r\n\r\n`
  return Buffer.concat([Buffer.from(head), body])
}

/** Reads one device. */
export function bareCasePoll(pair: SigningPair, deviceId: Uint8Array): Buffer {
  const device = Buffer.from(deviceId).toString('base64url')
  return Buffer.from(`GET /cases HTTP/1.1\r\nhost: 127.0.0.1\r\n${fields(pair)}device: ${device}\r\n\r\n`)
}
