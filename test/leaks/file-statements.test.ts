// What somebody without the right address, key or case can tell of files: nothing, on the wire and in PostgreSQL.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  createSigner,
  deviceOf,
  fetchTrust,
  keepReplyFiles,
  prepareReport,
  replyUploaderOf,
  type Signer,
  serviceAt,
  submitReport,
  type Trust,
  uploaderOf,
} from '../../src/client/index.ts'
import { deleteReplyFiles, getCaseFiles, getReplyFiles } from '../../src/contract/files.ts'
import type { Route } from '../../src/contract/route.ts'
import { deriveReaderPair } from '../../src/protocol/blob.ts'
import { deriveSigningPair, type SigningPair, signingSeed } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { openSession, type Session } from '../../src/server/database.ts'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/server/embedded-postgres.ts'
import { readerOf } from '../../src/server/files/uploads.ts'
import { upload } from '../support/files.ts'
import { type Asked, ask } from '../support/http.ts'
import { askNonce, signedRequest } from '../support/request.ts'
import {
  dataFolder,
  deviceKeyIn,
  foundDeployment,
  type Listening,
  onExternal,
  remove,
  type ServiceProcess,
  spawnService,
  until,
} from '../support/service.ts'
import { partFields, SMALL, TUS } from '../support/uploads.ts'
import { LOUD_LOG, statementsOf } from './statement-log.ts'

let folder = ''
let postgres: EmbeddedPostgres
let session: Session
let service: ServiceProcess
let listening: Listening
let trust: Trust

beforeAll(async () => {
  folder = await dataFolder()
  await foundDeployment(folder)
  postgres = await startEmbeddedPostgres({ dataFolder: folder, settings: LOUD_LOG })
  session = await openSession(postgres.connectionString)
  service = spawnService(onExternal(folder, postgres.connectionString))
  listening = await service.running
  trust = await fetchTrust(serviceAt(listening.reporterUrl), { now: Date.now() })
})

afterAll(async () => {
  await service?.stop()
  await session?.close()
  await postgres?.stop()
  await remove(folder)
})

/** What anybody on the wire, and whoever reads PostgreSQL's log, sees of one exchange. */
async function observe(origin: string, asked: Asked) {
  const { answer, statements } = await statementsOf(session, folder, () => ask(origin, asked))
  const { date: _, 'bongsu-challenge': challenge = '', ...fields } = answer.headers
  const names = Object.keys(answer.headers)
  const { status, body } = answer
  return { status, names, fields, challenge: challenge.length, text: body.toString(), statements }
}

async function observeSigned(route: Route, signer: Signer, params: Record<string, string> = {}) {
  const origin = route.listeners[0] === 'reporter' ? listening.reporterUrl : listening.agencyUrl
  return observe(origin, await signedRequest(route, signer, await askNonce(origin), { params }))
}

const device = async (agency: string) =>
  deviceOf(serviceAt(listening.agencyUrl), trust, await deviceKeyIn(folder, agency, 'intake'))

const reporters = () => serviceAt(listening.reporterUrl)
const file = () => randomBytes(1000)

/** Addresses that nobody can write to: one that never was, and one that was claimed, given up, or is too old. */
async function closedAddresses(): Promise<string[]> {
  const uploader = uploaderOf(reporters(), trust)
  const claimed = await upload(uploader, [file()])
  const content = { version: 1, language: 'ko', what: '도면' } as const
  await submitReport(
    reporters(),
    trust,
    await prepareReport(trust, { content, agencies: ['police'], files: claimed }),
  )
  const old = await uploader.create(SMALL, {})
  await session.query(`update blobs set expires = 1 where state = 'open'`)
  const given = await uploader.create(SMALL, {})
  await ask(listening.reporterUrl, { method: 'DELETE', path: `/v1/uploads/${given}`, headers: TUS })
  return [toBase64url(randomBytes(32)), claimed.upload, old, given]
}

test('an address that never was and one that was get one answer', async () => {
  const part = { headers: partFields(0), body: Buffer.alloc(SMALL) }
  const addresses = await closedAddresses()
  for (const asked of [
    { method: 'HEAD', headers: TUS },
    { method: 'PATCH', ...part },
    { method: 'DELETE', headers: TUS },
  ]) {
    const answers = []
    for (const address of addresses)
      answers.push(await observe(listening.reporterUrl, { ...asked, path: `/v1/uploads/${address}` }))
    expect(answers[0]).toMatchObject({ status: 404, statements: [expect.stringContaining('bytea(32)')] })
    for (const answer of answers) expect(answer).toEqual(answers[0])
  }
})

/** One of another agency, one that is not in the feed, and one that does not exist; each but the last with files. */
async function casesNotForNis(): Promise<string[]> {
  const content = { version: 1, language: 'ko', what: '도면' } as const
  for (const agency of ['police', 'nis']) {
    const files = await upload(uploaderOf(reporters(), trust), [file()])
    await submitReport(reporters(), trust, await prepareReport(trust, { content, agencies: [agency], files }))
  }
  await until(async () => (await session.query('select 1 from assignments where changed')).length === 0)
  const newest = async (agency: string) => {
    const text = `select case_id from assignments where agency_id = '${agency}' order by position desc limit 1`
    return (await session.query(text))[0]?.case_id as Uint8Array
  }
  const [foreign, early] = [await newest('police'), await newest('nis')]
  await session.query('update assignments set position = null where case_id = $1', [early])
  return [foreign, early, randomBytes(16)].map(toBase64url)
}

test('the files of another agency’s case and of one that does not exist get one answer', async () => {
  const { signer } = await device('nis')
  const answers = []
  for (const id of await casesNotForNis())
    answers.push(await observeSigned(getCaseFiles, signer, { case: id, index: '0' }))
  expect(answers[0]?.text).toContain('/problems/not-found')
  expect(answers[0]?.statements.length).toBeGreaterThan(0)
  for (const answer of answers) expect(answer).toEqual(answers[0])
})

const readerSigner = (pair: SigningPair) => createSigner(pair, 'reporter', trust.deploymentId)

async function replyWithFiles(): Promise<Signer> {
  const police = await device('police')
  const files = await upload(replyUploaderOf(police), [file()])
  await keepReplyFiles(police, files)
  return readerSigner(deriveReaderPair(files.list.blobKey))
}

test('a key that reads nothing and one that has read its last get one answer', async () => {
  const strange = readerSigner(deriveSigningPair(signingSeed(new Uint8Array(32).fill(7))))
  const [deleted, old, kept] = [await replyWithFiles(), await replyWithFiles(), await replyWithFiles()]
  await session.query('update blobs set expires = 1 where reader = $1', [readerOf(old.pair.publicKey)])
  await observeSigned(deleteReplyFiles, deleted)
  const reads = []
  for (const signer of [strange, deleted, old]) reads.push(await observeSigned(getReplyFiles, signer))
  expect(reads[0]?.text).toContain('/problems/not-found')
  for (const read of reads) expect(read).toEqual(reads[0])

  const ends = []
  for (const signer of [strange, deleted, kept]) ends.push(await observeSigned(deleteReplyFiles, signer))
  expect(ends[0]?.status).toBe(204)
  for (const end of ends) expect(end).toEqual(ends[0])
})
