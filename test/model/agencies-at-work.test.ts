// Random agencies, devices, revocations, epochs, hand-overs, exclusions and clocks against the real service.
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { rounds } from '../support/rounds.ts'
import { createWorld, type World } from '../support/world.ts'
import { BEGINNING, step, tell } from './story.ts'

let world: World
beforeAll(async () => {
  world = await createWorld({ workBits: 0 })
})
afterAll(() => world.stop())

test('who gets and opens which keys, and who notices what, is what the model says, after every step', async () => {
  let steps = 0
  const length = rounds(16, 80)
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: length, maxLength: length, size: 'max' }), async story => {
      steps += await tell(world, [...BEGINNING, ...story])
    }),
    { numRuns: rounds(2, 60), endOnFailure: process.env.BONGSU_SHRINK !== '1' },
  )
  expect(steps).toBeGreaterThan(0)
})
