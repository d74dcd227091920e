import { expect, test } from 'vitest'
import { giveBack, someChance } from '../../src/server/memory.ts'

test('what is given back has no memory any more, and a part of something else keeps it', () => {
  const whole = Buffer.alloc(8192, 1)
  const part = Buffer.alloc(8192, 1).subarray(1)
  giveBack(whole)
  giveBack(part)
  expect([whole.length, whole.buffer.byteLength]).toEqual([0, 0])
  expect([part.length, part[0]]).toEqual([8191, 1])
})

test('no two ids are alike, and none changes when the next are made', () => {
  const made = Array.from({ length: 2000 }, () => someChance(16))
  const seen = made.map(id => Buffer.from(id).toString('hex'))
  expect(new Set(seen).size).toBe(2000)
  for (let i = 0; i < 2000; i++) someChance(16)
  expect(made.map(id => Buffer.from(id).toString('hex'))).toEqual(seen)
  // Every byte is chance: in two thousand ids each place has had most of the values.
  for (let place = 0; place < 16; place++)
    expect(new Set(made.map(id => id[place])).size).toBeGreaterThan(200)
})
