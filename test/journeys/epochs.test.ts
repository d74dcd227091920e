// Epoch seeds from their making to their end: made and published in one step, kept while anything hangs on them, destroyed.
import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { readDeviceKey, replaceFile, writeNewKeyFile } from '../../src/cli/keyring.ts'
import {
  acknowledge,
  casesUnder,
  type Device,
  deviceOf,
  epochsOf,
  nextEpochs,
  type OpenedCase,
  pickUp,
  sendFollowUp,
  serviceAt,
} from '../../src/client/index.ts'
import { deriveSealingPair, keyId, randomBytes, sealingSeed } from '../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { fromBase64url, toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { type DeviceKey, type EpochSeed, formatKeyFile } from '../../src/protocol/key-file.ts'
import { wrapContentKey } from '../../src/protocol/wrapped-key.ts'
import { bongsu } from '../cli/run.ts'
import { newMachine } from '../support/machine.ts'
import { rowsOf } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { handOnWithoutFirst } from './colleagues.ts'
import { caseOf, deviceIn, openById, sendReport, trustIn } from './people.ts'

vi.setConfig({ testTimeout: 180_000 })

let world: World
let folder: string
beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'bongsu-epochs-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await world.stop()
})

const now = () => ({ now: world.now() })
const today = () => dayOf(world.now())
const never = async (): Promise<string> => {
  throw new Error('it asked for a passphrase')
}

const run = (args: readonly string[], key: string, ...more: string[]) =>
  bongsu([...args, '--server', world.agencyUrl, '--key', key, ...more, '--json'])

/** The agency's intake device, with one more seed: of an epoch key that began so many days ago. */
async function withOldSeed(agency: AgencyId, daysAgo: number, name: string) {
  const old: EpochSeed = { seed: sealingSeed(randomBytes(32)), validFrom: addDays(today(), -daysAgo) }
  const key = await world.deviceKey(agency)
  const path = join(folder, `${name}.key.json`)
  await writeNewKeyFile(path, { ...key, epochs: [old, ...key.epochs] }, null)
  return { old, path }
}

/** As if the message had been sent when that key was in use. */
async function sealedTo(
  { seed }: EpochSeed,
  opened: OpenedCase,
  agencyId: AgencyId,
  index = 0,
): Promise<void> {
  const { publicKey } = deriveSealingPair(seed)
  const to = { agencyId, keyId: keyId(publicKey), sealingKey: publicKey }
  const { seenHead = null } = opened.messages[index] ?? {}
  const bound = seenHead === null ? to : { ...to, head: fromBase64url(seenHead) }
  const { contentKey, digest } = index === 0 ? opened : (opened.followUps[index - 1] ?? opened)
  if (!contentKey) throw new Error('it does not open')
  const { wrapped } = await wrapContentKey(contentKey, digest, bound, randomBytes)
  await rowsOf(world, 'update wrapped_keys set key_id = $1, wrapped = $2 where case_id = $3 and index = $4', [
    to.keyId,
    wrapped,
    fromBase64url(opened.id),
    index,
  ])
}

async function deviceWith(key: DeviceKey): Promise<Device> {
  const service = serviceAt(world.agencyUrl)
  return deviceOf(service, await trustIn(world, service), key)
}

const totalsOf = async (device: Device) => {
  const [first] = epochsOf(device)
  if (!first) throw new Error('no epoch')
  const { total, hanging } = await casesUnder(device, first)
  return [first.stage, total, hanging.length]
}

test('a case hangs on its seed until its keys were handed on, follow-ups and all', async () => {
  const device = await deviceIn(world, 'police')
  expect(await totalsOf(device)).toEqual(['sealing', 0, 0])
  const sent = await sendReport(world, '씨앗에 걸린 신고', ['police'])
  const id = await caseOf(device, sent)
  expect(await totalsOf(device)).toEqual(['sealing', 1, 1])
  await acknowledge(device, await openById(device, id), now())
  expect(await totalsOf(device)).toEqual(['sealing', 1, 0])
  await sendFollowUp(sent.reporter, '덧붙임')
  expect(await totalsOf(device)).toEqual(['sealing', 1, 1])
  await acknowledge(device, await openById(device, id), now())
  expect(await totalsOf(device)).toEqual(['sealing', 1, 0])
})

test('a machine, to which nobody hands keys on, looks whether a colleague has them', async () => {
  const { device, key } = await newMachine(world, 'ip-police')
  const sent = await sendReport(world, '기계가 받은 신고', ['ip-police'])
  const id = await caseOf(device, sent)
  expect(await totalsOf(device)).toEqual(['sealing', 1, 1])
  await pickUp(device, { case: id, state: 'new' }, now())
  expect(await totalsOf(device)).toEqual(['sealing', 1, 0])
  await sendFollowUp(sent.reporter, '덧붙임')
  expect(await totalsOf(device)).toEqual(['sealing', 1, 1])
  // One that has another seed cannot tell, and so keeps it.
  const stranger = await deviceWith({
    ...key,
    epochs: [{ ...key.epochs[0], seed: sealingSeed(randomBytes(32)) } as EpochSeed],
  })
  const [held] = epochsOf(device)
  expect((await casesUnder(stranger, held ?? { keyId: new Uint8Array(16) })).hanging).toEqual([id])
})

test('a machine looks for each message whether its own key was handed on, not how many were', async () => {
  const { device: machine, key } = await newMachine(world, 'police')
  const sent = await sendReport(world, '하나만 빠진 신고', ['police'])
  const intake = await deviceIn(world, 'police')
  const id = await caseOf(intake, sent)
  await sendFollowUp(sent.reporter, '빠진 것')
  await sendFollowUp(sent.reporter, '다음 열쇠로 봉한 것')
  const [first, second] = key.epochs
  if (!first || !second) throw new Error('two epochs')
  await sealedTo(second, await openById(intake, id), 'police', 2)
  await handOnWithoutFirst(world, intake, id)
  const { publicKey } = deriveSealingPair(first.seed)
  const under = () => casesUnder(machine, { keyId: keyId(publicKey) })
  expect((await under()).hanging).toEqual([id])
  await acknowledge(intake, await openById(intake, id), now())
  expect((await under()).hanging).toEqual([])
})

test('a seed is kept for 35 days from its first, to the day', async () => {
  const key = await world.deviceKey('police')
  const trust = await trustIn(world)
  const from = key.epochs[0]?.validFrom ?? ''
  const stageOn = (day: string) => epochsOf({ ...device, trust: { ...trust, today: day } })[0]?.stage
  const device = await deviceIn(world, 'police')
  const days = [-1, 0, 6, 7, 20, 21, 34, 35]
  expect(days.map(after => stageOn(addDays(from, after)))).toEqual([
    'ahead',
    'sealing',
    'sealing',
    'accepting',
    'accepting',
    'kept',
    'kept',
    'over',
  ])
})

test('`epochs destroy` keeps a seed while a case hangs on it, and says which', async () => {
  const { old, path } = await withOldSeed('serious-crimes', 36, 'hanging')
  const intake = await deviceIn(world, 'serious-crimes')
  const sent = await sendReport(world, '아무도 열지 않은 신고', ['serious-crimes'])
  const opened = await openById(intake, await caseOf(intake, sent))
  await sealedTo(old, opened, 'serious-crimes')
  const shown = toHex(fromBase64url(opened.id))

  const listed = await run(['epochs'], path)
  const [first, second] = (listed.json as { epochs: object[] }).epochs
  expect(first).toMatchObject({ stage: 'over', cases: 1, hanging: [shown] })
  expect(second).toMatchObject({ stage: 'sealing', cases: 0, hanging: [] })
  const before = await readFile(path, 'utf8')
  const refused = await run(['epochs', 'destroy'], path, '--yes')
  expect([refused.code, refused.json]).toMatchObject([1, { destroyed: [], kept: [{ hanging: [shown] }] }])
  expect(await readFile(path, 'utf8')).toBe(before)

  expect((await run(['open', shown], path)).json).toMatchObject({ recorded: true })
  const done = await run(['epochs', 'destroy'], path, '--yes')
  expect([done.code, done.json]).toMatchObject([0, { destroyed: [{ validFrom: old.validFrom }], kept: [] }])
  const text = await readFile(path, 'utf8')
  expect(text).not.toContain(toBase64url(old.seed))
  expect((await readDeviceKey(path, never)).epochs).toEqual((await world.deviceKey('serious-crimes')).epochs)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  // What was handed on is still read.
  expect((await run(['open', shown, '--no-record'], path)).json).toMatchObject({
    answers: { what: '아무도 열지 않은 신고' },
  })
})

test('a seed whose 14 days are not over is kept, whatever hangs on it', async () => {
  const { path } = await withOldSeed('nis', 34, 'young')
  const before = await readFile(path, 'utf8')
  const { code, json } = await run(['epochs', 'destroy'], path, '--yes')
  expect([code, json]).toEqual([0, { destroyed: [], kept: [] }])
  expect(await readFile(path, 'utf8')).toBe(before)
})

test('nothing is destroyed unasked, unreachable, or by a clock that nobody vouches for', async () => {
  const { path } = await withOldSeed('nis', 40, 'unasked')
  const before = await readFile(path, 'utf8')
  expect((await run(['epochs', 'destroy'], path)).code).toBe(2)
  expect((await run(['epochs', 'destroy'], path, '--yes', '--allow-stale')).code).toBe(2)
  expect((await run(['epochs', 'destroy'], path, '--yes', '--server', 'http://127.0.0.1:9')).code).toBe(3)
  expect(await readFile(path, 'utf8')).toBe(before)
})

test('a sealed key file stays sealed, and loses its old seed', async () => {
  const { old, path } = await withOldSeed('nis', 40, 'sealed')
  const passphrase = join(folder, 'passphrase')
  await writeFile(passphrase, '아무도 모르는 말\n', { mode: 0o600 })
  await bongsu(['authority', 'seal', path, '--passphrase-file', passphrase])
  const { code, json } = await run(['epochs', 'destroy'], path, '--yes', '--passphrase-file', passphrase)
  expect([code, json]).toMatchObject([0, { destroyed: [{ validFrom: old.validFrom }] }])
  expect(await readFile(path, 'utf8')).toMatch(/^-----BEGIN AGE|^age-encryption/)
  const key = await readDeviceKey(path, async () => '아무도 모르는 말')
  expect(key.epochs.some(({ seed }) => toHex(seed) === toHex(old.seed))).toBe(false)
})

test('`rotate-epochs` makes, keeps and publishes what is missing, and nothing twice', async () => {
  const intake = world.deviceKeyFile('sme-office')
  const machine = join(folder, 'machine.key.json')
  const key = await world.deviceKey('sme-office')
  await replaceFile(machine, formatKeyFile({ ...key, epochs: [] }))
  const identity = ['--identity', join(world.store.folder, 'sme-office-identity.key.json')]
  const rotate = (...more: string[]) => run(['authority', 'rotate-epochs', ...identity, ...more], intake)

  const first = await run(['authority', 'rotate-epochs', ...identity, '--weeks', '7'], intake, machine)
  const added = [35, 42].map(after => addDays(key.epochs[0]?.validFrom ?? '', after))
  expect(first.json).toMatchObject({ version: 2, added, withoutSeed: [], last: added.at(-1) })
  const [own, theirs] = [await readDeviceKey(intake, never), await readDeviceKey(machine, never)]
  expect(own.epochs).toHaveLength(key.epochs.length + 2)
  expect(theirs.epochs).toEqual(own.epochs)
  expect((await trustIn(world)).statements.get('sme-office')).toMatchObject({ version: 2 })

  expect((await rotate('--weeks', '7')).json).toMatchObject({ version: 2, added: [] })
  expect(await readDeviceKey(intake, never)).toEqual(own)
  // What was made can be written to.
  expect(epochsOf(await deviceWith(theirs)).every(({ isPublished }) => isPublished)).toBe(true)
})

test('begun afresh, a statement names no key that was in wrong hands, and later ones bring none back', async () => {
  const path = join(folder, 'afresh.key.json')
  await copyFile(world.deviceKeyFile('ip-police'), path)
  const before = await readDeviceKey(path, never)
  const identity = ['--identity', join(world.store.folder, 'ip-police-identity.key.json')]
  const { json } = await run(['authority', 'rotate-epochs', ...identity, '--afresh', '--weeks', '1'], path)
  expect(json).toMatchObject({ version: 2, added: [today()] })
  await run(['authority', 'rotate-epochs', ...identity, '--weeks', '3'], path)
  const device = await deviceWith(await readDeviceKey(path, never))
  const published = epochsOf(device).filter(({ isPublished }) => isPublished)
  expect(published.map(({ validFrom }) => validFrom)).toEqual(
    [0, 7, 14].map(after => addDays(today(), after)),
  )
  // The old ones still open what was sealed to them.
  expect(device.key.epochs).toHaveLength(before.epochs.length + 3)
})

test('an identity key that is another agency’s changes nothing', async () => {
  const path = world.deviceKeyFile('nis')
  const before = await readFile(path, 'utf8')
  const identity = ['--identity', join(world.store.folder, 'police-identity.key.json')]
  const { code } = await run(['authority', 'rotate-epochs', ...identity, '--weeks', '9'], path)
  expect(code).toBe(2)
  expect(await readFile(path, 'utf8')).toBe(before)
})

test('after a pause, epoch keys begin on the day itself', async () => {
  const trust = await trustIn(world)
  const later = addDays(today(), 100)
  const { version, kept, added } = nextEpochs({ ...trust, today: later }, 'nis', { weeks: 2 })
  expect([version, kept]).toEqual([2, []])
  expect(added.map(({ validFrom }) => validFrom)).toEqual([later, addDays(later, 7)])
})
