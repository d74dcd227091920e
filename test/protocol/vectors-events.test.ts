// The vectors of events: our code and the second implementation take and refuse what they say.
import { beforeAll, expect, test } from 'vitest'
import {
  contentKey,
  cryptoReady,
  deriveSealingPair,
  deriveSigningPair,
  sealingSeed,
  signingSeed,
} from '../../src/protocol/crypto.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  followChain,
  isAcknowledgedWith,
  isSignedBy,
  offeredKeysHash,
  parseEvent,
  particularsHash,
  signEvent,
} from '../../src/protocol/event.ts'
import { ACTIONS, isTold } from '../../src/protocol/lifecycle.ts'
import { internalKey, openParticulars, sealParticulars, toldKey } from '../../src/protocol/particulars.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { unwrapContentKey, wrapContentKey } from '../../src/protocol/wrapped-key.ts'
import * as second from '../support/second-events.ts'
import * as secondly from '../support/second-implementation.ts'
import { refusal, refusalOf } from './support.ts'
import { readVectors } from './vectors.ts'

beforeAll(() => cryptoReady)

const vectors = readVectors('events')
const { digest, agency, chain, unopenable, conflict, offer } = vectors
const key = vectors.acknowledgementKey as AcknowledgementKey

test('events are signed and read as they are written', () => {
  const device = deriveSigningPair(signingSeed(vectors.deviceSeed))
  const wraps = vectors.deviceWraps.map(({ device: deviceId, ...wrap }) => ({ deviceId, ...wrap }))
  expect(deviceWrapsHash(wraps)).toEqual(vectors.deviceWrapsHash)
  expect(deviceWrapsHash([])).toEqual(vectors.noDeviceWrapsHash)
  expect(documentHash(vectors.certificate)).toEqual(vectors.certificateHash)
  expect(chainStart(digest, agency)).toEqual(vectors.start)
  for (const { head: _, ...event } of chain) {
    expect(signEvent(parseEvent(event), key, device)).toEqual(event)
    expect(isSignedBy(event, vectors.deviceKey)).toBe(true)
    expect(isAcknowledgedWith(event, key)).toBe(true)
  }
  for (const { head, ...event } of [unopenable, conflict]) {
    expect(signEvent(parseEvent(event), null, device)).toEqual(event)
    expect(followChain(digest, agency, [event]).head).toEqual(head)
  }
  expect(followChain(digest, agency, chain).head).toEqual(chain.at(-1)?.head)
})

test('the second implementation follows chains to the same heads', () => {
  expect(second.chainStart(digest, agency)).toEqual(vectors.start)
  for (const [at, { head }] of chain.entries())
    expect(second.follow(digest, agency, chain.slice(0, at + 1))).toEqual(head)
  for (const event of [unopenable, conflict])
    expect(second.follow(digest, agency, [event])).toEqual(event.head)
  for (const event of [...chain, unopenable, conflict])
    expect(second.isEventSignedBy(event, vectors.deviceKey)).toBe(true)
  for (const { core, tag } of chain) expect(second.acknowledgement(key, core)).toEqual(tag)
  expect(second.deviceWrapsHash(vectors.deviceWraps)).toEqual(vectors.deviceWrapsHash)
  expect(secondly.documentHash(vectors.certificate)).toEqual(vectors.certificateHash)
})

test('both refuse the same chains and events', () => {
  for (const { why, events, error } of vectors.chainsRefused) {
    const wrong = events.flatMap(at => chain.slice(at, at + 1))
    expect(`${why}: ${refusal(() => followChain(digest, agency, wrong))}`).toBe(`${why}: ${error}`)
    expect(() => second.follow(digest, agency, wrong), why).toThrow(secondly.Refused)
  }
  for (const refused of vectors.eventsRefused) {
    expect(`${refused.why}: ${refusal(() => parseEvent(refused))}`).toBe(`${refused.why}: ${refused.error}`)
    expect(() => second.readEvent(refused), refused.why).toThrow()
  }
})

test('what is said beside an event is sealed and opened to the same bytes', () => {
  for (const { event: at, told, key: under, nonce, text, sealed, hash } of vectors.particulars) {
    const event = chain[at]
    if (!event) throw new Error('an event')
    const content = parseEvent(event)
    expect(told ? toldKey(key) : internalKey(contentKey(vectors.contentKey), agency)).toEqual(under)
    expect(isTold(content.kind)).toBe(told)
    expect(sealParticulars(under, content, text, () => nonce)).toEqual(sealed)
    expect(openParticulars(under, content, sealed)).toBe(text)
    expect(particularsHash(sealed)).toEqual(hash)
    expect(content.particularsHash).toEqual(hash)

    expect(told ? second.toldKey(key) : second.internalKey(vectors.contentKey, agency)).toEqual(under)
    expect(second.isTold(second.readEvent(event).kind)).toBe(told)
    expect(second.sealParticulars(under, event, text, nonce)).toEqual(sealed)
    expect(second.openParticulars(under, event, sealed)).toBe(text)
    expect(second.particularsHash(sealed)).toEqual(hash)
    expect(second.readEvent(event).particulars).toEqual(hash)
  }
  for (const { why, event: at, key: under, sealed, error } of vectors.particularsRefused) {
    const event = chain[at]
    if (!event) throw new Error('an event')
    const verdict = refusal(() => openParticulars(under, parseEvent(event), sealed))
    expect(`${why}: ${verdict}`).toBe(`${why}: ${error}`)
    expect(() => second.openParticulars(under, event, sealed), why).toThrow()
  }
})

test('keys that are offered open with the start of the other agency’s chain', async () => {
  const start = chainStart(digest, offer.agency)
  const epoch = deriveSealingPair(sealingSeed(offer.epochSeed))
  expect(start).toEqual(offer.start)
  for (const { index, digest: about, contentKey: own, keyId, eseed, wrapped } of offer.keys) {
    const to = { agencyId: offer.agency, keyId, sealingKey: epoch.publicKey }
    const bound = index === 0 ? to : { ...to, head: start }
    expect((await wrapContentKey(contentKey(own), about, bound, () => eseed)).wrapped).toEqual(wrapped)
    const as = { agencyId: offer.agency, keyId, wrapped }
    expect(await unwrapContentKey(as, about, epoch, index === 0 ? null : start)).toEqual(own)
    const otherwise = unwrapContentKey(as, about, epoch, index === 0 ? start : null)
    expect(await refusalOf(otherwise)).toBe('open-failed')
    const theirs = { index, digest: about, keyId, wrapped }
    expect(second.openOfferedKey(offer.epochSeed, offer.agency, start, theirs)).toEqual(own)
  }
  expect(offeredKeysHash(offer.agency, offer.keys)).toEqual(offer.hash)
  expect(second.offeredKeysHash(offer.agency, offer.keys)).toEqual(offer.hash)
  const last = chain.at(-1)
  expect(last && parseEvent(last)).toMatchObject({ subject: offer.agency, offerHash: offer.hash })
})

test('the second implementation knows every kind, and to whom it speaks', () => {
  for (const kind of ACTIONS) expect(`${kind} ${second.isTold(kind)}`).toBe(`${kind} ${isTold(kind)}`)
})
