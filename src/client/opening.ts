// Opening a case: whose key opens it, and whether everything in it belongs together.
import { type CaseFile, getCase } from '../contract/casework.ts'
import {
  type FollowUpContent,
  followUpContent,
  type ReportContent,
  reportContent,
} from '../contract/content.ts'
import { type ContentKey, deriveSealingPair, keyId, type SealingPair } from '../protocol/crypto.ts'
import { equalBytes, fromBase64url } from '../protocol/encoding.ts'
import { type Envelope, parseHeader, reportDigest } from '../protocol/envelope.ts'
import { ProtocolError } from '../protocol/error.ts'
import type { FileList } from '../protocol/file-list.ts'
import { type OpenedReport, openFollowUp, openReport } from '../protocol/report.ts'
import type { AcknowledgementKey, ThreadKey } from '../protocol/reporter-keys.ts'
import { unwrapAsDevice, unwrapContentKey } from '../protocol/wrapped-key.ts'
import { type CheckedChain, checkChain } from './chain.ts'
import type { Device } from './device.ts'
import { VerificationFailed } from './failure.ts'
import { call } from './http.ts'
import { hasValidWraps } from './team-wraps.ts'
import { type Withdrawal, withdrawalOf } from './withdrawal.ts'

const MAX_PAGES = 1000

/** A case whose ciphertexts belong together and to this agency's chain. */
export interface ReadCase {
  readonly id: string
  readonly file: CaseFile
  readonly digest: Uint8Array
  /** 16 bytes, out of the header. */
  readonly reportId: Uint8Array
  readonly messages: readonly ReadMessage[]
  readonly head: Uint8Array
}

export interface ReadMessage {
  readonly index: number
  readonly day: string
  readonly envelope: Envelope
  readonly digest: Uint8Array
  readonly wrappedKey: CaseFile['messages'][number]['wrappedKey']
  /** Of a follow-up: the head that its writer saw; it holds where this device opened the key that is bound to it. */
  readonly seenHead: string | null
}

export interface OpenedMessage {
  readonly index: number
  readonly day: string
  readonly digest: Uint8Array
  /** Null where it would not open, or where this device has no key for it. */
  readonly contentKey: ContentKey | null
  readonly text: string | null
  /** Of an objection: the head behind the event that it is about, base64url; see `objectionsIn`. */
  readonly objectsTo: string | null
  readonly files: FileList | null
}

/** What is known of a case before it is opened, too. */
export interface CheckedCase {
  readonly file: CaseFile
  readonly chain: CheckedChain
}

export interface OpenedCase extends ReadCase {
  readonly contentKey: ContentKey
  readonly report: OpenedReport
  /** Null where the form wrote something that this version does not know: see `report.content`. */
  readonly answers: ReportContent | null
  readonly followUps: readonly OpenedMessage[]
  readonly chain: CheckedChain
  readonly withdrawal: Withdrawal
}

/** Why a case did not open: no key for this device (now), or a key that opens nothing. */
export class NotOpened extends Error {
  readonly reason: 'no-key' | 'unopenable'
  /** Of the case, where the service had nothing of it. */
  readonly state: CaseFile['state'] | null

  constructor(reason: 'no-key' | 'unopenable', state: CaseFile['state'] | null = null) {
    super(reason)
    this.name = 'NotOpened'
    this.reason = reason
    this.state = state
  }
}

/** All pages of a case, checked. Throws `VerificationFailed`; `NotOpened` where nothing is left of it. */
export async function readCase(device: Device, id: string, signal?: AbortSignal): Promise<ReadCase> {
  const file = await readPages(device, id, signal)
  const messages = file.messages.map(message => readMessage(message))
  const [first] = messages
  if (!first) throw new NotOpened('no-key', file.state)
  const { reportId } = parseHeader(first.envelope.header)
  const whole = messages.every(({ envelope, index }, position) => {
    const header = parseHeader(envelope.header)
    return (
      index === position &&
      header.threadIndex === index &&
      equalBytes(header.reportId, reportId) &&
      equalBytes(header.deploymentId, device.trust.deploymentId)
    )
  })
  if (!whole) throw new VerificationFailed('case')
  return { id, file, digest: first.digest, reportId, messages, head: fromBase64url(file.head) }
}

async function readPages(device: Device, id: string, signal?: AbortSignal): Promise<CaseFile> {
  const { service, signer } = device
  const messages: CaseFile['messages'] = []
  let from = 0
  for (let page = 0; page < MAX_PAGES; page++) {
    const input = { params: { case: id }, query: { from }, signer, signal }
    const { reply } = await call(service, getCase, input)
    messages.push(...reply.messages)
    if (reply.nextMessage === null) return { ...reply, messages }
    if (reply.nextMessage <= from) break
    from = reply.nextMessage
  }
  throw new VerificationFailed('case')
}

function readMessage({ header, commitment, body, ...message }: CaseFile['messages'][number]): ReadMessage {
  const envelope = {
    header: fromBase64url(header),
    commitment: fromBase64url(commitment),
    body: fromBase64url(body),
  }
  return { ...message, envelope, digest: reportDigest(envelope) }
}

/** Throws `NotOpened`, `VerificationFailed`. */
export async function openCase(device: Device, read: ReadCase): Promise<OpenedCase> {
  const [first] = read.messages
  const contentKey = first ? await keyOf(device, read, first) : null
  if (!first || !contentKey) throw new NotOpened('no-key')
  const report = openOr(() => openReport(first.envelope, contentKey))
  if (!report) throw new NotOpened('unopenable')
  const chain = chainOf(device, read, report.replyKeys.acknowledgementKey, contentKey)
  if (chain.chain === 'broken') throw new VerificationFailed('chain')
  const followUps: OpenedMessage[] = []
  for (const message of read.messages.slice(1)) {
    followUps.push(await openMessage(device, read, message, report.replyKeys.threadKey))
  }
  return {
    ...read,
    contentKey,
    report,
    answers: parsed(reportContent, report.content),
    followUps,
    chain,
    withdrawal: withdrawalOf(device.trust, read),
  }
}

/** This agency's chain; tags are checked where the report was opened. */
export function chainOf(
  device: Device,
  read: ReadCase,
  key: AcknowledgementKey | null,
  contentKey: ContentKey | null = null,
): CheckedChain {
  const { agency, trust } = device
  const { digest, file } = read
  const subject = { agency, deploymentId: trust.deploymentId, digest, acknowledgementKey: key, contentKey }
  const checked = checkChain(subject, file.events, file.head)
  return file.events.every(hasValidWraps) ? checked : { ...checked, chain: 'broken' }
}

async function openMessage(
  device: Device,
  read: ReadCase,
  { index, day, digest, envelope, wrappedKey, seenHead }: ReadMessage,
  threadKey: ThreadKey,
): Promise<OpenedMessage> {
  const contentKey = await keyOf(device, read, { index, digest, wrappedKey, seenHead }).catch(() => null)
  const opened = contentKey && openOr(() => openFollowUp(envelope, contentKey, threadKey))
  const content: FollowUpContent | null = opened && parsed(followUpContent, opened.content)
  const text = content?.text ?? opened?.content ?? null
  const files = opened?.files ?? null
  const objectsTo = content?.objectsTo ?? null
  return { index, day, digest, contentKey: opened ? contentKey : null, text, objectsTo, files }
}

/**
 * The content key, by the epoch seed that it was sealed to, or as it was wrapped for this device. Throws `NotOpened`
 * where the first opens nothing and there is no second.
 */
async function keyOf(
  device: Device,
  read: ReadCase,
  message: Pick<ReadMessage, 'index' | 'digest' | 'wrappedKey' | 'seenHead'>,
): Promise<ContentKey | null> {
  const { wrappedKey } = message
  const epoch = wrappedKey && epochOf(device, fromBase64url(wrappedKey.keyId))
  const byEpoch = epoch && (await keyByEpoch(device, epoch, message))
  if (byEpoch) return byEpoch
  const handedOn = await keyByDevice(device, read, message)
  if (!handedOn && epoch) throw new NotOpened('unopenable')
  return handedOn
}

async function keyByEpoch(
  { agency }: Device,
  epoch: SealingPair,
  { digest, wrappedKey, seenHead }: Pick<ReadMessage, 'digest' | 'wrappedKey' | 'seenHead'>,
): Promise<ContentKey | null> {
  if (!wrappedKey) return null
  const { keyId, key } = wrappedKey
  const wrapped = { agencyId: agency.id, keyId: fromBase64url(keyId), wrapped: fromBase64url(key) }
  const head = seenHead === null ? null : fromBase64url(seenHead)
  return unwrapContentKey(wrapped, digest, epoch, head).catch(() => null)
}

/** Whoever handed one on may have handed on what does not open: each is tried. */
async function keyByDevice(
  { agency, certified, sealing }: Device,
  { file }: ReadCase,
  { index, digest }: Pick<ReadMessage, 'index' | 'digest'>,
): Promise<ContentKey | null> {
  const { deviceId } = certified
  const as = { deviceId, agencyId: agency.id, pair: sealing }
  for (const entry of file.events.flatMap(event => event.deviceKeys)) {
    if (entry.index !== index || !equalBytes(fromBase64url(entry.device), deviceId)) continue
    const opened = await unwrapAsDevice(fromBase64url(entry.key), digest, as).catch(() => null)
    if (opened) return opened
  }
  return null
}

function epochOf(device: Device, id: Uint8Array) {
  const pairs = device.key.epochs.map(({ seed }) => deriveSealingPair(seed))
  return pairs.find(pair => equalBytes(keyId(pair.publicKey), id)) ?? null
}

function openOr<T>(open: () => T): T | null {
  try {
    return open()
  } catch (error) {
    if (error instanceof ProtocolError) return null
    throw error
  }
}

function parsed<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T } },
  json: string,
): T | null {
  try {
    return schema.safeParse(JSON.parse(json)).data ?? null
  } catch {
    return null
  }
}
