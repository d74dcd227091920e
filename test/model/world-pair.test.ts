// An agency that the reporter excluded cannot notice anything: in no list, count, cursor, mark, file, error or size.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rounds } from '../support/rounds.ts'
import { createWorld, type World } from '../support/world.ts'
import { AGENCIES } from './model.ts'
import { PAIR_BEGINNING, pairStep, seenBy } from './pair.ts'

let one: World
let other: World
beforeAll(async () => {
  one = await createWorld({ workBits: 0 })
  other = await createWorld({ workBits: 0 })
})
afterAll(async () => {
  await one?.stop()
  await other?.stop()
})

test('a report that is not for an agency changes no byte of what that agency can get', async () => {
  const length = rounds(14, 60)
  let hidden = 0
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...AGENCIES),
      fc.array(pairStep, { minLength: length, maxLength: length, size: 'max' }),
      async (agency, story) => {
        const steps = [...PAIR_BEGINNING, ...story]
        const without = await seenBy(one, agency, steps, false)
        const whole = await seenBy(other, agency, steps, true)
        expect(whole.said).toEqual(without.said)
        for (const [i, view] of whole.views.entries())
          expect(view, `what ${agency} sees after ${whole.said[i]}`).toEqual(without.views[i])
        hidden += whole.hidden
      },
    ),
    { numRuns: rounds(2, 40), endOnFailure: true },
  )
  expect(hidden).toBeGreaterThan(0)
})
