// Clocks of a case: due days that the service works out without reading anything, and what happens when one passes.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge, act, clocksOf, type Device, readCases } from '../../src/client/index.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, sendReport } from './people.ts'

const DAY_MS = 86_400_000

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

async function summaryOf(device: Device, id: string, after = 0) {
  const list = await readCases(device, { after })
  return list?.cases.find(entry => entry.case === id)
}

test('a new case is due by the first clock, and by the next once it was opened', async () => {
  const sent = await sendReport(world, '기한', ['nis'])
  const device = await deviceIn(world, 'nis')
  const id = await caseOf(device, sent)
  const day = dayOf(world.now())
  expect(await summaryOf(device, id)).toMatchObject({ stage: 'new', due: addDays(day, 7) })
  await acknowledge(device, await openById(device, id), now())
  const opened = await openById(device, id)
  expect(opened.file.stage).toBe('acknowledged')
  const clocks = Object.fromEntries(clocksOf(device, opened).map(({ policy, state }) => [policy.id, state]))
  expect(clocks['eu-acknowledgement']?.condition).toBe('met')
  expect(clocks['assessment-start']?.condition).toBe('running')
  const due = clocks['assessment-start']?.due
  expect(opened.file.due).toBe(due?.known ? due.day : null)
  await act(device, opened, { action: 'assessment-started' }, now())
  expect((await openById(device, id)).file.due).not.toBe(opened.file.due)
})

test('an agency that takes a case over is not late with what the one before did', async () => {
  const sent = await sendReport(world, '넘겨받은 기한', ['sme-office'])
  const device = await deviceIn(world, 'sme-office')
  const id = await caseOf(device, sent)
  await acknowledge(device, await openById(device, id), now())
  await act(device, await openById(device, id), { action: 'assessment-started' }, now())
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  const offer = { action: 'hand-over-proposed', subject: 'ip-police', code: 'power-needed' } as const
  await act(investigator, await openById(investigator, id), offer, now())
  const taker = await deviceIn(world, 'ip-police')
  const opened = await openById(taker, await caseOf(taker, sent))
  await act(taker, opened, { action: 'hand-over-accepted' }, now())
  const taken = await act(taker, await openById(taker, opened.id), { action: 'taken-over' }, now())
  if (!taken) throw new Error('the case is gone')
  const clocks = Object.fromEntries(clocksOf(taker, taken).map(({ policy, state }) => [policy.id, state]))
  expect(clocks['eu-acknowledgement']?.condition).toBe('met')
  expect(clocks['eu-feedback']?.condition).toBe('running')
  expect(taken.file.due).toBe(clocks['eu-feedback']?.due.known ? clocks['eu-feedback'].due.day : null)
})

test('a case whose due day passes comes up again, once, in its own agency’s feed', async () => {
  const sent = await sendReport(world, '지난 기한', ['police'])
  const device = await deviceIn(world, 'police')
  const id = await caseOf(device, sent)
  const other = await deviceIn(world, 'ip-police')
  const before = await readCases(device)
  const theirs = await readCases(other)
  world.advance(8 * DAY_MS)
  await world.renew()
  await world.restart()
  const later = await readCases(await deviceIn(world, 'police'), { after: before?.cursor ?? 0, wait: 5 })
  expect(later?.cases.map(entry => entry.case)).toContain(id)
  expect(later?.cases.find(entry => entry.case === id)?.due).toBe(addDays(dayOf(world.now()), -1))
  const again = await readCases(await deviceIn(world, 'police'), { after: later?.cursor ?? 0, wait: 2 })
  expect(again?.cases ?? []).toEqual([])
  expect((await readCases(await deviceIn(world, 'ip-police')))?.cursor).toBe(theirs?.cursor)
})
