import { beforeAll, expect, test } from 'vitest'
import { ascii, enc, u32 } from '../../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  followChain,
  headAfter,
  isAcknowledgedWith,
  isSignedBy,
  parseEvent,
  type SignedEvent,
  signEvent,
} from '../../src/protocol/event.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { filled, refusal, tampered } from './support.ts'
import { buildWorld, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const digest = filled(32, 1)

const first = (): EventContent => ({
  digest,
  agencyId: 'north',
  previous: chainStart(digest, 'north'),
  index: 0,
  kind: 'acknowledged',
  day: '2026-03-02',
  certificateHash: documentHash(world.north.verifiedDevice.certificate),
  wrapsHash: deviceWrapsHash([{ deviceId: filled(16, 1), wrapped: filled(1168, 2) }]),
})

const acknowledge = (change: Partial<EventContent> = {}): SignedEvent =>
  signEvent({ ...first(), ...change }, world.reporter.acknowledgementKey, world.north.device)

const next = (event: SignedEvent, index: number, change: Partial<EventContent> = {}) =>
  acknowledge({ previous: headAfter(event), index, ...change })

test('an event says what was signed', () => {
  const event = acknowledge()
  expect(parseEvent(event)).toEqual(first())
  expect(isSignedBy(event, world.north.verifiedDevice.signingKey)).toBe(true)
  expect(isAcknowledgedWith(event, world.reporter.acknowledgementKey)).toBe(true)
})

test('an acknowledgement counts with the report’s key only, a signature with the device’s only', () => {
  const event = acknowledge()
  expect(isAcknowledgedWith(event, filled(32, 0) as AcknowledgementKey)).toBe(false)
  expect(isSignedBy(event, world.south.verifiedDevice.signingKey)).toBe(false)
  expect(isSignedBy(event, filled(32, 0))).toBe(false)
})

test('any byte of core, tag or signature changed is noticed', () => {
  const event = acknowledge()
  const { signingKey } = world.north.verifiedDevice
  for (const part of ['core', 'tag', 'signature'] as const) {
    for (const changed of tampered(event[part], 400)) {
      const other = { ...event, [part]: changed }
      expect(isSignedBy(other, signingKey)).toBe(false)
      if (part === 'signature') continue
      expect(isAcknowledgedWith(other, world.reporter.acknowledgementKey)).toBe(false)
      expect(headAfter(other)).not.toEqual(headAfter(event))
    }
  }
})

test('a signature’s bytes are never an id: the head does not depend on them', () => {
  const event = acknowledge()
  expect(headAfter({ core: event.core, tag: event.tag })).toEqual(headAfter(event))
})

test('what would not open has no tag, and an acknowledgement has one', () => {
  const unopenable = signEvent({ ...first(), kind: 'unopenable' }, null, world.north.device)
  expect(unopenable.tag).toHaveLength(0)
  expect(parseEvent(unopenable).kind).toBe('unopenable')
  expect(isAcknowledgedWith(unopenable, world.reporter.acknowledgementKey)).toBe(false)
  expect(refusal(() => signEvent(first(), null, world.north.device))).toBe('bad-encoding')
  expect(refusal(() => acknowledge({ kind: 'unopenable' }))).toBe('bad-encoding')
  expect(refusal(() => parseEvent({ ...unopenable, tag: filled(32, 0) }))).toBe('bad-encoding')
  expect(refusal(() => parseEvent({ ...acknowledge(), tag: filled(31, 0) }))).toBe('bad-encoding')
})

test('an event that nobody of ours would write is refused', () => {
  const fields = [
    digest,
    ascii('north'),
    filled(32, 2),
    u32(0),
    ascii('acknowledged'),
    ascii('2026-03-02'),
    filled(32, 3),
    filled(32, 4),
  ]
  const parse = (at: number, field: Uint8Array) => {
    const core = enc('event', ...fields.map((old, i) => (i === at ? field : old)))
    return refusal(() => parseEvent({ core, tag: filled(32, 0) }))
  }
  expect(parse(0, digest)).toBe('accepted')
  for (const hash of [0, 2, 6, 7]) expect(parse(hash, filled(31, 0))).toBe('bad-encoding')
  for (const id of ['', 'North', 'north ', '-north', 'n'.repeat(33)])
    expect(parse(1, ascii(id))).toBe('bad-encoding')
  expect(parse(1, Uint8Array.of(0xff))).toBe('bad-encoding')
  expect(parse(3, filled(5, 0))).toBe('bad-encoding')
  for (const kind of ['', 'closed', 'Acknowledged']) expect(parse(4, ascii(kind))).toBe('bad-encoding')
  for (const day of ['2026-02-30', '2026-13-01', '26-03-02', ''])
    expect(parse(5, ascii(day))).toBe('bad-encoding')
  const tag = filled(32, 0)
  for (const core of [
    enc('event', ...fields.slice(1)),
    enc('event', ...fields, tag),
    enc('evens', ...fields),
  ]) {
    expect(refusal(() => parseEvent({ core, tag }))).toBe('bad-encoding')
  }
})

test('such an event is not signed either', () => {
  for (const change of [
    { day: '2026-02-30' },
    { agencyId: 'North' },
    { index: -1 },
    { digest: filled(31, 0) },
  ]) {
    expect(refusal(() => acknowledge(change))).toBe('bad-encoding')
  }
})

test('a chain leads from its start over each event to its head', () => {
  const one = acknowledge()
  const two = next(one, 1)
  expect(followChain(digest, 'north', [])).toEqual({ contents: [], head: chainStart(digest, 'north') })
  const { contents, head } = followChain(digest, 'north', [one, two])
  expect(contents.map(content => content.index)).toEqual([0, 1])
  expect(head).toEqual(headAfter(two))
})

test('a chain with an event missing, repeated, swapped or taken from elsewhere is refused', () => {
  const [one, other] = [acknowledge(), acknowledge({ day: '2026-03-03' })]
  const two = next(one, 1)
  const three = next(two, 2)
  const chains = [
    [two],
    [one, one],
    [two, one],
    [one, three],
    [other, two],
    [one, { ...two, tag: filled(32, 0) }, three],
    [acknowledge({ index: 1 })],
    [acknowledge({ previous: filled(32, 0) })],
    [acknowledge({ agencyId: 'south' })],
    [acknowledge({ digest: filled(32, 9) })],
    [acknowledge({ agencyId: 'south', previous: chainStart(digest, 'south') })],
  ]
  for (const [index, chain] of chains.entries()) {
    expect(`${index} ${refusal(() => followChain(digest, 'north', chain))}`).toBe(`${index} bad-chain`)
  }
  expect(refusal(() => followChain(filled(32, 9), 'north', [one]))).toBe('bad-chain')
  expect(refusal(() => followChain(digest, 'south', [one]))).toBe('bad-chain')
})

test('chains of two reports, or of two agencies, start apart', () => {
  expect(chainStart(digest, 'north')).not.toEqual(chainStart(digest, 'south'))
  expect(chainStart(digest, 'north')).not.toEqual(chainStart(filled(32, 9), 'north'))
})

test('the hash of device wraps depends on every entry and its place', () => {
  const [a, b] = [
    { deviceId: filled(16, 1), wrapped: filled(1168, 1) },
    { deviceId: filled(16, 2), wrapped: filled(1168, 2) },
  ]
  const hashes = [[], [a], [b], [a, b], [b, a], [{ ...a, wrapped: b.wrapped }, b]].map(deviceWrapsHash)
  expect(new Set(hashes.map(String)).size).toBe(6)
})
