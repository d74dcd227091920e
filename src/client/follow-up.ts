// What a reporter adds later, for the agencies that hold the case.
import { MAX_HOLDERS, postFollowUp } from '../contract/report.ts'
import { type RandomBytes, randomBytes } from '../protocol/crypto.ts'
import { toBase64url } from '../protocol/encoding.ts'
import type { MessageFiles } from '../protocol/file-list.ts'
import { sealFollowUp } from '../protocol/report.ts'
import { InvalidInput, RequestProblem, VerificationFailed } from './failure.ts'
import { call } from './http.ts'
import { type Reporter, recipientsOf } from './reporter.ts'
import { fillBody } from './sealed-body.ts'
import { type ReportStatus, readStatus } from './status.ts'
import { type UploadedFiles, uploadOf } from './upload.ts'

const MAX_RESEALS = 4

export interface SentFollowUp {
  readonly index: number
  readonly digest: Uint8Array
  readonly agencies: readonly string[]
}

export interface FollowUpOptions {
  /** Ids of the agencies that the caller means: with any other among those that hold the case, nothing is sent. */
  readonly expected?: readonly string[] | undefined
  /** Makes it an objection: the `head` of one of `objectableIn`. */
  readonly objectsTo?: string | undefined
  /** Uploaded before, or only listed: sealed again, the message names the same upload. */
  readonly files?: MessageFiles | UploadedFiles | null
  readonly random?: RandomBytes
  /** Told before it is sent: from here on it may have arrived. */
  readonly onSealed?: () => void
  readonly signal?: AbortSignal
}

/**
 * Seals for the agencies that hold the case by the status just verified; seals again, a few times at most,
 * when the case has moved on in between.
 */
export async function sendFollowUp(
  reporter: Reporter,
  text: string,
  options: FollowUpOptions = {},
): Promise<SentFollowUp> {
  if (text === '') throw new InvalidInput('there is no text')
  for (let reseals = 0; ; reseals++) {
    const status = await readStatus(reporter, options.signal)
    try {
      return await sealAndSend(reporter, status, text, options)
    } catch (error) {
      const moved = error instanceof RequestProblem && MOVED.has(error.kind)
      if (!moved || reseals >= MAX_RESEALS) throw error
    }
  }
}

/** Throws what `sendFollowUp` would throw before it sends anything: better known before files are uploaded for it. */
export async function checkFollowUp(
  reporter: Reporter,
  text: string,
  options: FollowUpOptions = {},
): Promise<void> {
  if (text === '') throw new InvalidInput('there is no text')
  await sealOne(reporter, await readStatus(reporter, options.signal), text, options)
}

const MOVED: ReadonlySet<string> = new Set(['assignment-changed', 'message-conflict'])

async function sealAndSend(
  reporter: Reporter,
  status: ReportStatus,
  text: string,
  options: FollowUpOptions,
): Promise<SentFollowUp> {
  const { body, followUp } = await sealOne(reporter, status, text, options)
  options.onSealed?.()
  await call(reporter.service, postFollowUp, { signer: reporter.status, body, signal: options.signal })
  return followUp
}

async function sealOne(
  reporter: Reporter,
  status: ReportStatus,
  text: string,
  { expected, objectsTo, files = null, random = randomBytes }: FollowUpOptions,
) {
  const holders = status.agencies.filter(({ state }) => state === 'assigned')
  if (holders.length === 0) throw new InvalidInput('no agency holds this report', 'no-holder')
  if (holders.some(({ chain }) => chain === 'broken')) throw new VerificationFailed('chain')
  // A server that keeps a former holder, or hides one, would choose who reads it.
  if (status.agencies.some(({ contradicted }) => contradicted)) throw new VerificationFailed('agencies')
  if (expected && holders.some(({ id }) => !expected.includes(id))) throw new VerificationFailed('agencies')
  if (objectsTo !== undefined && !isOfOne(holders, objectsTo)) {
    throw new InvalidInput('what it objects to is of no agency that holds this report', 'objection-misplaced')
  }
  const { trust, keys } = reporter
  const keysOfToday = recipientsOf(
    trust,
    holders.map(({ id }) => id),
    MAX_HOLDERS,
  )
  const recipients = keysOfToday.flatMap(to =>
    holders.filter(({ id }) => id === to.agencyId).map(({ head }) => ({ ...to, head })),
  )
  const index = Math.max(0, ...status.followUps.map(followUp => followUp.index)) + 1
  const content = JSON.stringify({ version: 1, text, ...(objectsTo === undefined ? {} : { objectsTo }) })
  const sealed = await sealFollowUp(
    { deploymentId: trust.deploymentId, keys, recipients, content, files, random },
    index,
  )
  const seen = recipients.map(({ agencyId, head }) => ({ agency: agencyId, head: toBase64url(head) }))
  const body = fillBody(sealed, { upload: uploadOf(files), heads: seen }, random)
  const followUp = { index, digest: sealed.digest, agencies: recipients.map(to => to.agencyId) }
  return { body, followUp }
}

const isOfOne = (holders: ReportStatus['agencies'], head: string): boolean =>
  holders.some(({ events }) => events.some(event => event.head === head && event.verdict !== 'forged'))
