// How many things are done at once, and how many wait.
import { expect, test } from 'vitest'
import { createSlots } from '../../src/server/files/slots.ts'

const LONG = 60_000

test('no more are under way than there are slots, and each has its turn in order', async () => {
  const inSlot = createSlots({ atOnce: 2, waiting: 10, waitMs: LONG })
  const begun: number[] = []
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const all = ends.map(({ promise }, i) =>
    inSlot(async () => {
      begun.push(i)
      await promise
      return i
    }),
  )
  for (const [i, { resolve }] of ends.entries()) {
    expect(begun).toEqual([0, 1, 2, 3, 4].slice(0, i + 2))
    resolve()
    expect(await all[i]).toBe(i)
  }
})

test('one that fails gives its slot to the next', async () => {
  const inSlot = createSlots({ atOnce: 1, waiting: 1, waitMs: LONG })
  const failing = inSlot(() => Promise.reject(new Error('failed')))
  const next = inSlot(async () => 'done')
  await expect(failing).rejects.toThrow('failed')
  expect(await next).toBe('done')
  expect(await inSlot(async () => 'again')).toBe('again')
})

test('whoever comes when enough wait is turned away, and so is who has waited too long', async () => {
  const inSlot = createSlots({ atOnce: 1, waiting: 1, waitMs: 20 })
  const end = Promise.withResolvers<void>()
  const first = inSlot(() => end.promise)
  const late = inSlot(async () => 'never')
  await expect(inSlot(async () => 'never')).rejects.toThrow('unavailable')
  await expect(late).rejects.toThrow('unavailable')
  end.resolve()
  await first
  expect(await inSlot(async () => 'free')).toBe('free')
})
