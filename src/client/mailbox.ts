// Replies: four slots at a time, of one size, whether there is anything or not.
import { readMailbox } from '../contract/mailbox.ts'
import { verifyCertificate } from '../protocol/agency-documents.ts'
import { deriveSigningPair, type RandomBytes, randomBytes, signingSeed } from '../protocol/crypto.ts'
import { type Agency, findAgency, isValidOn, type Names } from '../protocol/directory.ts'
import { concat, equalBytes, toHex } from '../protocol/encoding.ts'
import type { FileList } from '../protocol/file-list.ts'
import {
  MESSAGE_ID_LENGTH,
  messageIdOf,
  type OpenedReply,
  openReply,
  SLOT_LENGTH,
  SLOTS,
} from '../protocol/reply.ts'
import { InvalidInput } from './failure.ts'
import { call, type Service } from './http.ts'
import type { Reporter } from './reporter.ts'
import { createSigner, type Signer } from './signer.ts'
import type { ReportStatus } from './status.ts'
import type { Trust } from './trust.ts'

const MAX_PAGES = 64
const START = new Uint8Array(MESSAGE_ID_LENGTH)

export interface MailboxReply {
  /** 16 bytes; what to delete it by. */
  readonly id: Uint8Array
  readonly agencyId: string
  readonly names: Names
  /** `forged`: sealed to this mailbox, and not signed by a device of the agency for this report. */
  readonly verdict: 'genuine' | 'forged'
  readonly text: string
  readonly number: number
  readonly day: string
  /** Hexadecimal. */
  readonly deviceId: string
  /** Indexes of the follow-ups that the agency had opened when it wrote. */
  readonly followUps: readonly number[]
  /** Read them with `replyFiles`; null where there are none. */
  readonly files: FileList | null
}

/** Numbers that a device must have used and that are not in the mailbox: deleted by you, or lost. */
export interface MissingReplies {
  readonly agencyId: string
  readonly deviceId: string
  /** First and last number of each gap. */
  readonly gaps: readonly (readonly [number, number])[]
}

export interface MailboxView {
  readonly replies: readonly MailboxReply[]
  readonly missing: readonly MissingReplies[]
  /** Ids of messages that open for no agency which holds the case: junk, or from somebody else. */
  readonly unreadable: readonly Uint8Array[]
}

interface MailboxOptions {
  readonly random?: RandomBytes
  readonly signal?: AbortSignal
}

/** `status` is what `readStatus` verified: replies count from agencies that hold the case by it. */
export async function readReplies(
  reporter: Reporter,
  status: ReportStatus,
  { random = randomBytes, signal }: MailboxOptions = {},
): Promise<MailboxView> {
  const found = new Map<string, MailboxReply>()
  const unreadable = new Map<string, Uint8Array>()
  let cursor: Uint8Array = START
  for (let page = 0; page < MAX_PAGES; page++) {
    const slots = await readSlots(reporter.service, reporter.mailbox, { cursor, remove: [], random, signal })
    const messages = slots.filter(isMessage)
    for (const slot of messages) {
      const id = slot.slice(0, MESSAGE_ID_LENGTH)
      const reply = await openSlot(reporter, status, slot)
      if (reply) found.set(toHex(id), reply)
      else unreadable.set(toHex(id), id)
      cursor = id
    }
    if (messages.length < SLOTS) break
  }
  const replies = [...found.values()].sort(byDay)
  return { replies, missing: findMissing(replies), unreadable: [...unreadable.values()] }
}

// Only who holds the mailbox key sees a slot: to everybody else, chance looks the same.
const isMessage = (slot: Uint8Array) =>
  equalBytes(messageIdOf(slot.subarray(MESSAGE_ID_LENGTH)), slot.subarray(0, MESSAGE_ID_LENGTH))

const byDay = (a: MailboxReply, b: MailboxReply) =>
  a.day.localeCompare(b.day) || a.agencyId.localeCompare(b.agencyId) || a.number - b.number

/** Deletes replies for good, four at a time. An id that is not there changes nothing. */
export async function deleteReplies(
  reporter: Reporter,
  ids: readonly Uint8Array[],
  { random = randomBytes, signal }: MailboxOptions = {},
): Promise<void> {
  if (ids.some(id => id.length !== MESSAGE_ID_LENGTH)) throw new InvalidInput('not the id of a reply')
  for (let start = 0; start < ids.length; start += SLOTS) {
    const remove = ids.slice(start, start + SLOTS)
    await readSlots(reporter.service, reporter.mailbox, { cursor: START, remove, random, signal })
  }
}

/** The same request with a key that is thrown away: on the wire it is like anybody's, for company. */
export async function readNothing(
  service: Service,
  trust: Trust,
  { random = randomBytes, signal }: MailboxOptions = {},
): Promise<void> {
  const pair = deriveSigningPair(signingSeed(random(32)))
  const signer = createSigner(pair, 'reporter', trust.deploymentId)
  await readSlots(service, signer, { cursor: START, remove: [], random, signal })
}

interface SlotRequest {
  readonly cursor: Uint8Array
  readonly remove: readonly Uint8Array[]
  readonly random: RandomBytes
  readonly signal: AbortSignal | undefined
}

async function readSlots(service: Service, signer: Signer, request: SlotRequest): Promise<Uint8Array[]> {
  const chance = request.random(MESSAGE_ID_LENGTH * (SLOTS - request.remove.length))
  const body = concat(request.cursor, ...request.remove, chance)
  const { reply } = await call(service, readMailbox, { signer, body, signal: request.signal })
  return Array.from({ length: SLOTS }, (_, i) => reply.slice(i * SLOT_LENGTH, (i + 1) * SLOT_LENGTH))
}

async function openSlot(
  reporter: Reporter,
  status: ReportStatus,
  slot: Uint8Array,
): Promise<MailboxReply | null> {
  const { keys, trust } = reporter
  const mailbox = { mailboxKey: keys.mailbox.publicKey, sealing: keys.sealing }
  for (const { id, chain } of status.agencies) {
    const agency = chain === 'sound' ? findAgency(trust.directory, id) : null
    if (!agency) continue
    // Junk, or another agency's: there is one failure for everything.
    const opened = await openReply(slot.subarray(MESSAGE_ID_LENGTH), id, mailbox).catch(() => null)
    if (opened) return checkReply(reporter, status, agency, slot, opened)
  }
  return null
}

function checkReply(
  { trust }: Reporter,
  status: ReportStatus,
  agency: Agency,
  slot: Uint8Array,
  opened: OpenedReply,
): MailboxReply {
  const deviceId = equalBytes(opened.digest, status.digest) ? signerOf(trust, agency, opened) : null
  const received = status.followUps.filter(({ digest }) =>
    opened.followUps.some(known => equalBytes(known, digest)),
  )
  return {
    id: slot.slice(0, MESSAGE_ID_LENGTH),
    agencyId: agency.id,
    names: agency.names,
    verdict: deviceId === null ? 'forged' : 'genuine',
    text: opened.text,
    number: opened.number,
    day: opened.day,
    deviceId: deviceId ?? '',
    followUps: received.map(({ index }) => index),
    files: opened.files,
  }
}

function signerOf(trust: Trust, agency: Agency, opened: OpenedReply): string | null {
  try {
    const device = verifyCertificate(opened.certificate, agency, trust.deploymentId)
    const able = isValidOn(device, opened.day) && device.scopes.includes('cases')
    return able && opened.isSignedBy(device.signingKey) ? toHex(device.deviceId) : null
  } catch {
    return null
  }
}

function findMissing(replies: readonly MailboxReply[]): MissingReplies[] {
  const genuine = replies.filter(({ verdict }) => verdict === 'genuine')
  const devices = new Map(genuine.map(({ agencyId, deviceId }) => [deviceId, agencyId]))
  return [...devices].flatMap(([deviceId, agencyId]) => {
    const own = genuine.filter(reply => reply.deviceId === deviceId).map(({ number }) => number)
    const gaps = gapsIn([...new Set(own)].sort((a, b) => a - b))
    return gaps.length > 0 ? [{ agencyId, deviceId, gaps }] : []
  })
}

function gapsIn(numbers: readonly number[]): [number, number][] {
  return numbers.flatMap((number, i): [number, number][] => {
    const before = numbers[i - 1] ?? 0
    return number > before + 1 ? [[before + 1, number - 1]] : []
  })
}
