// Signed requests, made beforehand: whole HTTP messages as bytes.
import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { recipientsOf } from '../src/client/reporter.ts'
import { CHALLENGE_LIFETIME, issueChallenge } from '../src/protocol/challenge.ts'
import { deriveSigningPair, type SigningPair, signingSeed } from '../src/protocol/crypto.ts'
import { BODY_OVERHEAD, encodeHeader, SIZE_BUCKETS } from '../src/protocol/envelope.ts'
import { parseKeyFile } from '../src/protocol/key-file.ts'
import { MAILBOX_REQUEST_LENGTH } from '../src/protocol/reply.ts'
import { reportIdOf } from '../src/protocol/reporter-keys.ts'
import {
  contentDigest,
  type RequestRole,
  signatureTag,
  signRequest,
} from '../src/protocol/request-signature.ts'
import { WRAPPED_KEY_LENGTH } from '../src/protocol/wrapped-key.ts'
import type { Known } from './service.ts'

export const AGENCY = 'police'
/** Bytes of JSON beside the body, as the SDK fills it: src/client/sealed-body.ts. */
const FRAME_LENGTH = 8 * 1024
const [BUCKET = 0] = SIZE_BUCKETS

export const randomPair = (): SigningPair => deriveSigningPair(signingSeed(randomBytes(32)))

interface Outgoing {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly path: string
  readonly query?: string
  readonly body?: Buffer
  readonly type?: string
  readonly headers?: string
}

function signed(known: Known, role: RequestRole, pair: SigningPair, request: Outgoing): Buffer {
  const { method, path, query = '', body, type, headers = '' } = request
  const expiry = Math.floor(Date.now() / 1000) + CHALLENGE_LIFETIME
  const nonce = issueChallenge(known.challengeKeys[role], { random: randomBytes(16), expiry, workBits: 0 })
  const digest = body && contentDigest(createHash('sha256').update(body).digest())
  const fields = signRequest(
    { method, path, query: query || '?', contentDigest: digest },
    { pair, nonce, tag: signatureTag(role, known.trust.deploymentId) },
  )
  const about = body
    ? `content-type: ${type}\r\ncontent-length: ${body.length}\r\ncontent-digest: ${digest}\r\n`
    : ''
  const head =
    `${method} ${path}${query} HTTP/1.1\r\nhost: 127.0.0.1\r\n${about}${headers}` +
    `signature-input: ${fields['signature-input']}\r\nsignature: ${fields.signature}\r\n\r\n`
  return body ? Buffer.concat([Buffer.from(head), body]) : Buffer.from(head)
}

/**
 * Submissions of the smallest bucket for one agency, of the length that the SDK gives them. The server cannot
 * open anything: ciphertext is chance here, and all that it does check is right.
 */
export function submissions(known: Known, count: number): Buffer[] {
  const [recipient] = recipientsOf(known.trust, [AGENCY])
  if (!recipient) throw new Error('nobody to write to')
  const keyId = Buffer.from(recipient.keyId).toString('base64url')
  return Array.from({ length: count }, () => {
    const pair = randomPair()
    const body = submissionBody(known, pair, keyId)
    const headers = 'bongsu-work: AAAAAAAAAAA\r\n'
    return signed(known, 'reporter', pair, {
      method: 'PUT',
      path: '/v1/report',
      type: 'application/json',
      body,
      headers,
    })
  })
}

function submissionBody({ trust }: Known, pair: SigningPair, keyId: string): Buffer {
  const header = encodeHeader({
    deploymentId: trust.deploymentId,
    reportId: reportIdOf(pair.publicKey),
    threadIndex: 0,
    bucket: BUCKET,
    blobRoot: new Uint8Array(32),
    partCount: 0,
  })
  const chance = (length: number) => randomBytes(length).toString('base64url')
  const content = {
    header: Buffer.from(header).toString('base64url'),
    commitment: chance(32),
    body: chance(BUCKET + BODY_OVERHEAD),
    wrappedKeys: [{ agency: AGENCY, keyId, key: chance(WRAPPED_KEY_LENGTH) }],
    logBlind: chance(32),
    recipientsTag: chance(32),
    urgent: false,
    fill: '',
  }
  const missing = FRAME_LENGTH - (JSON.stringify(content).length - content.body.length)
  return Buffer.from(JSON.stringify({ ...content, fill: chance(missing).slice(0, missing) }))
}

/** Reads of these keys' mailboxes, from the start, deleting nothing. */
export function mailboxReads(known: Known, pairs: readonly SigningPair[]): Buffer[] {
  return pairs.map(pair => {
    const body = randomBytes(MAILBOX_REQUEST_LENGTH)
    body.fill(0, 0, 16)
    const type = 'application/octet-stream'
    return signed(known, 'reporter', pair, { method: 'POST', path: '/v1/mailbox', type, body })
  })
}

/** The demonstration's intake device of the agency. */
export async function devicePair(folder: string): Promise<SigningPair> {
  const key = parseKeyFile(await readFile(join(folder, 'demo', `${AGENCY}-intake.key.json`), 'utf8'))
  if (key.kind !== 'device') throw new Error('not a device key')
  return deriveSigningPair(key.signingSeed)
}

/** Polls of the agency's cases; with an etag, such as answer 304. */
export function casePolls(
  known: Known,
  device: SigningPair,
  { after, etag, count }: { after: number; etag?: string; count: number },
): Buffer[] {
  const headers = etag === undefined ? '' : `if-none-match: ${etag}\r\n`
  const query = `?after=${after}`
  const poll = { method: 'GET', path: '/v1/cases', query, headers } as const
  return Array.from({ length: count }, () => signed(known, 'agency', device, poll))
}

/** Each case once, whole. */
export const caseReads = (known: Known, device: SigningPair, cases: readonly string[]): Buffer[] =>
  cases.map(id => signed(known, 'agency', device, { method: 'GET', path: `/v1/cases/${id}` }))
