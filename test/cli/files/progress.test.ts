import { expect, test } from 'vitest'
import { createRate, progressLine, showProgress, widthOf } from '../../../src/cli/files/progress.ts'
import { sizeText } from '../../../src/cli/files/size.ts'
import { wordsIn } from '../../../src/cli/words/index.ts'

const MIB = 1024 * 1024
const english = wordsIn('en')

test.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.0 KiB'],
  [10 * 1024 - 1, '9.9 KiB'],
  [123 * MIB, '123 MiB'],
  [2 * 1024 * MIB, '2.0 GiB'],
])('%i bytes are told as %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text)
})

test('the line tells how far it is, how fast, and what time is left', () => {
  const line = progressLine({ title: 'Sending', done: 25 * MIB, total: 100 * MIB, rate: MIB }, english, 80)
  expect(line).toBe('Sending  25%  [#####---------------]   25 MiB of 100 MiB   1.0 MiB/s  1:15 left')
})

test('nothing on the line jumps when the rate becomes known or a number grows', () => {
  const barOf = (done: number, rate: number | null) =>
    progressLine({ title: 'Sending', done, total: 100 * MIB, rate }, english, 90).indexOf(']')
  const bars = new Set([
    barOf(0, null),
    barOf(9 * MIB, null),
    barOf(30 * MIB, 9_999_999),
    barOf(99 * MIB, 99_999),
  ])
  expect(bars.size).toBe(1)
})

test.each([20, 40, 60, 80, 100, 200])('the line never breaks a terminal of %i columns', columns => {
  for (const lang of ['ko', 'en'] as const) {
    const words = wordsIn(lang)
    const title = words.files.sending
    for (const rate of [null, 0, 12_345_678]) {
      const line = progressLine({ title, done: 1234 * MIB, total: 2048 * MIB, rate }, words, columns)
      expect(widthOf(line)).toBeLessThan(columns)
      expect(line).toContain('60%')
    }
  }
})

test('the rate is of the last seconds, whatever was before', () => {
  const rateOf = createRate()
  expect(rateOf(0, 0)).toBe(null)
  expect(rateOf(500, 500)).toBe(null)
  expect(rateOf(2000, 2000)).toBe(1000)
  expect(rateOf(2000, 62_000)).toBe(0)
  expect(rateOf(4000, 63_000)).toBe(2000)
})

test('where nobody sees it, nothing is drawn; what ends at once is not drawn either', () => {
  const nowhere = showProgress({ progress: null, words: english }, 'Sending', MIB)
  nowhere.at(1)
  nowhere.end()
  const drawn: (string | null)[] = []
  let time = 0
  const progress = showProgress(
    { progress: line => drawn.push(line), words: english },
    'Sending',
    100,
    () => time,
  )
  progress.at(10)
  expect(drawn).toEqual([])
  time = 400
  progress.at(50)
  progress.at(60)
  progress.end()
  expect(drawn).toEqual([expect.stringContaining('50%'), null])
})
