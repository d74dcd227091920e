import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  caseFiles,
  deviceOf,
  fetchTrust,
  formatReceiptCode,
  keepReplyFiles,
  openCase,
  prepareReport,
  readCase,
  readCases,
  readReplies,
  readStatus,
  receiptCodeToWords,
  replyFiles,
  replyUploaderOf,
  reporterOf,
  sendFollowUp,
  sendReply,
  serviceAt,
  submitReport,
  uploaderOf,
  withdrawReport,
} from '../../src/client/index.ts'
import { putReport } from '../../src/contract/report.ts'
import { deriveReaderPair } from '../../src/protocol/blob.ts'
import { randomBytes } from '../../src/protocol/crypto.ts'
import { fromBase64url, toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { mailboxIdOf, reportIdOf } from '../../src/protocol/reporter-keys.ts'
import { type Database, openDatabase } from '../../src/server/database.ts'
import { describeError } from '../../src/server/http/log.ts'
import { readAll, upload } from '../support/files.ts'
import { askNonce, signedRequest } from '../support/request.ts'
import {
  dataFolder,
  deviceKeyIn,
  type Listening,
  postgresProcesses,
  remove,
  type ServiceProcess,
  socketUrl,
  spawnService,
} from '../support/service.ts'
import { PART_TYPE, SMALL, TUS } from '../support/uploads.ts'
import { findIn, findInFiles, needlesFor } from './search.ts'

// Fits wherever a word does, an agency's id included.
const CANARY = `kanari${toHex(randomBytes(6))}`
const ADDRESS = '127.0.0.77'

let folder = ''
let metricsPort = 0
let service: ServiceProcess
let listening: Listening
let database: Database
/** What came back with a status of 400 or more. */
const refusals: string[] = []
let secrets: Record<string, Uint8Array | string> = {}
/** What the tables hold and no log may name. */
let stored: Record<string, Uint8Array> = {}
let ciphertext = new Uint8Array()

const LOUD = {
  'user-agent': `${CANARY}-agent`,
  referer: `https://example.org/${CANARY}-referer?q=${CANARY}`,
  origin: `https://${CANARY}.example.org`,
  cookie: `session=${CANARY}-cookie`,
  authorization: `Bearer ${CANARY}-token`,
  'x-forwarded-for': `${CANARY}, 203.0.113.77`,
  forwarded: `for=${CANARY}`,
  'x-real-ip': '203.0.113.77',
  'accept-language': CANARY,
  'x-request-id': CANARY,
  traceparent: `00-${CANARY}`,
  'x-custom': CANARY,
}

interface Sent {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string | null
}

/** From an address of its own, with a canary in every field that somebody may think of. */
function ask(origin: string, { method = 'GET', path, headers = {}, body }: Sent) {
  return new Promise<{ status: number; headers: Headers; body: Buffer }>((resolve, reject) => {
    const { hostname, port } = new URL(origin)
    const fields = { ...LOUD, ...headers }
    const sent = httpRequest({
      agent: false,
      localAddress: ADDRESS,
      hostname,
      port,
      method,
      path,
      headers: fields,
      timeout: 30_000,
    })
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.on('response', response => {
      const parts: Buffer[] = []
      response.on('error', reject)
      response.on('data', part => parts.push(part))
      response.on('end', () => {
        const answer = {
          status: response.statusCode ?? 0,
          headers: new Headers(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: Buffer.concat(parts),
        }
        if (answer.status >= 400) refusals.push(`${JSON.stringify(response.rawHeaders)} ${answer.body}`)
        resolve(answer)
      })
    })
    sent.end(body ?? undefined)
  })
}

const loudFetch: typeof fetch = async (input, init) => {
  const { origin, pathname, search } = new URL(String(input))
  const { status, headers, body } = await ask(origin, {
    path: pathname + search,
    ...(init?.method ? { method: init.method } : {}),
    headers: Object.fromEntries(new Headers(init?.headers)),
    ...(init?.body instanceof Uint8Array ? { body: init.body } : {}),
  })
  return new Response([204, 304].includes(status) ? null : new Uint8Array(body), { status, headers })
}

const bytesOnTheWire = (origin: string, text: string) =>
  new Promise<void>(resolve => {
    const { hostname, port } = new URL(origin)
    const socket = connect({ host: hostname, port: Number(port), localAddress: ADDRESS }, () =>
      socket.end(text),
    )
    socket.on('data', part => refusals.push(part.toString()))
    socket.on('error', () => resolve())
    socket.on('close', () => resolve())
    socket.setTimeout(5_000, () => socket.destroy())
  })

/** The whole story, by loud people. */
async function playStory(): Promise<void> {
  const reporters = serviceAt(listening.reporterUrl, { fetch: loudFetch })
  const agencies = serviceAt(listening.agencyUrl, { fetch: loudFetch })
  const trust = await fetchTrust(reporters, { now: Date.now() })
  const content = {
    version: 1,
    language: 'ko',
    what: `${CANARY}-what 전지 설계 자료`,
    who: `${CANARY}-who`,
    contact: `${CANARY}@example.org`,
  } as const
  const file = Buffer.from(`${CANARY}-file 도면 `.repeat(8_000))
  const evidence = await upload(uploaderOf(reporters, trust), [file])
  const prepared = await prepareReport(trust, { content, agencies: ['police', 'nis'], files: evidence })
  const { code } = prepared
  await submitReport(reporters, trust, prepared)
  const reporter = reporterOf(reporters, trust, code)
  const device = deviceOf(agencies, trust, await deviceKeyIn(folder, 'police', 'intake'))
  const list = await readCases(device, { wait: 10 })
  const id = list?.cases[0]?.case ?? ''
  const opened = await openCase(device, await readCase(device, id))
  await acknowledge(device, opened, { now: Date.now() })
  expect(await readAll(caseFiles(device, id, 0), opened.report.files)).toEqual([file])
  const enclosed = await upload(replyUploaderOf(device), [file])
  await keepReplyFiles(device, enclosed)
  const reply = { text: `${CANARY}-reply`, number: 1, files: enclosed.list }
  await sendReply(device, opened, reply, { now: Date.now() })
  const more = await upload(uploaderOf(reporters, trust), [file])
  await sendFollowUp(reporter, `${CANARY}-follow-up`, { files: more })
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  expect(replies.map(({ text }) => text)).toEqual([`${CANARY}-reply`])
  const { blobKey } = enclosed.list
  expect(await readAll(replyFiles(reporter, blobKey), replies[0]?.files)).toEqual([file])
  expect(await withdrawReport(reporter)).toBe('partly-withdrawn')

  const { keys } = reporter
  const form = formatReceiptCode(code)
  secrets = {
    code,
    'code as written': form,
    'code in one piece': form.replaceAll('-', ''),
    'code in small letters': form.toLowerCase(),
    'code in Korean words': receiptCodeToWords(code, 'ko'),
    'code in English words': receiptCodeToWords(code, 'en'),
    'status seed': keys.status.seed,
    'mailbox seed': keys.mailbox.seed,
    'mailbox sealing seed': keys.sealing.seed,
    'acknowledgement key': keys.acknowledgementKey,
    'thread key': keys.threadKey,
    'log blind': keys.logBlind,
    'content key': opened.contentKey,
    'server key': fromBase64url((await readFile(join(folder, 'server.key'), 'utf8')).trim()),
    'signing seed of a device': device.key.signingSeed,
    'sealing seed of a device': device.key.sealingSeed,
    'epoch seed': device.key.epochs[0]?.seed ?? '',
    'address of an upload': fromBase64url(evidence.upload),
    'address of an upload for a reply': fromBase64url(enclosed.upload),
    'key of files': evidence.list.blobKey,
    'key of files of a reply': blobKey,
    'reader seed': deriveReaderPair(blobKey).seed,
    'reader key': deriveReaderPair(blobKey).publicKey,
  }
  stored = {
    'status key': keys.status.publicKey,
    'report id': reportIdOf(keys.status.publicKey),
    'mailbox id': mailboxIdOf(keys.mailbox.publicKey),
    'case id': fromBase64url(id),
    digest: prepared.digest,
  }
  const blobs = await database.query<{ id: Uint8Array }>({
    name: 'ids',
    text: 'select blob_id as id from blobs',
  })
  for (const [i, { id: blob }] of blobs.entries()) stored[`blob id ${i}`] = blob
  ciphertext = fromBase64url(prepared.submission.body).slice(1000, 1048)
}

/** Everything that is refused, and everything that fails. */
async function misbehave(): Promise<void> {
  const { reporterUrl, agencyUrl } = listening
  const json = { 'content-type': 'application/json' }
  const body = (value: object) => JSON.stringify(value)
  const wild: Sent[] = [
    { path: `/${CANARY}` },
    { path: `/v1/${CANARY}/%zz` },
    { path: `/v1/health?${CANARY}=${CANARY}` },
    { path: `/v1/cases?after=${CANARY}` },
    { path: `/v1/cases/${CANARY}` },
    { path: `/v1/agencies/${CANARY}/devices` },
    {
      path: `/v1/mailboxes/${CANARY}/messages`,
      method: 'POST',
      headers: json,
      body: body({ sealed: CANARY }),
    },
    { path: `/${CANARY.repeat(600)}` },
    { path: '/v1/report', method: 'PUT', headers: json, body: `{"${CANARY}":` },
    {
      path: '/v1/report',
      method: 'PUT',
      headers: json,
      body: body({ agency: CANARY, [CANARY]: `${CANARY}\u0000` }),
    },
    { path: '/v1/report', method: 'PUT', headers: { 'content-type': `text/${CANARY}` }, body: CANARY },
    { path: '/v1/report', method: 'PATCH', headers: json, body: CANARY },
    {
      path: '/v1/report',
      headers: { 'signature-input': `sig=("@method");keyid="${CANARY}"`, signature: CANARY },
    },
    { path: '/v1/mailbox', method: 'POST', headers: { 'content-digest': CANARY }, body: CANARY },
    {
      path: '/v1/directory',
      method: 'PUT',
      headers: json,
      body: body({ roots: [CANARY], directory: CANARY }),
    },
    {
      path: `/v1/agencies/${CANARY}/statement`,
      method: 'PUT',
      headers: json,
      body: body({ statement: CANARY }),
    },
    {
      path: '/v1/agencies/nis/devices',
      method: 'PUT',
      headers: json,
      body: body({ devices: `${CANARY}\n\n— ${CANARY}` }),
    },
    { path: '/v1/challenges', method: 'POST', headers: { ...json, 'content-encoding': CANARY }, body: '{}' },
    { path: '/v1/health', headers: { 'x-long': CANARY.repeat(800) } },
    ...wildUploads(),
  ]
  for (const sent of wild) {
    for (const origin of [reporterUrl, agencyUrl]) await ask(origin, sent)
  }
  const raw = [
    `GET /${CANARY} HTTP/9.9\r\n\r\n`,
    `${CANARY} ${CANARY} ${CANARY}\r\n\r\n`,
    `GET /${CANARY} HTTP/1.1\r\nHost: ${CANARY}\r\nHost: ${CANARY}\r\n\r\n`,
    `PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: ${CANARY}\r\n\r\n${CANARY}`,
    `PUT /v1/report?${CANARY} HTTP/1.1\r\nHost: a\r\nContent-Length: 100000\r\n\r\n${CANARY}`,
    `GET / HTTP/1.1\r\nHost: a\r\n${CANARY}\r\n\r\n`,
  ]
  for (const text of raw) for (const origin of [reporterUrl, agencyUrl]) await bytesOnTheWire(origin, text)
  await failInside()
}

function wildUploads(): Sent[] {
  const path = `/v1/uploads/${toBase64url(randomBytes(32))}`
  const metadata = { 'upload-metadata': `filename ${Buffer.from(CANARY).toString('base64')}` }
  const part = { ...TUS, 'content-type': PART_TYPE, 'upload-offset': '0' }
  return [
    { path: `/v1/uploads/${CANARY}`, method: 'HEAD', headers: TUS },
    { path: `/v1/uploads/${CANARY}`, method: 'DELETE', headers: { 'tus-resumable': CANARY } },
    { path: '/v1/uploads', method: 'POST', headers: { ...TUS, 'upload-length': CANARY } },
    { path: '/v1/uploads', method: 'POST', headers: { ...TUS, ...metadata, 'upload-length': String(SMALL) } },
    { path, method: 'PATCH', headers: { ...part, 'upload-checksum': `sha256 ${CANARY}` }, body: CANARY },
    { path, method: 'PATCH', headers: part, body: CANARY },
    { path: '/v1/reply-files', headers: { range: `bytes=${CANARY}-` } },
  ]
}

/** PostgreSQL quotes the row that it refuses: here is one to quote. */
async function failInside(): Promise<void> {
  const trust = await fetchTrust(serviceAt(listening.reporterUrl), { now: Date.now() })
  const run = (text: string) => database.query({ name: text.slice(0, 40), text })
  await run('alter table reports add constraint refused check (day = wraps::text) not valid')
  for (const agencies of [['nis'], ['police']]) {
    const content = { version: 1, language: 'en', what: CANARY } as const
    const prepared = await prepareReport(trust, { content, agencies })
    const { status } = reporterOf(serviceAt(listening.reporterUrl), trust, prepared.code)
    const nonce = await askNonce(listening.reporterUrl)
    const sent = await signedRequest(putReport, status, nonce, { body: prepared.submission })
    expect((await ask(listening.reporterUrl, sent)).status).toBe(500)
    stored[`status key of a failed one for ${agencies}`] = status.pair.publicKey
    stored[`digest of a failed one for ${agencies}`] = prepared.digest
  }
  await run('alter table reports drop constraint refused')
  await run('alter table blob_pieces add constraint refused check (n < 0) not valid')
  const { create } = uploaderOf(serviceAt(listening.reporterUrl), trust)
  const path = `/v1/uploads/${await create(SMALL, {})}`
  const headers = { ...TUS, 'content-type': PART_TYPE, 'upload-offset': '0' }
  const part = Buffer.alloc(SMALL, CANARY)
  const { status } = await ask(listening.reporterUrl, { method: 'PATCH', path, headers, body: part })
  expect(status).toBe(500)
  await run('alter table blob_pieces drop constraint refused')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, ADDRESS)
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}

beforeAll(async () => {
  folder = await dataFolder()
  metricsPort = await freePort()
  service = spawnService({
    BONGSU_DATA: folder,
    BONGSU_LOG_LEVEL: 'debug',
    BONGSU_RATE_LIMIT: '100000',
    BONGSU_TRUSTED_PROXIES: '1',
    BONGSU_METRICS_LISTEN: `127.0.0.1:${metricsPort}`,
  })
  listening = await service.running
  database = openDatabase({ url: socketUrl(folder), max: 1 })
  await playStory()
  await misbehave()
})

afterAll(async () => {
  await database?.close()
  await service?.stop()
  await remove(folder)
})

const spoken = () => needlesFor({ canary: CANARY, address: ADDRESS, 'forwarded address': '203.0.113.77' })

test('the search finds what is there, in any form', () => {
  const text = Buffer.from(`a${CANARY}b`)
  const forms = [
    text,
    Buffer.from(text.toString('hex')),
    Buffer.from(text.toString('base64')),
    Buffer.from(`x${text.toString('base64url')}`),
    Buffer.from(Buffer.concat([Buffer.from('!'), text]).toString('base64')),
    Buffer.from(text.toString('utf8'), 'utf16le'),
    Buffer.from(text.toString('utf8'), 'utf16le').swap16(),
  ]
  expect(forms.filter(form => findIn(form, needlesFor({ CANARY })).length === 0)).toEqual([])
  expect(findIn(randomBytes(1_000_000), spoken())).toEqual([])
})

test('no log line tells of a request: no address, field, path, key, id or text', () => {
  const lines = service.output()
  const failed = lines.split('\n').find(line => line.includes('"msg":"failed"')) ?? '{}'
  // PostgreSQL's code for a check constraint, and where it was met: enough to find the fault by.
  expect(JSON.parse(failed)).toMatchObject({ route: '/v1/report', err: { code: '23514' } })
  expect(JSON.parse(failed).err.frames.length).toBeGreaterThan(2)
  expect(findIn(lines, needlesFor({ canary: CANARY, address: ADDRESS, ...secrets, ...stored }))).toEqual([])
  const requests = lines.split('\n').filter(line => !line.startsWith('{"running"'))
  const fields = new Set(requests.flatMap(line => Object.keys(JSON.parse(line))))
  expect([...fields].sort()).toEqual(['err', 'event', 'level', 'msg', 'route', 'time'])
})

test('no log line holds an error’s message, whatever it pretends to be', () => {
  const error = new Error(`refused: ${CANARY}\n    at ${CANARY} (/src/${CANARY}.ts:1:1)\n    at ${CANARY}`)
  expect(JSON.stringify(describeError(error))).not.toContain(CANARY)
  expect(describeError(error).frames?.[0]).toContain('test/leaks/canary.test.ts')
})

test('no refusal repeats what was sent', () => {
  expect(refusals.length).toBeGreaterThan(40)
  const needles = needlesFor({ canary: CANARY, address: ADDRESS, ...secrets, ...stored })
  expect(refusals.filter(refusal => findIn(refusal, needles).length > 0)).toEqual([])
})

test('counts tell of nobody', async () => {
  const response = await fetch(`http://127.0.0.1:${metricsPort}/metrics`)
  const text = await response.text()
  expect(text).toContain('bongsu_answers_total')
  expect(findIn(text, needlesFor({ canary: CANARY, address: ADDRESS, ...secrets, ...stored }))).toEqual([])
})

test('no file of the data folder holds anything said, or anything secret', { timeout: 180_000 }, async () => {
  await database.query({ name: 'checkpoint', text: 'checkpoint' })
  const found = await findInFiles(folder, spoken())
  expect(found).toEqual([])
  const postgres = join(folder, 'postgres')
  expect(await findInFiles(postgres, needlesFor(secrets))).toEqual([])
  expect(findIn(await readFile(join(folder, 'postgres.log')), needlesFor({ ...secrets, ...stored }))).toEqual(
    [],
  )

  const control = await findInFiles(postgres, new Map([['ciphertext', Buffer.from(ciphertext)]]))
  expect(control.filter(file => file.startsWith('base/'))).not.toEqual([])
  expect(control.filter(file => file.startsWith('pg_wal/'))).not.toEqual([])
})

test.runIf(process.platform === 'linux')(
  'no process shows anything in its environment or command',
  async () => {
    const pids = [service.pid, ...(await postgresProcesses(folder))]
    const needles = needlesFor({ canary: CANARY, address: ADDRESS, ...secrets, ...stored })
    const read = (pid: number, name: string) => readFile(`/proc/${pid}/${name}`).catch(() => Buffer.alloc(0))
    const texts = await Promise.all(pids.flatMap(pid => [read(pid, 'environ'), read(pid, 'cmdline')]))
    expect(texts[0]?.toString()).toContain(`BONGSU_DATA=${folder}`)
    // Of the postmaster alone: its children write their titles where the environment was.
    expect(texts.slice(2).filter(text => text.includes('TZ=UTC'))).not.toEqual([])
    expect(texts.flatMap(text => findIn(text, needles))).toEqual([])
  },
)

test('no cookie is set, and no field says who asked or how fast', async () => {
  const { headers } = await ask(listening.reporterUrl, { path: '/v1/health' })
  const names = [...headers.keys()]
  expect(names.filter(name => /cookie|server|powered|rate|request-id|trace|timing/.test(name))).toEqual([])
})

test('nothing in the schema is a time, and no row holds one', async () => {
  const columns = await database.query({
    name: 'columns',
    text: `select table_name, column_name from information_schema.columns
           where table_schema = 'public' and data_type ~ '(time|date|interval)'`,
  })
  expect(columns).toEqual([])
  const tables = await database.query<{ name: string }>({
    name: 'tables',
    text: `select table_name as name from information_schema.tables where table_schema = 'public'`,
  })
  expect(tables.length).toBeGreaterThan(8)
  const seconds = Math.floor(Date.now() / 1000)
  const isNow = (digits: string) =>
    Math.abs(Number(digits.slice(0, 10)) - seconds) < 86_400 && [10, 13].includes(digits.length)
  for (const { name } of tables) {
    const rows = await database.query<{ row: string }>({
      name,
      text: `select row_to_json(t)::text as row from ${name} t`,
    })
    const text = rows.map(({ row }) => row).join('\n')
    expect(text.match(/\d{4}-\d\d-\d\d[T ]\d\d/g)).toBeNull()
    expect((text.match(/(?<![\w-])\d{10,13}(?![\w-])/g) ?? []).filter(isNow)).toEqual([])
  }
  const [commits] = await database.query({ name: 'commits', text: 'show track_commit_timestamp' })
  expect(commits).toEqual({ track_commit_timestamp: 'off' })
})
