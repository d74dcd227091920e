// What an agency's device does: watch its cases, answer for what it opened, reply.
import { type CaseSummary, listCases, MAX_TEAM, MAX_WAIT } from '../contract/casework.ts'
import { postReply } from '../contract/mailbox.ts'
import type { ReplyOf } from '../contract/route.ts'
import { randomBytes, textToBytes } from '../protocol/crypto.ts'
import { dayOf } from '../protocol/day.ts'
import { toBase64url, toHex } from '../protocol/encoding.ts'
import { encodeFileList, type FileList } from '../protocol/file-list.ts'
import { REPLY_SIZE, sealReply } from '../protocol/reply.ts'
import { mailboxIdOf } from '../protocol/reporter-keys.ts'
import { type Device, readTeam } from './device.ts'
import { InvalidInput, RequestProblem, Unreachable } from './failure.ts'
import { call, sleep } from './http.ts'
import { caseStateOf, mayAcknowledge } from './lifecycle.ts'
import { type OpenedCase, openCase, readCase } from './opening.ts'
import { type EventOptions, recordEvent } from './recording.ts'
import { missingKeys, wrapForTeam } from './team-wraps.ts'

const MAX_MOVES = 4
/** Milliseconds between attempts of a watch that lost its service. */
const WATCH_PAUSE_MS = 5000
/** Milliseconds that an answer to a held poll may take beyond its wait. */
const POLL_MARGIN_MS = 15_000
/** Bytes of a reply around text, certificate and digests, generously. */
const REPLY_FRAME = 512
/** Digests of follow-ups that a reply lists: the latest. */
const MAX_LISTED = 64

export interface CaseList extends ReplyOf<typeof listCases> {
  readonly etag: string | null
}

export interface ListOptions {
  /** The cursor of the answer before. */
  readonly after?: number
  /** Seconds, at most `MAX_WAIT`, to wait for something new. */
  readonly wait?: number
  readonly etag?: string | null
  readonly signal?: AbortSignal
}

/** Cases that are new or changed; null where `etag` names what is still right. */
export async function readCases(device: Device, options: ListOptions = {}): Promise<CaseList | null> {
  const { after = 0, wait = 0, etag = null, signal } = options
  const { reply, etag: next } = await call(device.service, listCases, {
    query: { after, wait },
    signer: device.signer,
    etag,
    signal,
    timeout: device.service.timeout + wait * 1000 + POLL_MARGIN_MS,
  })
  return reply && { ...reply, etag: next }
}

/** Cases as they come and change, until `signal` is aborted. A service that is away is waited for. */
export async function* watchCases(
  device: Device,
  { after = 0, signal, onUnreachable }: { after?: number; signal: AbortSignal; onUnreachable?: () => void },
): AsyncGenerator<CaseSummary> {
  let cursor = after
  while (!signal.aborted) {
    try {
      const list = await readCases(device, { after: cursor, wait: MAX_WAIT, signal })
      yield* list?.cases ?? []
      cursor = list?.cursor ?? cursor
    } catch (error) {
      if (signal.aborted) return
      if (!(error instanceof Unreachable)) throw error
      onUnreachable?.()
      await sleep(WATCH_PAUSE_MS, signal).catch(() => undefined)
    }
  }
}

/**
 * Tells the reporter that this device opened the report, and hands the content keys that are still missing to the agency's
 * other devices, but to none that declared a conflict or was taken off the case. Answers false where nothing was left to
 * record, or where the case was only offered.
 */
export async function acknowledge(
  device: Device,
  opened: OpenedCase,
  options: EventOptions,
): Promise<boolean> {
  const { random = randomBytes, signal } = options
  if (!mayAcknowledge(device, opened)) return false
  const team = await readTeam(device, signal)
  let current = opened
  let recordings = 0
  for (let moves = 0; moves <= MAX_MOVES; ) {
    const barred = barredDevices(device, current)
    const able = team.filter(({ deviceId }) => !barred.includes(toHex(deviceId)))
    const missing = missingKeys(current.file.events, able, openedKeys(current))
    if (isAcknowledged(device, current) && missing.length === 0) return recordings > 0
    const wraps = await wrapForTeam(missing.slice(0, MAX_TEAM), random)
    const key = current.report.replyKeys.acknowledgementKey
    const recorded = await recordEvent(device, current, { kind: 'acknowledged', key, wraps }, options)
    if (recorded) recordings++
    else moves++
    if (recorded && missing.length <= MAX_TEAM) return true
    current = await openCase(device, await readCase(device, opened.id, signal))
  }
  throw new RequestProblem('chain-moved', 409)
}

/** A machine's acknowledgement does not say that a person opened the report: the first one does. */
const isAcknowledged = ({ certified }: Device, { chain }: OpenedCase) =>
  chain.events.some(
    ({ verdict, role }) => verdict === 'acknowledged' && (role !== 'machine' || certified.role === 'machine'),
  )

/** Devices of this agency (hexadecimal) that have no part in the case. */
export function barredDevices(device: Device, opened: OpenedCase): string[] {
  const { conflicts, recused } = caseStateOf(device, opened)
  return [...conflicts, ...recused].map(one => one.device)
}

function openedKeys({ digest, contentKey, followUps }: OpenedCase) {
  const later = followUps.flatMap(({ index, digest, contentKey }) =>
    contentKey ? [{ index, digest, contentKey }] : [],
  )
  return [{ index: 0, digest, contentKey }, ...later]
}

/**
 * A text in parts that each fit one reply, cut at a line or a space where there is one. Number them, write the
 * numbers down, then send: a number is never used twice. The list of files goes with the last part; room for it is
 * left in each.
 */
export function splitReply(
  device: Device,
  opened: OpenedCase,
  text: string,
  files: FileList | null = null,
): string[] {
  if (text === '') throw new InvalidInput('there is no text')
  const certificate = textToBytes(device.certified.certificate).length
  const room =
    REPLY_SIZE -
    REPLY_FRAME -
    certificate -
    32 * listedFollowUps(opened).length -
    encodeFileList(files).length
  if (room < REPLY_FRAME) throw new InvalidInput('the certificate leaves no room for a text')
  const parts: string[] = []
  for (let rest = text; rest !== ''; ) {
    const end = cutAt(rest, room)
    parts.push(rest.slice(0, end))
    rest = rest.slice(end)
  }
  return parts
}

/** Where to end a part of at most `room` bytes of UTF-8. */
function cutAt(text: string, room: number): number {
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += textToBytes(character).length
    if (bytes > room) break
    end += character.length
  }
  if (end === text.length) return end
  const part = text.slice(0, end)
  const space = [part.lastIndexOf('\n'), part.lastIndexOf(' ')].find(at => at > end / 2)
  return space === undefined ? end : space + 1
}

const listedFollowUps = ({ followUps }: OpenedCase) =>
  followUps
    .filter(({ contentKey }) => contentKey)
    .slice(-MAX_LISTED)
    .map(({ digest }) => digest)

export interface ReplyPart {
  readonly text: string
  readonly number: number
  /** Their upload was kept for the reader before. */
  readonly files?: FileList | null
}

/** One part, sealed: sent again, it is the same message. */
export interface SealedReply {
  readonly mailbox: string
  readonly sealed: Uint8Array
}

export async function sealedReply(
  device: Device,
  opened: OpenedCase,
  { text, number, files = null }: ReplyPart,
  { now, random = randomBytes }: EventOptions,
): Promise<SealedReply> {
  const { agency, certified, signer } = device
  const { digest, report } = opened
  const followUps = listedFollowUps(opened)
  const content = { digest, agencyId: agency.id, number, day: dayOf(now), followUps, text, files }
  const by = { pair: signer.pair, certificate: certified.certificate }
  const sealed = await sealReply(content, report.replyKeys, by, random)
  return { mailbox: toBase64url(mailboxIdOf(report.replyKeys.mailboxKey)), sealed }
}

/** The service answers alike whether or not there is such a mailbox. */
export async function sendSealed(
  { service, signer }: Device,
  { mailbox, sealed }: SealedReply,
  signal?: AbortSignal,
): Promise<void> {
  const body = { sealed: toBase64url(sealed) }
  await call(service, postReply, { params: { mailbox }, body, signer, signal })
}

/** Seals and sends one part. */
export async function sendReply(
  device: Device,
  opened: OpenedCase,
  part: ReplyPart,
  options: EventOptions,
): Promise<void> {
  await sendSealed(device, await sealedReply(device, opened, part, options), options.signal)
}
