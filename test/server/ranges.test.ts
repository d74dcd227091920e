// Which bytes a Range field asks for (RFC 9110 section 14).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Problem } from '../../src/contract/problems.ts'
import { MAX_BLOB_LENGTH } from '../../src/protocol/blob.ts'
import { parseRange } from '../../src/server/http/ranges.ts'

const LENGTH = 1000

const ASKED: Readonly<Record<string, readonly [from: number, to: number]>> = {
  'bytes=0-0': [0, 1],
  'bytes=0-': [0, 1000],
  'bytes=0-999': [0, 1000],
  'bytes=0-1000': [0, 1000],
  'bytes=999-': [999, 1000],
  'bytes=10-19': [10, 20],
  'bytes=010-019': [10, 20],
  'bytes=-1': [999, 1000],
  'bytes=-1000': [0, 1000],
  'bytes=-5000': [0, 1000],
  'bytes=999-999999999999999': [999, 1000],
}

test.each(Object.entries(ASKED))('%s', (field, [from, to]) => {
  expect(parseRange(field, LENGTH)).toEqual({ from, to })
})

test('a range that begins behind the end, or has no bytes, cannot be satisfied', () => {
  for (const field of ['bytes=1000-', 'bytes=1000-1001', 'bytes=-0', 'bytes=999999999999999-']) {
    expect(() => parseRange(field, LENGTH)).toThrow(new Problem('range-not-satisfiable'))
  }
})

test('several ranges, another unit and what is no range are passed over: the whole is sent', () => {
  const fields = [
    'bytes=0-1,5-6',
    'bytes=5-4',
    'bytes=-',
    'bytes=',
    'bytes',
    'items=0-1',
    'bytes=a-b',
    'Bytes=0-1',
  ]
  for (const field of [...fields, 'bytes=0 - 1', 'bytes=0-1 ', 'bytes=1e3-', 'bytes=+1-', '', undefined]) {
    expect([field, parseRange(field, LENGTH)]).toEqual([field, null])
  }
  expect(parseRange('bytes=9999999999999999-', LENGTH)).toBe(null)
})

test('whatever is asked, what is sent lies within the bytes that there are', () => {
  const digits = fc.oneof(
    fc.constant(''),
    fc.nat({ max: 3000 }).map(String),
    fc.bigInt({ min: 0n }).map(String),
  )
  const field = fc.tuple(digits, digits).map(([first, last]) => `bytes=${first}-${last}`)
  const property = fc.property(field, fc.integer({ min: 1, max: MAX_BLOB_LENGTH }), (text, length) => {
    try {
      const range = parseRange(text, length)
      if (range) expect(0 <= range.from && range.from < range.to && range.to <= length).toBe(true)
    } catch (error) {
      expect(error).toEqual(new Problem('range-not-satisfiable'))
    }
  })
  fc.assert(property, { numRuns: 1000 })
})
