// What a reporter says: a report, or a follow-up to it, inside an envelope with wrapped keys beside it.
import {
  bytesToText,
  type ContentKey,
  contentKey,
  type DeploymentId,
  equalSecrets,
  H,
  M,
  type RandomBytes,
  textToBytes,
} from './crypto.ts'
import { ascii, compareBytes, decExactly, enc, u32 } from './encoding.ts'
import { type Envelope, NO_BLOB, openEnvelope, parseHeader, reportDigest, sealEnvelope } from './envelope.ts'
import { ProtocolError } from './error.ts'
import { encodeFileList, type FileList, type MessageFiles, parseFileList } from './file-list.ts'
import {
  type AcknowledgementKey,
  type LogBlind,
  type RecipientsKey,
  type ReporterKeys,
  reportIdOf,
  type ThreadKey,
} from './reporter-keys.ts'
import { type FollowUpRecipient, type Recipient, type WrappedKey, wrapContentKey } from './wrapped-key.ts'

export interface SealedMessage {
  readonly envelope: Envelope
  readonly digest: Uint8Array
  readonly contentKey: ContentKey
  readonly wrappedKeys: readonly WrappedKey[]
}

/** The keys by which an agency answers; they travel inside the report. */
export interface ReplyKeys {
  readonly mailboxKey: Uint8Array
  readonly sealingKey: Uint8Array
  readonly acknowledgementKey: AcknowledgementKey
  readonly threadKey: ThreadKey
  readonly logBlind: LogBlind
}

export interface OpenedReport {
  readonly replyKeys: ReplyKeys
  /** The answers, JSON as the form wrote it. */
  readonly content: string
  readonly files: FileList | null
}

export interface OpenedFollowUp {
  readonly threadTag: Uint8Array
  readonly content: string
  readonly files: FileList | null
}

/**
 * 32 bytes; the server keeps it and shows it with the report's state. Nobody without the code can make one, so a
 * server cannot add an agency to those that a follow-up is sealed for.
 */
export function recipientsTag(
  key: RecipientsKey,
  digest: Uint8Array,
  agencyIds: readonly string[],
): Uint8Array {
  const sorted = agencyIds.map(ascii).sort(compareBytes)
  return M(key, 'recipients', digest, ...sorted)
}

interface SealInput {
  readonly deploymentId: DeploymentId
  readonly keys: ReporterKeys
  readonly recipients: readonly Recipient[]
  /** The answers as JSON. */
  readonly content: string
  /** Their blob was uploaded before: the header names its root. */
  readonly files?: MessageFiles | null
  readonly random: RandomBytes
}

export async function sealReport(input: SealInput): Promise<SealedMessage> {
  const { keys } = input
  const plaintext = enc(
    'report-body',
    keys.mailbox.publicKey,
    keys.sealing.publicKey,
    keys.acknowledgementKey,
    keys.threadKey,
    keys.logBlind,
    textToBytes(input.content),
    encodeFileList(input.files?.list ?? null),
  )
  return sealMessage(input, 0, plaintext)
}

/** `threadIndex` ≥ 1, else `bad-encoding`. The tag says, deniably, that the holder of the code wrote this. */
export async function sealFollowUp(
  input: Omit<SealInput, 'recipients'> & { readonly recipients: readonly FollowUpRecipient[] },
  threadIndex: number,
): Promise<SealedMessage> {
  if (threadIndex === 0) throw new ProtocolError('bad-encoding', 'thread index')
  if (!input.recipients.every(({ head }) => head.length === 32))
    throw new ProtocolError('bad-encoding', 'head')
  const text = textToBytes(input.content)
  const files = encodeFileList(input.files?.list ?? null)
  const tag = threadTag(input.keys.threadKey, threadIndex, text, files)
  return sealMessage(input, threadIndex, enc('follow-up-body', tag, text, files))
}

async function sealMessage(
  input: SealInput,
  threadIndex: number,
  plaintext: Uint8Array,
): Promise<SealedMessage> {
  const key = contentKey(input.random(32))
  const reportId = reportIdOf(input.keys.status.publicKey)
  const { root: blobRoot = NO_BLOB, partCount = 0 } = input.files ?? {}
  const about = { deploymentId: input.deploymentId, reportId, threadIndex, blobRoot, partCount }
  const envelope = sealEnvelope(key, about, plaintext, input.random)
  const digest = reportDigest(envelope)
  const wrappedKeys: WrappedKey[] = []
  for (const to of input.recipients) wrappedKeys.push(await wrapContentKey(key, digest, to, input.random))
  return { envelope, digest, contentKey: key, wrappedKeys }
}

/** Throws `open-failed`, also where what was opened is not a report's body. */
export function openReport(envelope: Envelope, key: ContentKey): OpenedReport {
  const plaintext = openEnvelope(envelope, key)
  return oneFailure(() => {
    if (parseHeader(envelope.header).threadIndex !== 0) throw new ProtocolError('open-failed')
    const fields = decExactly('report-body', 7, plaintext)
    const [mailboxKey, sealingKey, ack, thread, blind, text, files] = fields
    if (!mailboxKey || !sealingKey || !ack || !thread || !blind || !text || !files)
      throw new ProtocolError('open-failed')
    const lengths =
      [mailboxKey, ack, thread, blind].every(field => field.length === 32) && sealingKey.length === 1216
    if (!lengths) throw new ProtocolError('open-failed')
    const replyKeys = {
      mailboxKey,
      sealingKey,
      acknowledgementKey: ack as AcknowledgementKey,
      threadKey: thread as ThreadKey,
      logBlind: blind as LogBlind,
    }
    return { replyKeys, content: bytesToText(text), files: parseFileList(files) }
  })
}

/** Throws `open-failed`, also where the thread tag is not this report's. */
export function openFollowUp(envelope: Envelope, key: ContentKey, threadKey: ThreadKey): OpenedFollowUp {
  const plaintext = openEnvelope(envelope, key)
  return oneFailure(() => {
    const [tag, text, files] = decExactly('follow-up-body', 3, plaintext)
    if (!tag || !text || !files) throw new ProtocolError('open-failed')
    const { threadIndex } = parseHeader(envelope.header)
    const own = equalSecrets(tag, threadTag(threadKey, threadIndex, text, files))
    if (!own || threadIndex === 0) throw new ProtocolError('open-failed')
    return { threadTag: tag, content: bytesToText(text), files: parseFileList(files) }
  })
}

function oneFailure<T>(open: () => T): T {
  try {
    return open()
  } catch {
    throw new ProtocolError('open-failed')
  }
}

function threadTag(key: ThreadKey, index: number, text: Uint8Array, files: Uint8Array): Uint8Array {
  return M(key, 'thread', u32(index), H('follow-up-text', text, files))
}
