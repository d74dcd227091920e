import { beforeAll, expect, test } from 'vitest'
import {
  buildDirectory,
  buildRoot,
  type DirectoryInput,
  type RootInput,
} from '../../src/protocol/authority.ts'
import { type DeploymentId, deploymentIdOf } from '../../src/protocol/crypto.ts'
import {
  checkFresh,
  findAgency,
  isValidOn,
  recommendAgencies,
  verifyDirectory,
  verifyRootChain,
} from '../../src/protocol/directory.ts'
import { deploymentIdFrom, signDocument } from '../../src/protocol/document.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { type NoteKey, type NoteSigner, noteText, signNote } from '../../src/protocol/signed-note.ts'
import { filled, hex, refusal, refusalOf } from './support.ts'
import { buildWorld, noteSigning, type World } from './world.ts'

let world: World
let next: NoteSigner[]
beforeAll(async () => {
  world = await buildWorld()
  next = await Promise.all(['next-1', 'next-2', 'next-3'].map(noteSigning))
})

const root = (change: Partial<RootInput>, deployment: DeploymentId | null, signers: readonly NoteSigner[]) =>
  buildRoot({ ...world.rootInput, ...change }, deployment, signers)

/** Root 2, which replaces all keys. */
const second = (signers: readonly NoteSigner[], change: Partial<RootInput> = {}) =>
  root({ version: 2, keys: next.map(({ key }) => key), ...change }, world.deployment, signers)

const chain = (...notes: string[]) => verifyRootChain([world.rootNote, ...notes], world.deployment)
const old = () => world.rootSigners

test('the first root stands by its own threshold, and its hash is the deployment', async () => {
  expect(await chain()).toEqual({ ...world.rootInput, deploymentId: world.deployment })
  expect(deploymentIdFrom(world.rootNote)).toEqual(world.deployment)
})

test('a first root below its threshold is refused, and its id does not depend on who signed', async () => {
  const one = root({}, null, old().slice(0, 1))
  expect(await refusalOf(verifyRootChain([one], world.deployment))).toBe('bad-signature')
  const all = root({}, null, old())
  expect((await verifyRootChain([all], world.deployment)).deploymentId).toEqual(world.deployment)
})

test('a root of another deployment, and an empty chain, are refused', async () => {
  const other = deploymentIdOf(filled(32, 0))
  expect(await refusalOf(verifyRootChain([world.rootNote], other))).toBe('wrong-deployment')
  expect(await refusalOf(verifyRootChain([], world.deployment))).toBe('bad-document')
  expect(await refusalOf(verifyRootChain([second([...old(), ...next])], world.deployment))).toBe(
    'wrong-deployment',
  )
})

test('keys rotate where both thresholds signed, and the new keys then rotate alone', async () => {
  const two = second([...old().slice(0, 2), ...next.slice(0, 2)])
  expect((await chain(two)).version).toBe(2)
  const third = root({ version: 3 }, world.deployment, [...next.slice(1), ...old().slice(1)])
  expect((await chain(two, third)).keys).toEqual(world.rootInput.keys)
})

test('a rotation that either side signed below its threshold is refused', async () => {
  const below = [
    second(next),
    second([...old()]),
    second([...old().slice(0, 1), ...next]),
    second([...old(), ...next.slice(0, 1)]),
  ]
  for (const two of below) expect(await refusalOf(chain(two))).toBe('bad-signature')
})

test('the new root’s threshold is its own: one signature does not do for two', async () => {
  const two = second([...old(), ...next.slice(0, 2)], { threshold: 3 })
  expect(await refusalOf(chain(two))).toBe('bad-signature')
})

test('versions follow one another: none is left out, repeated, reordered or goes back', async () => {
  const two = second([...old(), ...next])
  const third = root({ version: 3 }, world.deployment, [...next, ...old()])
  for (const notes of [[third], [two, two], [world.rootNote], [two, third, two]]) {
    expect(['bad-document', 'wrong-deployment']).toContain(await refusalOf(chain(...notes)))
  }
  const stale = second([...old(), ...next], { version: 1 })
  expect(await refusalOf(chain(stale))).toBe('bad-document')
})

test('a later root names the deployment', async () => {
  const nameless = root({ version: 2 }, null, old())
  expect(await refusalOf(chain(nameless))).toBe('wrong-deployment')
  const elsewhere = root({ version: 2 }, deploymentIdOf(filled(32, 1)), old())
  expect(await refusalOf(chain(elsewhere))).toBe('wrong-deployment')
})

test('a chain has an end', async () => {
  const notes = Array.from({ length: 64 }, () => world.rootNote)
  expect(await refusalOf(chain(...notes))).toBe('bad-document')
})

test('one key counts once, under whatever names it is listed', async () => {
  const [a] = world.rootSigners
  if (!a) throw new Error('a signer')
  const alias = { ...a.key, name: 'alias' }
  const twice = (change: Partial<RootInput>) => {
    const note = root(change, null, old())
    return refusalOf(verifyRootChain([note], deploymentIdFrom(note)))
  }
  expect(await twice({ keys: [a.key, alias] })).toBe('bad-document')
  expect(await twice({ keys: [a.key, a.key] })).toBe('bad-document')
  expect(await twice({ directoryKeys: [a.key, alias] })).toBe('bad-document')
  expect(await twice({ threshold: 4 })).toBe('bad-document')
  expect(await twice({ threshold: 0 })).toBe('bad-document')
  expect(await twice({ directoryThreshold: 2 })).toBe('bad-document')
})

test('one signature repeated counts once', async () => {
  const [a] = old()
  if (!a) throw new Error('a signer')
  const note = root({}, null, [a, a, a])
  expect(await refusalOf(verifyRootChain([note], world.deployment))).toBe('bad-signature')
})

test('a root with a small-order key is refused', async () => {
  const [a, b, c] = world.rootInput.keys
  const weak = { ...c, name: 'weak', publicKey: hex(`01${'00'.repeat(31)}`) } as NoteKey
  const note = root({ keys: [a, b, weak].filter(key => key !== undefined) }, null, old())
  expect(await refusalOf(verifyRootChain([note], deploymentIdFrom(note)))).toBe('bad-key')
})

test('a root with a duplicate member is refused', async () => {
  const text = noteText(world.rootNote)
  const note = signNote(text.replace('"threshold":2', '"threshold":1,"threshold":2'), old())
  expect(await refusalOf(verifyRootChain([note], deploymentIdFrom(note)))).toBe('bad-document')
})

const directory = (change: Partial<DirectoryInput> = {}, signers = [world.directorySigner]) =>
  buildDirectory({ ...world.directoryInput, ...change }, world.deployment, signers)

test('a directory under the root says what was written', async () => {
  const verified = await verifyDirectory(directory({ demonstration: true }), world.root)
  expect(verified.demonstration).toBe(true)
  expect(verified.version).toBe(1)
  expect(verified.agencies.map(agency => agency.id)).toEqual(['north', 'south'])
  expect(findAgency(verified, 'south')?.names.en).toBe('Agency south')
  expect(findAgency(verified, 'west')).toBeNull()
})

test('a directory that the root’s directory keys did not sign is refused', async () => {
  expect(await refusalOf(verifyDirectory(directory({}, []), world.root))).toBe('bad-document')
  expect(await refusalOf(verifyDirectory(directory({}, [...old()]), world.root))).toBe('bad-signature')
  const impostor = { key: world.directorySigner.key, pair: (await noteSigning('thief')).pair }
  expect(await refusalOf(verifyDirectory(directory({}, [impostor]), world.root))).toBe('bad-signature')
})

test('a directory of another deployment, or another document, is refused', async () => {
  const elsewhere = buildDirectory(world.directoryInput, deploymentIdOf(filled(32, 0)), [
    world.directorySigner,
  ])
  expect(await refusalOf(verifyDirectory(elsewhere, world.root))).toBe('wrong-deployment')
  const other = signDocument('statement', world.deployment, {}, [world.directorySigner])
  expect(await refusalOf(verifyDirectory(other, world.root))).toBe('bad-document')
})

test('any member changed after signing is noticed', async () => {
  for (const [old, changed] of [
    ['"version":1', '"version":2'],
    ['2026-03-08', '2027-03-08'],
    ['"south"', '"scuth"'],
  ] as const) {
    expect(await refusalOf(verifyDirectory(directory().replace(old, changed), world.root))).toBe(
      'bad-signature',
    )
  }
})

test('a directory that contradicts itself or leaves something out is refused', async () => {
  const [north, south] = world.directoryInput.agencies
  if (!north || !south) throw new Error('two agencies')
  const wrong: Partial<DirectoryInput>[] = [
    { agencies: [north, south, north] },
    { agencies: [north] },
    { agencies: [north, { ...south, id: 'South' }] },
    { agencies: [north, { ...south, validUntil: '2026-02-30' }] },
    { agencies: [north, { ...south, names: { ko: '', en: 'x' } }] },
    { agencies: [north, { ...south, successor: 'Not an id' }] },
    { version: 0 },
    { expires: 'never' },
    { timers: { acknowledgeDays: 0, feedbackDays: 1 } },
    { routes: [{ kinds: [], fields: [], involved: [], agencies: ['west'] }] },
  ]
  for (const [index, change] of wrong.entries()) {
    const code = await refusalOf(verifyDirectory(directory(change), world.root))
    expect(`${index} ${code}`).toBe(`${index} bad-document`)
  }
  const weak = { ...south.identity, publicKey: filled(32, 0) } as NoteKey
  const note = directory({ agencies: [north, { ...south, identity: weak }] })
  expect(await refusalOf(verifyDirectory(note, world.root))).toBe('bad-key')
  expect(toBase64url(filled(32, 0))).toBe('A'.repeat(43))
})

test('a document is fresh through its last day and, for a wrong clock, the day after', () => {
  const document = { expires: '2026-03-08' }
  for (const day of ['2026-03-01', '2026-03-08', '2026-03-09']) {
    expect(refusal(() => checkFresh(document, day))).toBe('accepted')
  }
  expect(refusal(() => checkFresh(document, '2026-03-10'))).toBe('expired')
  expect(refusal(() => checkFresh({ expires: '9999-12-31' }, '2026-03-10'))).toBe('accepted')
})

test('an entry is valid from its first day through its last', () => {
  const entry = { validFrom: '2026-03-01', validUntil: '2026-03-02' }
  const days = ['2026-02-28', '2026-03-01', '2026-03-02', '2026-03-03']
  expect(days.map(day => isValidOn(entry, day))).toEqual([false, true, true, false])
})

test('agencies are recommended by every answer given, in the table’s order, once, and only valid ones', async () => {
  const [north, south] = world.directoryInput.agencies
  if (!north || !south) throw new Error('two agencies')
  const rule = { kinds: [], fields: [], involved: [], agencies: [] }
  const routes = [
    { ...rule, kinds: ['K01'], agencies: ['south'] },
    { ...rule, fields: ['F01'], involved: ['foreign'], agencies: ['north'] },
    { ...rule, agencies: ['north', 'south', 'late'] },
  ]
  const late = { ...south, id: 'late', validFrom: '2026-06-01' }
  const verified = await verifyDirectory(directory({ agencies: [north, south, late], routes }), world.root)
  const day = '2026-03-02'
  expect(recommendAgencies(verified, { kind: 'K01' }, day)).toEqual(['south', 'north'])
  expect(recommendAgencies(verified, { field: 'F01', involved: ['foreign', 'x'] }, day)).toEqual([
    'north',
    'south',
  ])
  expect(recommendAgencies(verified, {}, day)).toEqual(['north', 'south'])
  expect(recommendAgencies(verified, { kind: 'K01' }, day, 1)).toEqual(['south'])
  expect(recommendAgencies(verified, {}, '2026-06-01')).toEqual(['north', 'south', 'late'])
})
