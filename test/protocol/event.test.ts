import { beforeAll, expect, test } from 'vitest'
import { ascii, enc, u32 } from '../../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  type EventKind,
  followChain,
  headAfter,
  isAcknowledgedWith,
  isSignedBy,
  type NewEventContent,
  offeredKeysHash,
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

const NOTHING = new Uint8Array(0)

const first = (): EventContent => ({
  digest,
  agencyId: 'north',
  previous: chainStart(digest, 'north'),
  index: 0,
  kind: 'acknowledged',
  day: '2026-03-02',
  certificateHash: documentHash(world.north.verifiedDevice.certificate),
  wrapsHash: deviceWrapsHash([{ deviceId: filled(16, 1), index: 0, wrapped: filled(1168, 2) }]),
  subject: '',
  particularsHash: NOTHING,
  offerHash: NOTHING,
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

test('who never opened the report can declare a conflict of interest, see to one, or refuse an offer, without a tag', () => {
  const untagged = (change: Partial<NewEventContent>) =>
    refusal(() => signEvent({ ...first(), ...change }, null, world.north.device))
  const subject = 'ab'.repeat(16)
  expect(untagged({ kind: 'conflict-declared' })).toBe('accepted')
  expect(untagged({ kind: 'recused', subject })).toBe('accepted')
  expect(untagged({ kind: 'conflict-cleared', subject })).toBe('accepted')
  expect(untagged({ kind: 'hand-over-refused' })).toBe('accepted')
  expect(untagged({ kind: 'invitation-refused' })).toBe('accepted')
  for (const kind of ['noted', 'assessment-started', 'joint-left'] as const)
    expect(untagged({ kind })).toBe('bad-encoding')
})

test('an event names whom its kind names, in one spelling, and nobody else', () => {
  const naming = (kind: EventKind, subject: string) => {
    const beside = kind === 'hand-over-proposed' ? { offerHash: filled(32, 8) } : {}
    return refusal(() => acknowledge({ kind, subject, particularsHash: filled(32, 7), ...beside }))
  }
  expect(naming('hand-over-proposed', 'south')).toBe('accepted')
  for (const id of ['', 'South', '-south', 's'.repeat(33)])
    expect(naming('hand-over-proposed', id)).toBe('bad-encoding')
  expect(naming('recused', '0f'.repeat(16))).toBe('accepted')
  for (const device of ['', 'south', '0F'.repeat(16), '0f'.repeat(15)])
    expect(naming('recused', device)).toBe('bad-encoding')
  for (const index of ['1', '42', '999999999']) expect(naming('information-received', index)).toBe('accepted')
  for (const index of ['', '0', '01', '1e3', '0x1', '-1', '1000000000'])
    expect(naming('information-received', index)).toBe('bad-encoding')
  for (const kind of ['acknowledged', 'noted', 'closed', 'feedback-given'] as const) {
    expect(naming(kind, '')).toBe('accepted')
    expect(naming(kind, 'south')).toBe('bad-encoding')
  }
})

test('an offer has its keys’ hash, and nothing else has one', () => {
  const offering = (kind: EventKind, subject: string, offerHash: Uint8Array) =>
    refusal(() => acknowledge({ kind, subject, offerHash, particularsHash: filled(32, 7) }))
  for (const kind of ['hand-over-proposed', 'agency-invited'] as const) {
    expect(offering(kind, 'south', filled(32, 8))).toBe('accepted')
    for (const hash of [NOTHING, filled(31, 8)]) expect(offering(kind, 'south', hash)).toBe('bad-encoding')
  }
  expect(offering('joint-ended', 'south', filled(32, 8))).toBe('bad-encoding')
  expect(offering('noted', '', filled(32, 8))).toBe('bad-encoding')
})

test('where a code is asked for, something is said; only who never opened the report has no key to say it', () => {
  const saying = (kind: EventKind, particularsHash: Uint8Array) =>
    refusal(() => acknowledge({ kind, particularsHash }))
  for (const kind of ['out-of-scope', 'outcome-reported', 'reopened', 'conflict-declared'] as const) {
    expect(saying(kind, filled(32, 7))).toBe('accepted')
    for (const hash of [NOTHING, filled(31, 7)]) expect(saying(kind, hash)).toBe('bad-encoding')
  }
  expect(saying('noted', NOTHING)).toBe('accepted')
})

test('the hash of an offer depends on the agency, every key and its place', () => {
  const key = (index: number) => ({ index, keyId: filled(16, index), wrapped: filled(1168, index) })
  const hashes = [
    offeredKeysHash('south', [key(0), key(1)]),
    offeredKeysHash('north', [key(0), key(1)]),
    offeredKeysHash('south', [key(1), key(0)]),
    offeredKeysHash('south', [key(0)]),
    offeredKeysHash('south', [key(0), { ...key(1), index: 2 }]),
    offeredKeysHash('south', [key(0), { ...key(1), keyId: filled(16, 9) }]),
    offeredKeysHash('south', [key(0), { ...key(1), wrapped: filled(1168, 9) }]),
  ]
  expect(new Set(hashes.map(String)).size).toBe(hashes.length)
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
    NOTHING,
    filled(32, 5),
    NOTHING,
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
  for (const kind of ['', 'opened', 'Acknowledged']) expect(parse(4, ascii(kind))).toBe('bad-encoding')
  for (const day of ['2026-02-30', '2026-13-01', '26-03-02', ''])
    expect(parse(5, ascii(day))).toBe('bad-encoding')
  for (const beside of [8, 9, 10]) expect(parse(beside, Uint8Array.of(0xff))).toBe('bad-encoding')
  const tag = filled(32, 0)
  for (const core of [
    enc('event', ...fields.slice(1)),
    enc('event', ...fields.slice(0, 8)),
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
    { deviceId: filled(16, 1), index: 0, wrapped: filled(1168, 1) },
    { deviceId: filled(16, 2), index: 0, wrapped: filled(1168, 2) },
  ]
  const hashes = [[], [a], [b], [a, b], [b, a], [{ ...a, wrapped: b.wrapped }, b], [{ ...a, index: 1 }]].map(
    deviceWrapsHash,
  )
  expect(new Set(hashes.map(String)).size).toBe(7)
})
