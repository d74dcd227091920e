// What a device keeps for itself: nobody else sees it, and no two programs overwrite each other.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { SEALED_NOTES_LENGTHS } from '../../src/protocol/device-notes.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import {
  deviceOf,
  keepNotes,
  newDevice,
  notesOf,
  publishDevices,
  type TestDevice,
} from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import { fingerprint, rowsOf } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

const [SMALL = 0, MIDDLE = 0, LARGE = 0] = SEALED_NOTES_LENGTHS
let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

let listed: TestDevice[] = []
async function aDevice(): Promise<TestDevice> {
  const device = await newDevice(world, 'police', ['intake', 'cases'])
  listed = [...listed, device]
  await publishDevices(world, 'police', { version: listed.length + 1, devices: listed })
  return device
}

const read = (answer: Answer) => JSON.parse(answer.body.toString())

test('there are none at first, and then what the device left', async () => {
  const device = await aDevice()
  expect(read(await notesOf(device))).toEqual({ version: 0, sealed: null })
  for (const [i, length] of [SMALL, MIDDLE, LARGE, SMALL].entries()) {
    const sealed = randomBytes(length)
    expect((await keepNotes(device, i + 1, sealed)).status).toBe(204)
    expect(read(await notesOf(device))).toEqual({ version: i + 1, sealed: toBase64url(sealed) })
  }
})

test('each device has its own, also within an agency', async () => {
  const [one, two] = [await aDevice(), await aDevice()]
  const sealed = randomBytes(SMALL)
  await keepNotes(one, 1, sealed)
  expect(read(await notesOf(two))).toEqual({ version: 0, sealed: null })
  expect(read(await notesOf(await deviceOf(world, 'nis')))).toEqual({ version: 0, sealed: null })
  expect((await keepNotes(two, 1, randomBytes(SMALL))).status).toBe(204)
  expect(read(await notesOf(one)).sealed).toBe(toBase64url(sealed))
})

test('only the version that follows is taken; the same bytes again change nothing', async () => {
  const device = await aDevice()
  const [first, second] = [randomBytes(SMALL), randomBytes(SMALL)]
  expect(problemIn(await keepNotes(device, 2, first))).toBe('notes-moved')
  await keepNotes(device, 1, first)
  expect((await keepNotes(device, 1, first)).status).toBe(204)
  expect(problemIn(await keepNotes(device, 1, second))).toBe('notes-moved')
  expect(problemIn(await keepNotes(device, 3, second))).toBe('notes-moved')
  expect(read(await notesOf(device))).toEqual({ version: 1, sealed: toBase64url(first) })
})

test('of many that write at once, one is first', async () => {
  const device = await aDevice()
  const answers = await Promise.all(Array.from({ length: 8 }, () => keepNotes(device, 1, randomBytes(SMALL))))
  expect(answers.filter(({ status }) => status === 204)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(7)
})

test('another length is refused, and nothing is kept', async () => {
  const device = await aDevice()
  const before = await fingerprint(world)
  for (const length of [0, SMALL - 1, SMALL + 1, LARGE - 1]) {
    expect(problemIn(await keepNotes(device, 1, randomBytes(length)))).toBe('malformed-request')
  }
  expect(await fingerprint(world)).toEqual(before)
})

test('a row holds the device, a version and ciphertext: no case and no time', async () => {
  const device = await aDevice()
  await keepNotes(device, 1, randomBytes(SMALL))
  const rows = await rowsOf(world, 'select * from device_notes')
  expect(Object.keys(rows[0] ?? {}).sort()).toEqual(['device_id', 'sealed', 'version'])
})
