// Telling agencies of due days while somebody is at work on their cases.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { records } from '../../src/server/intake/service.ts'
import { submit } from '../support/reporter.ts'
import { createWorld, type World } from '../support/world.ts'

const lines: string[] = []
let world: World
beforeAll(async () => {
  world = await createWorld({ onLogLine: line => void lines.push(line) })
})
afterAll(() => world.stop())

const OVERDUE = {
  name: 'test-overdue',
  text: `update assignments set due = $1, due_told = null, changed = false where report_id = $2`,
}
const HOLD = {
  name: 'test-hold',
  text: `select 1 from assignments where report_id = $1 and agency_id = 'nis' for update`,
}
const TOLD = {
  name: 'test-told',
  text: `select agency_id from assignments where report_id = $1 and due_told is not null order by agency_id`,
}

test('a case that somebody is just changing is not waited for, and the others are told', async () => {
  const { reportId } = await submit(world, ['nis', 'police'])
  const today = dayOf(world.now())
  await world.database.query(OVERDUE, [addDays(today, -1), reportId])
  await world.database.transaction(async queries => {
    await queries.query(HOLD, [reportId])
    await records.tellCasesDue(world.database, today)
  })
  expect(await world.database.query(TOLD, [reportId])).toEqual([{ agency_id: 'police' }])
  await records.tellCasesDue(world.database, today)
  expect(await world.database.query(TOLD, [reportId])).toHaveLength(2)
})

test('a service that waits for its first directory looks for due days without a word', () => {
  // It ran before anything was published here.
  expect(lines.filter(line => line.includes('job failed'))).toEqual([])
})
