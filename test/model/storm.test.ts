// Everybody acts on one case at once, again and again: whatever wins, the case is whole afterwards.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  choicesOf,
  type Device,
  type OpenedCase,
  readCases,
  readStatus,
  sendFollowUp,
  withdrawReport,
} from '../../src/client/index.ts'
import { createFeeds } from '../../src/server/casework/feed.ts'
import { assessed, done, now, takeUp } from '../journeys/colleagues.ts'
import { deviceIn, openById, refusalOf, type SentReport } from '../journeys/people.ts'
import { rounds } from '../support/rounds.ts'
import { createWorld, type World } from '../support/world.ts'
import { AGENCIES } from './model.ts'
import { ACTIONS, codeOf, namesAgency } from './rules.ts'

const errors: string[] = []
let world: World
beforeAll(async () => {
  world = await createWorld({
    workBits: 0,
    onLogLine: line => void (line.includes('"err"') && errors.push(line)),
  })
})
afterAll(() => world.stop())

/** What may come of it when others are quicker. */
const OUTCOMES = [
  'accepted',
  'NotAllowed',
  'InvalidInput',
  'KeysMissing',
  'action-refused',
  'chain-moved',
  'not-found',
  'no-key',
]

interface Person {
  readonly device: Device
  /** What was read before anybody acted; null for nothing. */
  readonly read: OpenedCase | null
}

const ROLES = ['intake', 'investigator', 'supervisor'] as const

async function everybody(sent: SentReport): Promise<Person[]> {
  await createFeeds(world.database).beat()
  const people = AGENCIES.flatMap(agency => ROLES.map(role => deviceIn(world, agency, role)))
  return Promise.all(
    (await Promise.all(people)).map(async device => {
      const cases = (await readCases(device))?.cases ?? []
      const opened = await Promise.all(cases.map(entry => openById(device, entry.case).catch(() => null)))
      const { digest } = sent.prepared
      return { device, read: opened.find(one => one && Buffer.compare(one.digest, digest) === 0) ?? null }
    }),
  )
}

/** One of those things that are open to them, as far as they know. */
async function something({ device, read }: Person, pick: number): Promise<string> {
  if (!read) return 'not-found'
  const open = choicesOf(device, read).filter(({ obstacle }) => obstacle === null)
  const actions = ACTIONS.filter(
    action =>
      !['conflict-declared', 'noted', 'outcome-reported'].includes(action) &&
      open.some(one => one.action === action),
  )
  const action = actions[pick % Math.max(actions.length, 1)]
  if (!action) return refusalOf(acknowledge(device, read, now(world)))
  const code = codeOf(action)
  const others = AGENCIES.filter(id => id !== device.agency.id)
  const subject = others[Math.floor(pick / 20) % others.length]
  return refusalOf(
    act(
      device,
      read,
      { action, ...(code ? { code } : {}), ...(namesAgency(action) && subject ? { subject } : {}) },
      now(world),
    ),
  )
}

/** Whoever is said to have the case opens all of it, and nobody else anything; somebody holds it. */
async function expectWhole(sent: SentReport): Promise<void> {
  const status = await readStatus(sent.reporter)
  const assigned = status.agencies.filter(({ state }) => state === 'assigned').map(({ id }) => id)
  for (const { chain, contradicted } of status.agencies)
    expect({ chain, contradicted }).toEqual({ chain: 'sound', contradicted: false })
  const people = await everybody(sent)
  const readers = people.filter(({ device: { certified }, read }) => read && certified.role === 'intake')
  expect(readers.map(({ device: { agency } }) => agency.id).sort()).toEqual(assigned.sort())
  for (const { read } of readers) {
    expect(read?.followUps).toHaveLength(status.followUps.length)
    for (const { contentKey } of read?.followUps ?? []) expect(contentKey).not.toBeNull()
  }
  const holders = readers.filter(({ read }) => read?.file.standing.includes('holder'))
  expect(holders.length).toBeGreaterThan(0)
  expect(errors).toEqual([])
}

test('a case on which everybody acts at once is whole after each time', async () => {
  const { sent, device, id } = await assessed(world, '모두 한꺼번에', ['sme-office', 'nis'])
  await takeUp(world, sent, 'nis')
  await done(world, device, id, { action: 'accepted' })
  const picks = fc.sample(fc.array(fc.nat(10_000), { minLength: 15, maxLength: 15 }), rounds(5, 120))
  for (const [round, chosen] of picks.entries()) {
    const people = await everybody(sent)
    const writes = round % 2 === 0 && round < 24 ? [refusalOf(sendFollowUp(sent.reporter, `${round}`))] : []
    const outcomes = await Promise.all([
      ...people.map((person, i) => something(person, chosen[i] ?? 0)),
      ...writes,
      ...(round % 3 === 2 ? [refusalOf(withdrawReport(sent.reporter))] : []),
    ])
    for (const outcome of outcomes) expect(OUTCOMES).toContain(outcome)
    await expectWhole(sent)
  }
})
