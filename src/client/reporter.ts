// What a reporter does: seal and send, withdraw. All that is kept is the receipt code.
import { type ReportContent, reportContent } from '../contract/content.ts'
import { deleteReport, MAX_RECIPIENTS, putReport } from '../contract/report.ts'
import type { BodyOf, ReplyOf } from '../contract/route.ts'
import { currentEpoch } from '../protocol/agency-documents.ts'
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { recommendAgencies } from '../protocol/directory.ts'
import { ascii, compareBytes, toBase64url } from '../protocol/encoding.ts'
import type { MessageFiles } from '../protocol/file-list.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { generateReceiptCode, type ReceiptCode } from '../protocol/receipt-code.ts'
import { recipientsTag, sealReport } from '../protocol/report.ts'
import { deriveReporterKeys, type ReporterKeys } from '../protocol/reporter-keys.ts'
import { type Recipient, wrapsDigest } from '../protocol/wrapped-key.ts'
import { InvalidInput } from './failure.ts'
import { type CallStep, call, type Service } from './http.ts'
import { checkReceipt, leafOf } from './proof.ts'
import { fillBody } from './sealed-body.ts'
import { createSigner, type Signer } from './signer.ts'
import { agenciesToday, type Trust } from './trust.ts'
import { type UploadedFiles, uploadOf } from './upload.ts'

/** Whoever holds a receipt code, at one service. Nothing here is worth keeping. */
export interface Reporter {
  readonly service: Service
  readonly trust: Trust
  readonly keys: ReporterKeys
  /** Owns the report. */
  readonly status: Signer
  /** Reads the mailbox. */
  readonly mailbox: Signer
}

export function reporterOf(service: Service, trust: Trust, code: ReceiptCode): Reporter {
  const keys = deriveReporterKeys(trust.deploymentId, code)
  const signerOf = (pair: ReporterKeys['status']) => createSigner(pair, 'reporter', trust.deploymentId)
  return { service, trust, keys, status: signerOf(keys.status), mailbox: signerOf(keys.mailbox) }
}

export interface ReportInput {
  readonly content: ReportContent
  /** Agency ids; without them, those that the directory's route table recommends. */
  readonly agencies?: readonly string[]
  /** Wake somebody now: the one thing beside the agencies that the server learns. */
  readonly urgent?: boolean
  /** Uploaded before, or only listed. */
  readonly files?: MessageFiles | UploadedFiles | null
}

export interface PreparedReport {
  readonly code: ReceiptCode
  /** Ids, in order. */
  readonly agencies: readonly string[]
  readonly digest: Uint8Array
  readonly leaf: Uint8Array
  readonly submission: BodyOf<typeof putReport>
}

/** Seals for the agencies' epoch keys of today. Throws `InvalidInput`, `ProtocolError` `too-long`. */
export async function prepareReport(
  trust: Trust,
  input: ReportInput,
  random: RandomBytes = randomBytes,
): Promise<PreparedReport> {
  const content = reportContent.safeParse(input.content)
  if (!content.success) {
    const field = content.error.issues[0]?.path.join('.')
    // One that is empty was asked for again before.
    throw new InvalidInput(`the report’s ${field}`, field === 'what' ? 'report-too-long' : null)
  }
  const recipients = recipientsOf(trust, chosenBy(trust, input.agencies, content.data))
  const code = generateReceiptCode(random)
  const keys = deriveReporterKeys(trust.deploymentId, code)
  const sealed = await sealReport({
    deploymentId: trust.deploymentId,
    keys,
    recipients,
    content: JSON.stringify(content.data),
    files: input.files ?? null,
    random,
  })
  const leaf = await leafOf(keys, sealed.digest, wrapsDigest(sealed.wrappedKeys))
  const agencyIds = recipients.map(to => to.agencyId)
  const more = {
    upload: uploadOf(input.files),
    logBlind: toBase64url(keys.logBlind),
    recipientsTag: toBase64url(recipientsTag(keys.recipientsKey, sealed.digest, agencyIds)),
    urgent: input.urgent ?? false,
  }
  const submission = fillBody(sealed, more, random)
  return { code, agencies: agencyIds, digest: sealed.digest, leaf, submission }
}

/** Throws `InvalidInput` where the report is for an agency that it excludes. */
function chosenBy(trust: Trust, named: readonly string[] | undefined, content: ReportContent) {
  const { notFor = [] } = content
  if (!named) {
    const recommended = recommendAgencies(trust.directory, recommendBy(content), trust.today)
    return recommended.filter(id => !notFor.includes(id))
  }
  const both = named.filter(id => notFor.includes(id))
  if (both.length > 0) throw new InvalidInput(`the report is for ${both.join(', ')} and excludes it`)
  return named
}

const recommendBy = ({ kind, field }: ReportContent) => ({
  ...(kind === undefined ? {} : { kind }),
  ...(field === undefined ? {} : { field }),
})

// In the order of their ids: the order of a choice is nobody's business.
export function recipientsOf(
  trust: Trust,
  chosen: readonly string[],
  maximum: number = MAX_RECIPIENTS,
): Recipient[] {
  const ids = [...new Set(chosen)].sort((a, b) => compareBytes(ascii(a), ascii(b)))
  if (ids.length === 0 || ids.length > maximum) {
    const reason = `a message goes to one to ${maximum} agencies, not ${ids.length}`
    throw new InvalidInput(reason, 'agency-count', `${maximum}`)
  }
  const valid = agenciesToday(trust)
  return ids.map(agencyId => {
    const statement = trust.statements.get(agencyId)
    const epoch = statement && currentEpoch(statement, trust.today)
    if (!epoch || !valid.some(agency => agency.id === agencyId)) {
      throw new InvalidInput(`no agency ${agencyId} can be written to today`, 'agency-not-today', agencyId)
    }
    return { agencyId, keyId: epoch.keyId, sealingKey: epoch.sealingKey }
  })
}

export interface Submitted {
  readonly receipt: Receipt
  /** The signed note itself. */
  readonly note: string
}

/**
 * Sends the same bytes until there is an answer; sending them again later gets the same receipt. Throws
 * `VerificationFailed` where the receipt is not one for this report.
 */
export async function submitReport(
  service: Service,
  trust: Trust,
  prepared: PreparedReport,
  signal?: AbortSignal,
  onStep?: (step: CallStep) => void,
): Promise<Submitted> {
  const { status } = reporterOf(service, trust, prepared.code)
  const body = prepared.submission
  const { reply } = await call(service, putReport, { signer: status, body, signal, onStep })
  return { receipt: checkReceipt(trust, reply.receipt, prepared.leaf), note: reply.receipt }
}

export type WithdrawalOutcome = ReplyOf<typeof deleteReport>['outcome']

/** Takes the report back from agencies that did not open it; the others see a signed wish. */
export async function withdrawReport(reporter: Reporter, signal?: AbortSignal): Promise<WithdrawalOutcome> {
  const { reply } = await call(reporter.service, deleteReport, { signer: reporter.status, signal })
  return reply.outcome
}
