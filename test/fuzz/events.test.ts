// Events and what is said beside them: what is signed is read back, and what is damaged is refused with a code or is another.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { cryptoReady, deriveSigningPair, signingSeed } from '../../src/protocol/crypto.ts'
import { addDays } from '../../src/protocol/day.ts'
import { concat } from '../../src/protocol/encoding.ts'
import { ProtocolError } from '../../src/protocol/error.ts'
import {
  EVENT_KINDS,
  type EventContent,
  followChain,
  headAfter,
  isOffer,
  isSignedBy,
  parseEvent,
  type SignedEvent,
  signEvent,
} from '../../src/protocol/event.ts'
import { rowsOf } from '../../src/protocol/lifecycle.ts'
import {
  openParticulars,
  parseParticulars,
  particularsText,
  sealParticulars,
} from '../../src/protocol/particulars.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { rounds } from '../support/rounds.ts'

beforeAll(() => cryptoReady)

const numRuns = rounds(300, 20_000)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const NOTHING = new Uint8Array(0)
const device = () => deriveSigningPair(signingSeed(new Uint8Array(32).fill(7)))
const KEY = new Uint8Array(32).fill(8) as AcknowledgementKey

const agencyIds = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,31}$/)
const SUBJECTS = {
  agency: agencyIds,
  device: fc.stringMatching(/^[0-9a-f]{32}$/),
  message: fc.integer({ min: 1, max: 999_999_999 }).map(String),
  nobody: fc.constant(''),
}

/** Whatever a device may sign. */
const contents: fc.Arbitrary<EventContent> = fc
  .tuple(
    fc.constantFrom(...EVENT_KINDS.filter(kind => kind !== 'unopenable')),
    fc.record({
      digest: bytes(32),
      agencyId: agencyIds,
      previous: bytes(32),
      index: fc.nat({ max: 2 ** 31 }),
      day: fc.nat({ max: 30_000 }).map(days => addDays('2000-01-01', days)),
      certificateHash: bytes(32),
      wrapsHash: bytes(32),
      particularsHash: bytes(32),
    }),
  )
  .chain(([kind, content]) =>
    SUBJECTS[rowsOf(kind)[0]?.names ?? 'nobody'].map(subject => ({
      ...content,
      kind,
      subject,
      offerHash: isOffer(kind) ? content.previous : NOTHING,
    })),
  )

test('whatever is signed is read back as it was', () => {
  fc.assert(
    fc.property(contents, content => {
      const event = signEvent(content, KEY, device())
      expect(parseEvent(event)).toEqual(content)
      expect(isSignedBy(event, device().publicKey)).toBe(true)
    }),
    { numRuns },
  )
})

/** Bytes with a piece replaced, doubled or cut out. */
const damaged = (whole: Uint8Array, at: number, length: number, piece: Uint8Array) =>
  concat(whole.subarray(0, at), piece, whole.subarray(at + length))

test('an event that is damaged is refused with a code, or says something else under another head', () => {
  fc.assert(
    fc.property(
      fc.tuple(contents, fc.nat(), fc.nat({ max: 9 }), fc.uint8Array({ maxLength: 9 })),
      ([content, place, length, piece]) => {
        const whole = signEvent(content, KEY, device())
        const core = damaged(whole.core, place % (whole.core.length + 1), length, piece)
        const other: SignedEvent = { ...whole, core }
        try {
          // One spelling: what is read, written again, is what was there.
          const read = parseEvent(other)
          expect(signEvent(read, KEY, device()).core).toEqual(core)
          const isSame = Buffer.compare(core, whole.core) === 0
          expect(isSignedBy(other, device().publicKey)).toBe(isSame)
          expect(Buffer.compare(headAfter(other), headAfter(whole)) === 0).toBe(isSame)
          followChain(read.digest, read.agencyId, [other])
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error
        }
      },
    ),
    { numRuns },
  )
})

test('what is said is read back, and nothing of it opens once it is damaged', () => {
  const said = fc.record(
    { code: fc.string({ maxLength: 40 }), text: fc.string({ unit: 'binary', maxLength: 900 }) },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(
      fc.tuple(contents, bytes(32), said, fc.nat(), fc.nat({ max: 9 }), fc.uint8Array({ maxLength: 9 })),
      ([content, key, given, place, length, piece]) => {
        const sealed = sealParticulars(key, content, particularsText(given), count =>
          new Uint8Array(count).fill(3),
        )
        expect(parseParticulars(openParticulars(key, content, sealed))).toEqual(given)
        const other = damaged(sealed, place % (sealed.length + 1), length, piece)
        if (Buffer.compare(other, sealed) === 0) return
        expect(() => openParticulars(key, content, other)).toThrow(ProtocolError)
      },
    ),
    { numRuns },
  )
})
