import { beforeAll, expect, test } from 'vitest'
import {
  CHALLENGE_LIFETIME,
  issueChallenge,
  isWorkDone,
  openChallenge,
  readChallenge,
  searchWork,
  type WorkTask,
} from '../../src/protocol/challenge.ts'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import { fromBase64url, toBase64url, u32 } from '../../src/protocol/encoding.ts'
import { filled, refusal, tampered } from './support.ts'

beforeAll(() => cryptoReady)

const NOW = 1_800_000_000
const key = filled(32, 1)
const issue = (workBits = 10, expiry = NOW + CHALLENGE_LIFETIME) =>
  issueChallenge(key, { random: filled(16, 2), expiry, workBits })

test('a server knows its own nonce again, and anybody can read what it asks for', () => {
  const nonce = issue()
  expect(nonce).toHaveLength(50)
  const said = { random: filled(16, 2), expiry: NOW + 600, workBits: 10 }
  expect(openChallenge(key, nonce, NOW)).toEqual(said)
  expect(readChallenge(nonce)).toEqual({ random: filled(16, 2), workBits: 10 })
})

test('a nonce that is kept does not tell when it was issued', () => {
  const at = (expiry: number) =>
    fromBase64url(issueChallenge(key, { random: filled(16, 2), expiry, workBits: 10 }))
  for (const seconds of [0, 1, 600]) {
    const shown = Buffer.from(at(NOW + seconds)).readUInt32BE(16)
    expect(Math.abs(shown - NOW)).toBeGreaterThan(1_000_000)
  }
  expect(openChallenge(key, toBase64url(at(NOW + 600)), NOW).expiry).toBe(NOW + 600)
})

test('a nonce of another server, or with any byte changed, is not its own', () => {
  expect(refusal(() => openChallenge(filled(32, 9), issue(), NOW))).toBe('expired')
  for (const changed of tampered(fromBase64url(issue()))) {
    expect(refusal(() => openChallenge(key, toBase64url(changed), NOW))).toBe('expired')
  }
})

test('a nonce serves until its last second and not beyond it', () => {
  expect(refusal(() => openChallenge(key, issue(), NOW + 600))).toBe('accepted')
  expect(refusal(() => openChallenge(key, issue(), NOW + 601))).toBe('expired')
})

test('a nonce from far in the future is refused, as after a clock was set back', () => {
  expect(refusal(() => openChallenge(key, issue(10, NOW + 1200), NOW))).toBe('accepted')
  expect(refusal(() => openChallenge(key, issue(10, NOW + 1201), NOW))).toBe('expired')
})

test('what has not the form of a nonce is refused', () => {
  const nonce = issue()
  for (const text of [
    '',
    nonce.slice(1),
    `${nonce}A`,
    `${nonce}AA`,
    `${nonce}==`,
    nonce.replace(/.$/, '!'),
  ]) {
    expect(refusal(() => readChallenge(text))).toBe('bad-encoding')
  }
  const loose = `${nonce.slice(0, -1)}${nonce.endsWith('B') ? 'C' : 'B'}`
  expect(refusal(() => readChallenge(loose))).toBe('bad-encoding')
})

test('what a nonce cannot say is not issued', () => {
  for (const bits of [-1, 256, 1.5]) expect(refusal(() => issue(bits))).toBe('bad-encoding')
  expect(refusal(() => issue(10, 2 ** 32))).toBe('bad-encoding')
  const short = { random: filled(15, 0), expiry: NOW, workBits: 0 }
  expect(refusal(() => issueChallenge(key, short))).toBe('bad-length')
})

const task = (nonce: string): WorkTask => ({ nonce, statusKey: filled(32, 3), contentHash: filled(32, 4) })

test('work that was searched counts, for its nonce, key and content only', () => {
  const nonce = issue(10)
  const counter = searchWork(task(nonce), 0, 100_000)
  if (!counter) throw new Error('work found')
  expect(isWorkDone(task(nonce), counter)).toBe(true)
  const others = [
    { ...task(nonce), statusKey: filled(32, 9) },
    { ...task(nonce), contentHash: filled(32, 9) },
    task(issue(10, NOW + 599)),
  ]
  // One in 1024 would pass by luck; with this fixed input none does.
  for (const other of others) expect(isWorkDone(other, counter)).toBe(false)
})

test('work of fewer bits than the nonce asks for is not enough', () => {
  const easy = issue(4)
  const counter = searchWork(task(easy), 0, 1000)
  expect(counter && isWorkDone(task(easy), counter)).toBe(true)
  expect(counter && isWorkDone({ ...task(easy), nonce: issue(16) }, counter)).toBe(false)
})

test('a counter has eight bytes', () => {
  for (const length of [0, 7, 9]) expect(isWorkDone(task(issue(0)), filled(length, 0))).toBe(false)
  expect(isWorkDone(task(issue(0)), filled(8, 0))).toBe(true)
})

test('a search stops where it is told to and goes on from there', () => {
  expect(searchWork(task(issue(255)), 0, 50)).toBeNull()
  expect(searchWork(task(issue(0)), 2 ** 32 + 5, 1)).toEqual(Uint8Array.from([...u32(1), ...u32(5)]))
})
