// What an agency answers: one size, sealed to the mailbox, signed inside by the device.
import { isAgencyId } from './agency-id.ts'
import {
  bytesToText,
  H,
  keyId,
  pad,
  type RandomBytes,
  type SealingPair,
  type SigningPair,
  sealingKey,
  sign,
  textToBytes,
  unpad,
  verifySignature,
} from './crypto.ts'
import { isDay } from './day.ts'
import {
  ascii,
  concat,
  decExactly,
  enc,
  equalBytes,
  expectLength,
  fromAscii,
  readU32,
  u32,
} from './encoding.ts'
import { ProtocolError } from './error.ts'
import { encodeFileList, type FileList, parseFileList } from './file-list.ts'
import { hpkeOpen, hpkeSeal, SEAL_OVERHEAD } from './hpke.ts'
import type { ReplyKeys } from './report.ts'
import { mailboxIdOf } from './reporter-keys.ts'

/** Padded plaintext, bytes; longer texts are several replies. */
export const REPLY_SIZE = 16 * 1024
/** A sealed reply, bytes: 17,520. */
export const SEALED_REPLY_LENGTH = REPLY_SIZE + SEAL_OVERHEAD
export const MESSAGE_ID_LENGTH = 16
/** One slot of a mailbox answer: message id ‖ sealed reply; 17,536 bytes. */
export const SLOT_LENGTH = MESSAGE_ID_LENGTH + SEALED_REPLY_LENGTH
export const SLOTS = 4
/** A mailbox request: cursor ‖ four ids to delete, or chance; 80 bytes. */
export const MAILBOX_REQUEST_LENGTH = MESSAGE_ID_LENGTH * (1 + SLOTS)

export interface ReplyContent {
  /** 32 bytes. */
  readonly mailboxId: Uint8Array
  readonly digest: Uint8Array
  readonly agencyId: string
  /** 1, 2, … for each device of an agency. */
  readonly number: number
  /** YYYY-MM-DD, in Seoul. */
  readonly day: string
  /** Digests of the follow-ups that the agency had opened when it wrote. */
  readonly followUps: readonly Uint8Array[]
  readonly text: string
  /** Their blob is read with the key that follows from the blob key, `deriveReaderPair`. */
  readonly files: FileList | null
}

export interface OpenedReply extends ReplyContent {
  /** The device's certificate, a signed note, still to be verified. */
  readonly certificate: string
  /** Whether that device signed: call with its key once the certificate is verified. */
  readonly isSignedBy: (deviceKey: Uint8Array) => boolean
}

/** 16 bytes: the hash of a ciphertext, so a retry is the same message. */
export function messageIdOf(sealed: Uint8Array): Uint8Array {
  return H('message', sealed).slice(0, MESSAGE_ID_LENGTH)
}

const info = (mailboxId: Uint8Array, sealingPublicKey: Uint8Array, agencyId: string) =>
  enc('reply', mailboxId, keyId(sealingPublicKey), ascii(agencyId))

/** Throws `too-long` where text and certificate do not fit `REPLY_SIZE`; `bad-encoding`, `bad-length`, `bad-key`. */
export async function sealReply(
  content: Omit<ReplyContent, 'mailboxId'>,
  to: ReplyKeys,
  device: { pair: SigningPair; certificate: string },
  random: RandomBytes,
): Promise<Uint8Array> {
  for (const digest of content.followUps) expectLength(digest, 32)
  const mailboxId = mailboxIdOf(to.mailboxKey)
  const certificate = textToBytes(device.certificate)
  const signed = enc(
    'reply-content',
    mailboxId,
    content.digest,
    ascii(content.agencyId),
    u32(content.number),
    ascii(content.day),
    concat(...content.followUps),
    H('document', certificate),
    textToBytes(content.text),
    encodeFileList(content.files),
  )
  parseReplyContent(signed, certificate)
  const plaintext = enc('signed-reply', signed, sign(device.pair, signed), certificate)
  return hpkeSeal(
    sealingKey(to.sealingKey),
    info(mailboxId, to.sealingKey, content.agencyId),
    pad(plaintext, REPLY_SIZE),
    random,
  )
}

/**
 * Opens a slot as a reply of this agency to this mailbox. Throws `open-failed` for everything else: random
 * fill, another agency's reply, damage.
 */
export async function openReply(
  sealed: Uint8Array,
  agencyId: string,
  mailbox: { mailboxKey: Uint8Array; sealing: SealingPair },
): Promise<OpenedReply> {
  if (sealed.length !== SEALED_REPLY_LENGTH) throw new ProtocolError('open-failed')
  const mailboxId = mailboxIdOf(mailbox.mailboxKey)
  const plaintext = unpad(
    await hpkeOpen(mailbox.sealing, info(mailboxId, mailbox.sealing.publicKey, agencyId), sealed),
  )
  try {
    const [signed, signature, certificate] = decExactly('signed-reply', 3, plaintext)
    if (!signed || !signature || !certificate) throw new ProtocolError('open-failed')
    const content = parseReplyContent(signed, certificate)
    // Anybody can seal to a mailbox: only inside does the device say for whom it wrote.
    const meant = content.agencyId === agencyId && equalBytes(content.mailboxId, mailboxId)
    if (!meant) throw new ProtocolError('open-failed')
    return {
      ...content,
      certificate: bytesToText(certificate),
      isSignedBy: deviceKey => verifySignature(deviceKey, signed, signature),
    }
  } catch {
    throw new ProtocolError('open-failed')
  }
}

/** Throws `bad-encoding`. */
function parseReplyContent(signed: Uint8Array, certificate: Uint8Array): ReplyContent {
  const fields = decExactly('reply-content', 9, signed)
  const [mailboxId, digest, agencyId, number, day, followUps, certificateHash, text, files] = fields
  const isComplete = mailboxId && digest && agencyId && number && day && followUps && certificateHash && text
  if (!isComplete || !files) throw new ProtocolError('bad-encoding', 'reply')
  const said = { agencyId: fromAscii(agencyId), number: readU32(number), day: fromAscii(day) }
  const widths = [mailboxId, digest].every(field => field.length === 32) && followUps.length % 32 === 0
  const named = isAgencyId(said.agencyId) && isDay(said.day) && said.number > 0
  if (!widths || !named || !equalBytes(H('document', certificate), certificateHash)) {
    throw new ProtocolError('bad-encoding', 'reply')
  }
  return {
    ...said,
    mailboxId,
    digest,
    followUps: Array.from({ length: followUps.length / 32 }, (_, i) => followUps.slice(32 * i, 32 * i + 32)),
    text: bytesToText(text),
    files: parseFileList(files),
  }
}
