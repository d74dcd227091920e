// What the holder of a receipt code can do: submit, follow up, withdraw, look.
import { createHash } from 'node:crypto'
import type { z } from 'zod'
import { Problem } from '../../contract/problems.ts'
import { type followUp, MAX_RECIPIENTS, type submission } from '../../contract/report.ts'
import type { DeploymentId } from '../../protocol/crypto.ts'
import { dayOf } from '../../protocol/day.ts'
import { equalBytes, fromBase64url } from '../../protocol/encoding.ts'
import { BODY_OVERHEAD, type Envelope, NO_BLOB, parseHeader, reportDigest } from '../../protocol/envelope.ts'
import { chainStart } from '../../protocol/event.ts'
import { leafPreimage } from '../../protocol/ledger.ts'
import { signReceipt } from '../../protocol/receipt.ts'
import { type LogBlind, reportIdOf } from '../../protocol/reporter-keys.ts'
import type { NoteSigner } from '../../protocol/signed-note.ts'
import { type WrappedKey, wrapsDigest } from '../../protocol/wrapped-key.ts'
import type { Database, Queries } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import type { CheckedUpload, Files } from '../files/service.ts'
import { bytesOf } from '../http/base64url.ts'
import { forgetAfter, spendNonce } from '../http/nonces.ts'
import type { Signer } from '../http/signed-request.ts'
import { requireWork } from '../http/work.ts'
import { someChance } from '../memory.ts'
import { createBatches } from './batch.ts'
import { toldChain } from './chain-state.ts'
import { insertReports, type NewReport } from './insertion.ts'
import {
  type AssignmentRow,
  assignmentsOf,
  destroyReport,
  findReport,
  followUpsOf,
  insertFollowUp,
  lockReport,
  recordWish,
  withdrawCase,
} from './store.ts'

/** Follow-ups a day that need no proof of work. */
const FREE_FOLLOW_UPS = 8

export * as records from './records.ts'
export { type AssignmentRow, lockReport } from './store.ts'

type Submission = z.output<typeof submission>
type FollowUp = z.output<typeof followUp>

export interface IntakeOptions {
  readonly database: Database
  readonly directory: DirectoryService
  readonly files: Files
  readonly deploymentId: DeploymentId
  readonly logSigner: NoteSigner
  readonly now: () => number
}

export type Intake = ReturnType<typeof createIntake>

export function createIntake(options: IntakeOptions) {
  const { database, files } = options
  const storeInBatch = createBatches(database)
  /** Report and files in one transaction: of both, or of neither. */
  const store = async (report: NewReport, upload: CheckedUpload | null) =>
    upload === null
      ? storeInBatch(report)
      : database.transaction(async queries => {
          const [outcome = { fresh: false, stored: false }] = await insertReports(queries, [report])
          if (outcome.stored) await files.claim(queries, upload, { reportId: report.reportId, index: 0 })
          return outcome
        })

  return {
    /** The signed receipt; the same for the same bytes. */
    async receive(signer: Signer, work: string | null, body: Submission): Promise<string> {
      requireWork(signer, work)
      const report = await readSubmission(options, signer, body)
      if (!(await areAccepted(options, report.wrappedKeys)))
        return receiptFromBefore(database, signer, report)
      const { fresh, stored } = await store(report, await checkFiles(files, body.upload, report))
      if (!fresh) throw new Problem('challenge-invalid')
      if (stored) return report.receipt
      return receiptOfEarlier(await findReport(database, report.reportId), report)
    },

    async followUp(signer: Signer, work: string | null, body: FollowUp): Promise<void> {
      const message = await readMessage(options, signer, body)
      const today = dayOf(options.now())
      const upload = await checkFiles(files, body.upload, message)
      const isAccepted = await areAccepted(options, message.wrappedKeys)
      await database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        const report = await lockReport(queries, message.reportId)
        if (!report) throw new Problem('not-found')
        const earlier = await followUpsOf(queries, message.reportId)
        const same = earlier.find(row => row.index === message.index)
        if (same && equalBytes(same.digest, message.digest)) return
        if (report.withdrawn) throw new Problem('report-withdrawn')
        if (message.index !== earlier.length + 1) throw new Problem('message-conflict')
        if (!isAccepted) throw new Problem('recipient-refused')
        if (earlier.filter(row => row.day === today).length >= FREE_FOLLOW_UPS) requireWork(signer, work)
        const open = await holdersOf(queries, message.reportId)
        if (!isForAll(open, message.wrappedKeys, body.heads)) throw new Problem('assignment-changed')
        await insertFollowUp(queries, {
          ...message,
          day: today,
          wraps: withCaseIds(open, message.wrappedKeys),
        })
        if (upload) await files.claim(queries, upload, message)
      })
    },

    /** Destroys the keys of agencies that did not open the report; leaves the others a signed wish. */
    async withdraw(signer: Signer): Promise<'withdrawn' | 'wish-recorded' | 'partly-withdrawn'> {
      const reportId = reportIdOf(signer.key)
      return database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        const report = await lockReport(queries, reportId)
        if (!report) throw new Problem('not-found')
        if (report.withdrawn) return 'withdrawn'
        const assignments = (await assignmentsOf(queries, reportId)).filter(row => row.here)
        const opened = assignments.filter(row => row.state === 'acknowledged')
        const unopened = assignments.filter(row => row.state !== 'acknowledged')
        for (const { case_id, withdrawn } of unopened) if (!withdrawn) await withdrawCase(queries, case_id)
        for (const { case_id } of opened) await recordWish(queries, case_id, signer.nonce, signer.signature)
        if (opened.length > 0) return unopened.length > 0 ? 'partly-withdrawn' : 'wish-recorded'
        await destroyReport(queries, reportId)
        await files.forgetReport(queries, reportId)
        return 'withdrawn'
      })
    },
  }
}

interface ReadMessage {
  readonly reportId: Uint8Array
  readonly index: number
  readonly bucket: number
  readonly blobRoot: Uint8Array
  readonly partCount: number
  readonly envelope: Envelope
  readonly header: Uint8Array
  readonly commitment: Uint8Array
  readonly body: Uint8Array
  readonly digest: Uint8Array
  readonly wrappedKeys: readonly WrappedKey[]
}

/** Whether each is a key that its agency takes today. */
async function areAccepted({ directory }: IntakeOptions, keys: readonly WrappedKey[]): Promise<boolean> {
  for (const { agencyId, keyId } of keys) if (!(await directory.acceptedEpoch(agencyId, keyId))) return false
  return true
}

/** Throws `envelope-invalid` where the header is not of this key's report. */
async function readMessage(
  { deploymentId }: IntakeOptions,
  signer: Signer,
  sent: Pick<Submission, 'header' | 'commitment' | 'body' | 'wrappedKeys' | 'upload'>,
): Promise<ReadMessage> {
  const [header, commitment, body] = [sent.header, sent.commitment, sent.body].map(bytesOf)
  if (!header || !commitment || !body) throw new Problem('envelope-invalid')
  const reportId = reportIdOf(signer.key)
  const about = headerOf(header)
  const fits =
    equalBytes(about.deploymentId, deploymentId) &&
    equalBytes(about.reportId, reportId) &&
    about.bucket + BODY_OVERHEAD === body.length &&
    (about.partCount === 0) === equalBytes(about.blobRoot, NO_BLOB) &&
    (about.partCount === 0) === (sent.upload === null)
  if (!fits) throw new Problem('envelope-invalid')
  const wrappedKeys = sent.wrappedKeys.map(({ agency, keyId, key }) => ({
    agencyId: agency,
    keyId: fromBase64url(keyId),
    wrapped: bytesOf(key),
  }))
  const envelope = { header, commitment, body }
  const { threadIndex: index, bucket, blobRoot, partCount } = about
  return {
    reportId,
    index,
    bucket,
    blobRoot,
    partCount,
    envelope,
    ...envelope,
    digest: reportDigest(envelope),
    wrappedKeys,
  }
}

/** Null where the message has no files. */
async function checkFiles(
  files: Files,
  upload: string | null,
  { blobRoot, partCount }: Pick<ReadMessage, 'blobRoot' | 'partCount'>,
): Promise<CheckedUpload | null> {
  return upload === null ? null : files.check(upload, { root: blobRoot, partCount })
}

function headerOf(header: Uint8Array) {
  try {
    return parseHeader(header)
  } catch {
    throw new Problem('envelope-invalid')
  }
}

async function readSubmission(
  options: IntakeOptions,
  signer: Signer,
  sent: Submission,
): Promise<NewReport & ReadMessage> {
  const message = await readMessage(options, signer, sent)
  if (message.index !== 0 || message.wrappedKeys.length > MAX_RECIPIENTS)
    throw new Problem('envelope-invalid')
  const day = dayOf(options.now())
  const wraps = wrapsDigest(message.wrappedKeys)
  // The blind is used here and forgotten: the leaf alone does not lead back to the report.
  const blind = fromBase64url(sent.logBlind) as LogBlind
  const preimage = leafPreimage({ blind, statusKey: signer.key, digest: message.digest, wraps })
  const leaf = createHash('sha256').update(preimage).digest()
  return {
    ...message,
    nonce: signer.challenge.random,
    nonceHour: forgetAfter(signer.challenge),
    statusKey: signer.key,
    wraps,
    leaf,
    recipientsTag: fromBase64url(sent.recipientsTag),
    receipt: signReceipt({ leaf, day }, options.deploymentId, options.logSigner),
    day,
    urgent: sent.urgent,
    assignments: message.wrappedKeys.map(key => ({
      ...key,
      caseId: someChance(16),
      head: chainStart(message.digest, key.agencyId),
    })),
  }
}

/** Of a report that came while its keys were taken, and is asked for again. Throws `recipient-refused`. */
async function receiptFromBefore(database: Database, signer: Signer, report: NewReport): Promise<string> {
  const earlier = await findReport(database, report.reportId)
  if (!earlier) throw new Problem('recipient-refused')
  await spendNonce(database, signer.challenge)
  return receiptOfEarlier(earlier, report)
}

function receiptOfEarlier(earlier: Awaited<ReturnType<typeof findReport>>, report: NewReport): string {
  if (earlier?.withdrawn) throw new Problem('report-withdrawn')
  if (!earlier || !equalBytes(earlier.leaf, report.leaf)) throw new Problem('report-conflict')
  return earlier.receipt
}

/** Who has the case now, each with the head that the reporter was shown. */
async function holdersOf(queries: Queries, reportId: Uint8Array): Promise<AssignmentRow[]> {
  const holders: AssignmentRow[] = []
  for (const row of await assignmentsOf(queries, reportId)) {
    if (row.withdrawn || !row.here) continue
    holders.push({ ...row, head: (await toldChain(queries, row)).head })
  }
  return holders
}

/** Whether keys were wrapped for exactly the agencies that hold the case, by somebody who saw their chains. */
function isForAll(
  open: readonly AssignmentRow[],
  keys: readonly WrappedKey[],
  heads: FollowUp['heads'],
): boolean {
  const isCovered = (row: AssignmentRow) => {
    const seen = heads.find(entry => entry.agency === row.agency_id)
    return (
      keys.some(key => key.agencyId === row.agency_id) &&
      !!seen &&
      equalBytes(fromBase64url(seen.head), row.head)
    )
  }
  return open.length === keys.length && open.length === heads.length && open.every(isCovered)
}

function withCaseIds(open: readonly AssignmentRow[], keys: readonly WrappedKey[]) {
  return open.flatMap(({ case_id, agency_id, head }) =>
    keys.filter(key => key.agencyId === agency_id).map(key => ({ ...key, caseId: case_id, seenHead: head })),
  )
}
