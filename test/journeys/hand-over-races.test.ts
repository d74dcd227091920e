// People of two agencies, and the reporter, act on one case at once: one of two things happens, and then it is whole.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  type Device,
  partnersOf,
  RequestProblem,
  readStatus,
  sendFollowUp,
  serviceAt,
  withdrawReport,
} from '../../src/client/index.ts'
import { rounds } from '../support/rounds.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { type AtWork, assessed, cursorOf, done, now, offer, statusOf, takeUp } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, reporters } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const ROUNDS = rounds(3, 40)

/** Null where the agency has nothing (any more). */
const opened = (device: Device, id: string) => openById(device, id).catch(() => null)

/** Every message that is there opens to whoever holds the case, and the reporter knows who that is. */
async function expectWhole({ sent }: AtWork, holders: readonly (readonly [Device, string])[]): Promise<void> {
  const status = await readStatus(sent.reporter)
  const here = status.agencies.filter(({ state }) => state === 'assigned').map(({ id }) => id)
  expect(here.sort()).toEqual(holders.map(([{ agency }]) => agency.id).sort())
  for (const { chain } of status.agencies) expect(chain).toBe('sound')
  for (const [device, id] of holders) {
    const { followUps } = await openById(device, id)
    expect(followUps).toHaveLength(status.followUps.length)
    for (const { contentKey } of followUps) expect(contentKey).not.toBeNull()
  }
}

async function accepted(text: string, from: AgencyId = 'sme-office', to: AgencyId = 'police') {
  const work = await assessed(world, text, [from])
  await offer(world, { agency: from, id: work.id }, 'hand-over-proposed', to)
  const other = await deviceIn(world, to)
  const otherId = await caseOf(other, work.sent)
  await done(world, other, otherId, { action: 'hand-over-accepted' })
  return { ...work, other, otherId }
}

test('a case that is taken over while the hand-over is withdrawn is with one of the two, whole', async () => {
  const outcomes: string[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const work = await accepted(`엇갈림 ${round}`)
    const { device, id, other, otherId } = work
    const investigator = await deviceIn(world, 'sme-office', 'investigator')
    const [mine, theirs] = [await openById(investigator, id), await openById(other, otherId)]
    const [withdrawn, taken] = await Promise.all([
      refusalOf(act(investigator, mine, { action: 'hand-over-withdrawn' }, now(world))),
      refusalOf(act(other, theirs, { action: 'taken-over' }, now(world))),
    ])
    outcomes.push(`${withdrawn}, ${taken}`)
    const isTaken = taken === 'accepted'
    await expectWhole(work, [isTaken ? [other, otherId] : [device, id]])
    expect(await opened(isTaken ? device : other, isTaken ? id : otherId)).toBeNull()
  }
  for (const outcome of outcomes) expect(['not-found, accepted', 'accepted, not-found']).toContain(outcome)
})

test('a follow-up that crosses a take-over arrives at the new holder', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const work = await accepted(`인수와 글 ${round}`, 'nis', 'ip-police')
    const { other, otherId, sent, device, id } = work
    const theirs = await openById(other, otherId)
    await Promise.all([
      sendFollowUp(sent.reporter, '하필 지금'),
      act(other, theirs, { action: 'taken-over' }, now(world)),
    ])
    await expectWhole(work, [[other, otherId]])
    expect((await openById(other, otherId)).followUps.map(({ text }) => text)).toEqual(['하필 지금'])
    expect(await opened(device, id)).toBeNull()
  }
})

test('a withdrawal that crosses an offer leaves the asked agency the whole case, or nothing', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const work = await assessed(world, `철회와 제안 ${round}`, ['police', 'serious-crimes'])
    const [outcome] = await Promise.all([
      withdrawReport(work.sent.reporter),
      offer(world, { agency: 'police', id: work.id }, 'hand-over-proposed', 'serious-crimes'),
    ])
    expect(outcome).toBe('partly-withdrawn')
    const status = await statusOf(work.sent)
    const other = await deviceIn(world, 'serious-crimes')
    const otherId = await caseOf(other, work.sent).catch(() => null)
    const isAsked = status['serious-crimes']?.state === 'assigned'
    expect(otherId !== null).toBe(isAsked)
    await expectWhole(work, [
      [work.device, work.id],
      ...(otherId === null ? [] : [[other, otherId] as const]),
    ])
    const mine = await openById(work.device, work.id)
    expect(mine.withdrawal).toBe('wished')
    // Whatever came first, the one that offers sees the same.
    expect(partnersOf(work.device, mine).map(({ agencyId }) => agencyId)).toEqual(
      isAsked ? ['serious-crimes'] : [],
    )
    if (otherId !== null) expect((await openById(other, otherId)).withdrawal).toBe('wished')
  }
})

test('two devices of the holder cannot offer one case to two agencies at once', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const work = await assessed(world, `둘의 제안 ${round}`, ['sme-office'])
    const people = await Promise.all(
      (['investigator', 'supervisor'] as const).map(role => deviceIn(world, 'sme-office', role)),
    )
    const seen = await Promise.all(people.map(person => openById(person, work.id)))
    const outcomes = await Promise.all(
      people.map((person, i) => {
        const subject = i === 0 ? 'police' : 'nis'
        const wanted = { action: 'hand-over-proposed', subject, code: 'power-needed' } as const
        const mine = seen[i]
        return mine ? refusalOf(act(person, mine, wanted, now(world))) : 'not opened'
      }),
    )
    expect(outcomes.sort()).toEqual(['NotAllowed', 'accepted'])
    const partners = partnersOf(work.device, await openById(work.device, work.id))
    expect(partners).toHaveLength(1)
  }
})

test('two holders that ask the same agency at once are both told that they did', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    const work = await assessed(world, `두 제안 ${round}`, ['sme-office', 'nis'])
    const second = await takeUp(world, work.sent, 'nis')
    await Promise.all([
      offer(world, { agency: 'sme-office', id: work.id }, 'agency-invited', 'police'),
      offer(world, { agency: 'nis', id: second.id }, 'hand-over-proposed', 'police'),
    ])
    const police = await deviceIn(world, 'police')
    const otherId = await caseOf(police, work.sent)
    const theirs = await openById(police, otherId)
    expect(theirs.file.partners).toHaveLength(1)
    const asked = [await openById(work.device, work.id), await openById(second.device, second.id)]
    expect(asked.map(({ file }) => file.partners.map(({ standing }) => standing))).toEqual([
      [['invited']],
      [['proposed']],
    ])
    await expectWhole(work, [
      [work.device, work.id],
      [second.device, second.id],
      [police, otherId],
    ])
  }
})

test('a follow-up that comes while an offer is made is in it all the same', async () => {
  const work = await assessed(world, '제안하는 사이', ['ip-police'])
  const posted: number[] = []
  const intake = work.device
  const crossing: typeof fetch = async (input, init) => {
    const isEvent = init?.method === 'POST' && String(input).endsWith('/events')
    if (isEvent && posted.length === 0) {
      posted.push(0)
      await sendFollowUp(work.sent.reporter, '사이에 온 글')
      // Hands the new key on, so that whoever offers has it.
      await acknowledge(intake, await openById(intake, work.id), now(world))
    }
    const response = await fetch(input, init)
    if (isEvent) posted.push(response.status)
    return response
  }
  const investigator = await deviceIn(world, 'ip-police', 'investigator')
  const slow = { ...investigator, service: serviceAt(world.agencyUrl, { fetch: crossing }) }
  const wanted = { action: 'hand-over-proposed', subject: 'nis', code: 'power-needed' } as const
  await act(slow, await openById(investigator, work.id), wanted, now(world))
  expect(posted).toEqual([0, 409, 200])
  const nis = await deviceIn(world, 'nis')
  const theirs = await openById(nis, await caseOf(nis, work.sent))
  expect(theirs.followUps.map(({ text }) => text)).toEqual(['사이에 온 글'])
})

test('an offer without a follow-up that came before it is sent back, also where nothing else has moved', async () => {
  const work = await assessed(world, '열쇠가 모자란 제안', ['ip-police'])
  const supervisor = await deviceIn(world, 'ip-police', 'supervisor')
  const before = await openById(supervisor, work.id)
  await sendFollowUp(work.sent.reporter, '모르는 글')
  const wanted = { action: 'hand-over-proposed', subject: 'nis', code: 'power-needed' } as const
  const refusal = await act(supervisor, before, wanted, now(world)).catch((error: unknown) => error)
  // It reads again, and has no key for the follow-up yet: that is said, and nothing is offered.
  expect(refusal).not.toBeInstanceOf(RequestProblem)
  expect(String(refusal)).toContain('follow-up 1')
  expect(Object.keys(await statusOf(work.sent))).toEqual(['ip-police'])
})

test('a follow-up that is written while a case is handed over is sealed for whoever holds it then', async () => {
  const work = await accepted('쓰는 사이', 'nis', 'police')
  const statuses: number[] = []
  const crossing: typeof fetch = async (input, init) => {
    const isFollowUp = String(input).endsWith('/v1/report/messages')
    if (isFollowUp && statuses.length === 0)
      await done(world, work.other, work.otherId, { action: 'taken-over' })
    const response = await fetch(input, init)
    if (isFollowUp) statuses.push(response.status)
    return response
  }
  const reporter = { ...work.sent.reporter, service: reporters(world, crossing) }
  expect((await sendFollowUp(reporter, '늦게 도착한 글')).agencies).toEqual(['police'])
  expect(statuses).toEqual([409, 204])
  await expectWhole(work, [[work.other, work.otherId]])
})

// The lock of the beat that gives cases their places in the feeds.
const HOLD_BEAT = { name: 'test-hold-beat', text: 'select pg_advisory_xact_lock(1651469928, 2)' }

/** No feed moves meanwhile. PostgreSQL would end a transaction that is idle for long. */
const withoutBeats = (doing: () => Promise<void>): Promise<void> =>
  world.database.transaction(async queries => {
    await queries.query(HOLD_BEAT)
    const busy = setInterval(() => void queries.query(HOLD_BEAT).catch(() => undefined), 1000)
    await doing().finally(() => clearInterval(busy))
  })

test('an offer that is withdrawn before the asked agency’s feed has moved never appears there', async () => {
  const work = await assessed(world, '거둔 제안', ['sme-office'])
  const asked = await deviceIn(world, 'serious-crimes')
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const cursor = await cursorOf(asked)
  await withoutBeats(async () => {
    await offer(world, { agency: 'sme-office', id: work.id }, 'hand-over-proposed', 'serious-crimes')
    await done(world, investigator, work.id, { action: 'hand-over-withdrawn' })
  })
  expect(await cursorOf(asked)).toBe(cursor)
  // Asked again, it sees the case as if for the first time.
  await offer(world, { agency: 'sme-office', id: work.id }, 'hand-over-proposed', 'serious-crimes')
  const theirs = await openById(asked, await caseOf(asked, work.sent))
  expect(theirs.file.standing).toEqual(['proposed'])
})
