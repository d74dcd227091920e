// A reporter that seals honestly and sends anything.
import { randomBytes as chance } from 'node:crypto'
import type { z } from 'zod'
import { fetchTrust, serviceAt, type Trust } from '../../src/client/index.ts'
import type { followUp, submission } from '../../src/contract/report.ts'
import { currentEpoch } from '../../src/protocol/agency-documents.ts'
import { blobKeyOf, randomBytes } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import type { MessageFiles } from '../../src/protocol/file-list.ts'
import { type ReceiptCode, receiptCode } from '../../src/protocol/receipt-code.ts'
import { recipientsTag, type SealedMessage, sealFollowUp, sealReport } from '../../src/protocol/report.ts'
import { deriveReporterKeys, type ReporterKeys, reportIdOf } from '../../src/protocol/reporter-keys.ts'
import type { Recipient } from '../../src/protocol/wrapped-key.ts'
import { type Call, type Caller, callAs } from './caller.ts'
import { type Answer, json } from './http.ts'
import type { Uploaded } from './uploads.ts'
import type { AgencyId, World } from './world.ts'

export type SubmissionBody = z.input<typeof submission>
export type FollowUpBody = z.input<typeof followUp>

export interface TestReporter {
  readonly code: ReceiptCode
  readonly keys: ReporterKeys
  /** Signs as the report's owner. */
  readonly caller: Caller
  /** Signs as the mailbox's owner. */
  readonly mailbox: Caller
  readonly reportId: Uint8Array
}

export const trustOf = (world: World): Promise<Trust> =>
  fetchTrust(serviceAt(world.reporterUrl), { pinned: world.deploymentId, now: world.now() })

export function newReporter(world: World, origin = world.reporterUrl): TestReporter {
  const { deploymentId } = world
  const code = receiptCode(new Uint8Array(chance(16)))
  const keys = deriveReporterKeys(deploymentId, code)
  const caller = { origin, pair: keys.status, role: 'reporter' as const, deploymentId }
  const mailbox = { ...caller, pair: keys.mailbox }
  return { code, keys, caller, mailbox, reportId: reportIdOf(keys.status.publicKey) }
}

export async function recipientsOf(world: World, agencies: readonly AgencyId[]): Promise<Recipient[]> {
  const trust = await trustOf(world)
  return agencies.map(agencyId => {
    const statement = trust.statements.get(agencyId)
    const epoch = statement && currentEpoch(statement, trust.today)
    if (!epoch) throw new Error(`${agencyId} has no epoch`)
    return { agencyId, keyId: epoch.keyId, sealingKey: epoch.sealingKey }
  })
}

export interface Sealed<Body> extends SealedMessage {
  readonly body: Body
}

const encoded = ({ envelope, wrappedKeys }: SealedMessage) => ({
  header: toBase64url(envelope.header),
  commitment: toBase64url(envelope.commitment),
  body: toBase64url(envelope.body),
  wrappedKeys: wrappedKeys.map(({ agencyId, keyId, wrapped }) => ({
    agency: agencyId,
    keyId: toBase64url(keyId),
    key: toBase64url(wrapped),
  })),
  fill: toBase64url(chance(64)),
})

/** An upload of which the server is told, and a list that it cannot read. */
export type NamedUpload = Pick<Uploaded, 'root' | 'partCount'> & { readonly upload: string | null }

const messageFiles = (files: NamedUpload | null): MessageFiles | null =>
  files && {
    root: files.root,
    partCount: files.partCount,
    list: {
      blobKey: blobKeyOf(randomBytes(32)),
      files: [{ name: '도면.pdf', type: '', size: 1, sha256: randomBytes(32), attached: true }],
    },
  }

export async function sealFor(
  world: World,
  reporter: TestReporter,
  agencies: readonly AgencyId[],
  text = '설계도면이 USB로 반출되었습니다.',
  files: NamedUpload | null = null,
): Promise<Sealed<SubmissionBody>> {
  const sealed = await sealReport({
    deploymentId: world.deploymentId,
    keys: reporter.keys,
    recipients: await recipientsOf(world, agencies),
    content: JSON.stringify({ version: 1, language: 'ko', what: text }),
    files: messageFiles(files),
    random: randomBytes,
  })
  const body = {
    ...encoded(sealed),
    upload: files?.upload ?? null,
    logBlind: toBase64url(reporter.keys.logBlind),
    recipientsTag: toBase64url(recipientsTag(reporter.keys.recipientsKey, sealed.digest, agencies)),
    urgent: false,
  }
  return { ...sealed, body }
}

/** The head of an agency's chain as the writer of a follow-up saw it. */
export interface SeenHead {
  readonly agencyId: string
  readonly head: Uint8Array
}

const NO_HEAD = new Uint8Array(32)

export async function sealFollowUpFor(
  world: World,
  reporter: TestReporter,
  index: number,
  heads: readonly SeenHead[],
  files: NamedUpload | null = null,
): Promise<Sealed<FollowUpBody>> {
  const agencies = heads.map(head => head.agencyId as AgencyId)
  const input = {
    deploymentId: world.deploymentId,
    keys: reporter.keys,
    recipients: (await recipientsOf(world, agencies)).map((to, i) => ({
      ...to,
      head: heads[i]?.head ?? NO_HEAD,
    })),
    content: JSON.stringify({ version: 1, text: `추가 내용 ${index}` }),
    files: messageFiles(files),
    random: randomBytes,
  }
  const sealed = await sealFollowUp(input, index)
  const seen = heads.map(({ agencyId, head }) => ({ agency: agencyId, head: toBase64url(head) }))
  return { ...sealed, body: { ...encoded(sealed), upload: files?.upload ?? null, heads: seen } }
}

type More = Partial<Omit<Call, 'body'>>

export const put = (caller: Caller, body: object, more: More = {}): Promise<Answer> =>
  callAs(caller, { method: 'PUT', path: '/v1/report', body: json(body), ...more })

export const write = (caller: Caller, body: object, more: More = {}): Promise<Answer> =>
  callAs(caller, { method: 'POST', path: '/v1/report/messages', body: json(body), ...more })

export const look = (caller: Caller, more: More = {}): Promise<Answer> =>
  callAs(caller, { method: 'GET', path: '/v1/report', ...more })

export const withdraw = (caller: Caller, more: More = {}): Promise<Answer> =>
  callAs(caller, { method: 'DELETE', path: '/v1/report', ...more })

export const readMailbox = (caller: Caller, body: Uint8Array, more: More = {}): Promise<Answer> =>
  callAs(caller, { method: 'POST', path: '/v1/mailbox', type: 'application/octet-stream', body, ...more })

export interface Submitted extends TestReporter {
  readonly sealed: Sealed<SubmissionBody>
}

/** A new reporter whose report has been received. */
export async function submit(
  world: World,
  agencies: readonly AgencyId[],
  origin = world.reporterUrl,
  files: NamedUpload | null = null,
): Promise<Submitted> {
  const reporter = newReporter(world, origin)
  const sealed = await sealFor(world, reporter, agencies, undefined, files)
  const answer = await put(reporter.caller, sealed.body)
  if (answer.status !== 200) throw new Error(`not received: ${answer.status} ${answer.body}`)
  return { ...reporter, sealed }
}
