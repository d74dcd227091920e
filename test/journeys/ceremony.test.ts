// What `bongsu authority --help` tells, followed to the letter, and then served.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { readConfig } from '../../src/server/config.ts'
import { startServer } from '../../src/server/main.ts'
import { bongsu } from '../cli/run.ts'
import { createDatabase } from '../support/postgres.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
const today = dayOf(Date.now())

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-ceremony-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const authority = (...args: string[]) => command('authority', ...args)

async function command(...args: string[]): Promise<Record<string, unknown>> {
  const { code, json, out } = await bongsu([...args, '--json'], { cwd: folder })
  if (code !== 0) throw new Error(`${args.join(' ')}: ${code} ${out}`)
  return json
}

const words = (line: string) => line.split(' ')
const put = (file: string, value: unknown) => writeFile(join(folder, file), JSON.stringify(value))

async function makeKeys() {
  const key = (file: string, kind: string) =>
    authority('new-key', file, '--kind', kind, '--name', file.split('.')[0] ?? '')
  return {
    root: await key('root.key.json', 'root'),
    second: await key('root-b.key.json', 'root'),
    directory: await key('directory.key.json', 'directory'),
    agency: await key('north.key.json', 'identity'),
    log: await authority('new-server-key', 'server.key'),
  }
}

const named = ({ name, key }: Record<string, unknown>) => ({ name, key })

async function foundDeployment(keys: Awaited<ReturnType<typeof makeKeys>>): Promise<string> {
  await put('root.json', {
    version: 1,
    expires: addDays(today, 365),
    threshold: 2,
    keys: [keys.root, keys.second].map(named),
    directoryThreshold: 1,
    directoryKeys: [named(keys.directory)],
  })
  const { deployment } = await authority(
    'root',
    '--plan',
    'root.json',
    '--signer',
    'root.key.json',
    '--out',
    'half.note',
  )
  await authority('cosign', 'half.note', '--signer', 'root-b.key.json', '--out', 'root-1.note')
  await put('directory.json', {
    version: 1,
    expires: addDays(today, 7),
    logKey: named(keys.log),
    agencies: [
      {
        id: 'north',
        names: { ko: '북부', en: 'North' },
        about: { ko: '소개', en: 'about' },
        powers: ['fact-finding'],
        territory: 'national',
        validFrom: today,
        validUntil: addDays(today, 365),
        identity: named(keys.agency),
      },
    ],
    routes: [{ kinds: [], fields: [], involved: [], agencies: ['north'] }],
    timers: { acknowledgeDays: 7, feedbackDays: 90 },
  })
  return String(deployment)
}

test('a key ceremony, from nothing to documents that verify', async () => {
  const deployment = await foundDeployment(await makeKeys())
  const by = ['--deployment', deployment]
  await authority(
    ...words('directory --plan directory.json --signer directory.key.json --out d1.note'),
    ...by,
  )
  await put('request.json', await authority('new-device', 'intake.key.json', '--agency', 'north', ...by))
  const identity = ['--identity', 'north.key.json', ...by]
  const certificate = words('--request request.json --role intake --scopes intake,cases')
  const dates = ['--from', today, '--until', addDays(today, 365)]
  await authority('certificate', ...certificate, ...dates, ...identity, '--out', 'intake.note')
  const installed = await authority('install', 'intake.key.json', '--certificate', 'intake.note')
  const list = words('--agency north --number 1 --certificate intake.note --out devices-1.note')
  await authority('device-list', ...list, ...identity)
  await put('epochs.json', await authority('new-epochs', 'intake.key.json', '--from', today, '--count', '2'))
  const epochs = words('--agency north --number 1 --epochs epochs.json --out statement-1.note')
  await authority('statement', ...epochs, ...identity)
  const files = ['--roots', 'root-1.note', '--directory', 'd1.note', '--statement', 'statement-1.note']
  const verified = await command('verify', ...files, '--devices', 'devices-1.note', ...by)
  expect(verified).toMatchObject({
    deployment,
    pinned: true,
    root: { version: 1, threshold: 2, keys: 2 },
    agencies: [{ id: 'north', epochUntil: addDays(today, 6) }],
  })

  const revoke = ['--previous', 'devices-1.note', '--revoke', String(installed.device), '--number', '2']
  await authority('device-list', '--agency', 'north', ...revoke, ...identity, '--out', 'devices-2.note')
  expect(await readFile(join(folder, 'devices-2.note'), 'utf8')).toContain('"revoked":[{"device":"')
})

test('secrets are in files of mode 0600 and in no document and no output', async () => {
  for (const file of ['root.key.json', 'intake.key.json', 'server.key']) {
    expect((await stat(join(folder, file))).mode & 0o777).toBe(0o600)
  }
  const { seed } = JSON.parse(await readFile(join(folder, 'north.key.json'), 'utf8')) as { seed: string }
  const { signingSeed } = JSON.parse(await readFile(join(folder, 'intake.key.json'), 'utf8')) as {
    signingSeed: string
  }
  for (const file of ['d1.note', 'intake.note', 'devices-1.note', 'request.json', 'epochs.json']) {
    const text = await readFile(join(folder, file), 'utf8')
    expect(text).not.toContain(seed)
    expect(text).not.toContain(signingSeed)
  }
  const shown = await authority('public', 'intake.key.json')
  expect(JSON.stringify(shown)).not.toContain(signingSeed)
})

test('the public part of each key is printed again', async () => {
  const { name, key } = await authority('public', 'server.key')
  expect(await readFile(join(folder, 'd1.note'), 'utf8')).toContain(
    JSON.stringify({ name, key }).slice(1, -1),
  )
  expect(await authority('public', 'root.key.json')).toMatchObject({ kind: 'root', name: 'root' })
})

test('half a root is not a root', async () => {
  const files = ['--roots', 'half.note', '--directory', 'd1.note']
  const { code, json } = await bongsu(['verify', ...files, '--json'], { cwd: folder })
  expect(code).toBe(4)
  expect(json).toMatchObject({ error: { kind: 'unproven' } })
})

test('nothing is overwritten', async () => {
  for (const args of [
    ['new-key', 'root.key.json', '--kind', 'root', '--name', 'again'],
    ['new-server-key', 'server.key'],
    ['cosign', 'half.note', '--signer', 'root-b.key.json', '--out', 'root-1.note'],
  ]) {
    expect((await bongsu(['authority', ...args], { cwd: folder })).code).toBe(2)
  }
})

test('a certificate of another device is not installed', async () => {
  const { deployment } = await command('verify', '--roots', 'root-1.note', '--directory', 'd1.note')
  await authority('new-device', 'other.key.json', '--agency', 'north', '--deployment', String(deployment))
  const args = ['authority', 'install', 'other.key.json', '--certificate', 'intake.note', '--json']
  const { code, json } = await bongsu(args, { cwd: folder })
  expect(code).toBe(2)
  expect(json).toMatchObject({ error: { kind: 'bad-input' } })
})

test('a sealed key signs with its passphrase', async () => {
  await writeFile(join(folder, 'passphrase'), 'correct horse\n', { mode: 0o600 })
  const sealed = ['--sealed', '--passphrase-file', 'passphrase']
  await authority('new-key', 'sealed.key.age', '--kind', 'root', '--name', 'sealed', ...sealed)
  const cosign = ['cosign', 'half.note', '--signer', 'sealed.key.age']
  const { note } = await authority(...cosign, '--passphrase-file', 'passphrase')
  expect(String(note)).toContain('— sealed ')
  expect((await bongsu(['authority', ...cosign], { cwd: folder })).code).toBe(2)
})

test('a service of that deployment takes the documents, and reports for the agency', {
  timeout: 180_000,
}, async () => {
  const { url, drop } = await createDatabase()
  const { deployment } = await command('verify', ...words('--roots root-1.note --directory d1.note'))
  const server = await startServer(
    readConfig({
      DATABASE_URL: url,
      BONGSU_DATA: folder,
      BONGSU_DEPLOYMENT: String(deployment),
      BONGSU_SERVER_KEY_FILE: join(folder, 'server.key'),
      BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
      BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
    }),
    { log: pino({ level: 'silent' }) },
  )
  try {
    const at = ['--server', server.agencyUrl]
    const publish = (line: string) => authority('publish', ...words(line), ...at)
    await publish('--roots root-1.note --directory d1.note')
    await publish('--agency north --devices devices-1.note --statement statement-1.note')
    const pinned = ['--deployment', String(deployment)]
    expect(await command('verify', ...at, ...pinned)).toMatchObject({ agencies: [{ id: 'north' }] })

    const send = ['report', '-', '--to', 'north', '--server', server.reporterUrl, ...pinned, '--json']
    const sent = await bongsu(send, { input: '실제 배포로 보내는 신고' })
    expect(sent.json).toMatchObject({ agencies: ['north'], demonstration: false })
    const key = ['--key', join(folder, 'intake.key.json'), ...at, '--json']
    await new Promise(resolve => setTimeout(resolve, 1500))
    const listed = await bongsu(['cases', ...key])
    const [found] = (listed.json as { cases: { case: string }[] }).cases
    const opened = await bongsu(['open', found?.case ?? '', ...key])
    expect(opened.json).toMatchObject({ answers: { what: '실제 배포로 보내는 신고' }, recorded: true })

    await publish('--agency north --devices devices-2.note')
    const revoked = await bongsu(['cases', ...key])
    expect([revoked.code, revoked.json]).toMatchObject([1, { error: { kind: 'device-refused' } }])
    const again = await bongsu(
      ['authority', 'publish', ...words('--agency north --devices devices-1.note'), ...at, '--json'],
      {
        cwd: folder,
      },
    )
    expect([again.code, again.json]).toMatchObject([1, { error: { kind: 'document-stale' } }])
  } finally {
    await server.stop()
    await drop()
  }
})
