// The list of chosen files, and how long they will take, as functions.
import { beforeAll, expect, test } from 'vitest'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import { MAX_FILES } from '../../src/protocol/file-list.ts'
import * as engine from '../../src/web/report/engine.ts'
import {
  MOST_FILES,
  roomOf,
  seenLength,
  totalsOf,
  withFate,
  withFiles,
  without,
} from '../../src/web/report/evidence.ts'
import { speechIn } from '../../src/web/report/parts/speaking.tsx'
import { createPace, roughly } from '../../src/web/report/remaining.ts'

beforeAll(() => cryptoReady)

const file = (name: string, length = 10) => new File([new Uint8Array(length)], name, { lastModified: 0 })

test('a file is kept until somebody says that it goes; a fresh photo cannot be kept', () => {
  const { files } = withFiles([], [file('a'), file('b')], false)
  expect(files.map(({ fate }) => fate)).toEqual(['keep', 'keep'])
  expect(withFiles(files, [file('image.jpg')], true).files.map(({ fate }) => fate)).toEqual([
    'keep',
    'keep',
    'send',
  ])
  const sent = withFate(files, files[1]?.id ?? 0, 'send')
  expect(totalsOf(sent)).toEqual({ sent: 1, kept: 1, bytes: 10 })
  expect(without(sent, files[1]?.id ?? 0).map(({ file }) => file.name)).toEqual(['a'])
})

test('what is there already is not added again, but every photo is, and no more than a message takes', () => {
  const first = withFiles([], [file('a')], false)
  expect(withFiles(first.files, [file('a'), file('b')], false)).toMatchObject({
    added: 1,
    twice: 1,
    tooMany: 0,
  })
  expect(withFiles(first.files, [file('a')], true)).toMatchObject({ added: 1, twice: 0 })
  const many = Array.from({ length: 40 }, (_, i) => file(`file ${i}`))
  const full = withFiles(first.files, many, false)
  expect(full).toMatchObject({ added: 31, tooMany: 9 })
  expect(new Set(full.files.map(({ id }) => id)).size).toBe(MAX_FILES)
  expect(MOST_FILES).toBe(MAX_FILES)
})

test('what is seen is the size class, of those alone that are sent', () => {
  const { files } = withFiles([], [file('a', 60_000), file('b', 60_000)], false)
  const connection = { engine, filesLimit: engine.MAX_BLOB_LENGTH }
  expect(seenLength(connection, files)).toBe(0)
  expect(seenLength(connection, withFate(files, 1, 'send'))).toBe(64 * 1025)
  expect(seenLength({ engine, filesLimit: 0 }, withFate(files, 1, 'send'))).toBeNull()
  expect(roomOf({ engine, filesLimit: 100 * 1024 * 1024 })).toBe(96 * 1024 * 1024)
  expect(roomOf({ engine, filesLimit: 0 })).toBe(0)
})

test('2 GiB go with a message, and a byte more does not; a smaller limit counts content, too', () => {
  const seen = (size: number, filesLimit = engine.MAX_BLOB_LENGTH) => {
    const large = Object.defineProperty(file('disk', 1), 'size', { value: size })
    return seenLength({ engine, filesLimit }, withFate(withFiles([], [large], false).files, 1, 'send'))
  }
  expect([seen(2 ** 31), seen(2 ** 31 + 1)]).toEqual([engine.MAX_BLOB_LENGTH, null])
  expect(roomOf({ engine, filesLimit: engine.MAX_BLOB_LENGTH })).toBe(2 ** 31)
  const half = 2 ** 20 * 1025
  expect([seen(2 ** 30, half), seen(2 ** 30 * 1.5, half)]).toEqual([half, null])
  expect(roomOf({ engine, filesLimit: half })).toBe(2 ** 30)
})

test('the time that is left follows the last of it, and is not told before it can be known', () => {
  const pace = createPace()
  pace.note(0, 0)
  pace.note(1000, 1000)
  expect(pace.secondsFor(5000)).toBeNull()
  pace.note(4000, 4000)
  expect(pace.secondsFor(5000)).toBe(5)
  // Slower than before: what was a minute ago no longer counts.
  pace.note(64_000, 10_000)
  pace.note(74_000, 11_000)
  pace.note(84_000, 12_000)
  expect(pace.secondsFor(1000)).toBe(10)
  pace.forget()
  expect(pace.secondsFor(1000)).toBeNull()
})

test('on a slow line, too, where a part takes longer than what counts', () => {
  const pace = createPace()
  for (let part = 0; part < 4; part++) pace.note(part * 50_000, part)
  expect(pace.secondsFor(1)).toBe(50)
})

test.each([
  [10, 'moment', 0],
  [70, 'minutes', 1],
  [600, 'minutes', 10],
  [44 * 60, 'minutes', 45],
  [3 * 3600, 'hours', 3],
] as const)('%i seconds are told roughly', (seconds, unit, count) => {
  expect(roughly(seconds)).toEqual({ unit, count })
})

test.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [64 * 1024, '64 KB'],
  [1_500_000, '1.43 MB'],
  [1536 * 1024, '1.5 MB'],
  [1023.9 * 1024, '1 MB'],
  [2 * 1024 ** 3, '2 GB'],
])('%d bytes are written as %s', (bytes, text) => {
  expect(speechIn('en').size(bytes)).toBe(text)
})
