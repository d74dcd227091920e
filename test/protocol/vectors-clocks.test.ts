// The vectors of clocks: our code and the second implementation show the same after the same events.
import { expect, test } from 'vitest'
import { clockStates } from '../../src/protocol/clock-state.ts'
import { parseClocks } from '../../src/protocol/clocks.ts'
import type { JsonObject } from '../../src/protocol/document.ts'
import { parseHolidayTable } from '../../src/protocol/holidays.ts'
import { runsOf } from '../support/second-clocks.ts'
import { refusal } from './support.ts'
import { readVectors } from './vectors.ts'

const vectors = readVectors('clocks')
const asJson = (value: unknown): JsonObject => JSON.parse(JSON.stringify(value))

test('clocks show what the vectors say, to both', () => {
  const policies = parseClocks(asJson({ clocks: vectors.clocks }))
  const holidays = parseHolidayTable(asJson(vectors.holidays))
  for (const { clock, events, on, states } of vectors.runs) {
    const policy = policies.find(({ id }) => id === clock)
    const entry = vectors.clocks.find(({ id }) => id === clock)
    if (!policy || !entry) throw new Error(clock)
    const shown = clockStates(policy, events, on, holidays)
    expect({ clock, events, states: shown.map(({ clock: _, ...state }) => state) }).toEqual({
      clock,
      events,
      states,
    })
    expect({ clock, events, states: runsOf(entry, events, on, holidays) }).toEqual({ clock, events, states })
  }
})

test('the vectors have every condition, and an end that is not known', () => {
  const states = vectors.runs.flatMap(run => run.states)
  const conditions = new Set(states.map(({ condition }) => condition))
  expect([...conditions].sort()).toEqual(['met', 'missed', 'paused', 'running', 'unknown'])
  expect(states.some(({ due }) => !due.known)).toBe(true)
  expect(states.some(({ extended }) => extended > 0)).toBe(true)
})

test('what the vectors refuse is refused', () => {
  for (const { why, clock, error } of vectors.refused)
    expect(`${why}: ${refusal(() => parseClocks(asJson({ clocks: [clock] })))}`).toBe(`${why}: ${error}`)
  for (const { why, holidays, error } of vectors.holidaysRefused)
    expect(`${why}: ${refusal(() => parseHolidayTable(asJson(holidays)))}`).toBe(`${why}: ${error}`)
})
