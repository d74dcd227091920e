// Vectors of events and their chains.
import { H, textToBytes } from '../src/protocol/crypto.ts'
import { ascii, concat, toHex } from '../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  headAfter,
  type SignedEvent,
  signEvent,
} from '../src/protocol/event.ts'
import { fixedRandom, type World } from '../test/protocol/world.ts'

const DAY = '2026-03-02'

export function eventVectors({ reporter, north }: World) {
  const digest = H('report-digest', ascii('example'))
  const wraps = [{ deviceId: north.verifiedDevice.deviceId, wrapped: fixedRandom('wrap')(1168) }]
  const { certificate } = north.verifiedDevice
  const content = (index: number, previous: Uint8Array): EventContent => ({
    ...{ digest, agencyId: north.id, previous, index, kind: 'acknowledged', day: DAY },
    certificateHash: documentHash(certificate),
    wrapsHash: deviceWrapsHash(index === 0 ? wraps : []),
  })
  const start = chainStart(digest, north.id)
  const first = signEvent(content(0, start), reporter.acknowledgementKey, north.device)
  const second = signEvent(content(1, headAfter(first)), reporter.acknowledgementKey, north.device)
  const unopenable = signEvent({ ...content(0, start), kind: 'unopenable' }, null, north.device)
  return {
    digest: toHex(digest),
    agency: north.id,
    day: DAY,
    acknowledgementKey: toHex(reporter.acknowledgementKey),
    deviceSeed: toHex(north.device.seed),
    deviceKey: toHex(north.device.publicKey),
    certificate,
    certificateHash: toHex(documentHash(certificate)),
    deviceWraps: wraps.map(({ deviceId, wrapped }) => ({ device: toHex(deviceId), wrapped: toHex(wrapped) })),
    deviceWrapsHash: toHex(deviceWrapsHash(wraps)),
    noDeviceWrapsHash: toHex(deviceWrapsHash([])),
    start: toHex(start),
    chain: [first, second].map(eventEntry),
    unopenable: eventEntry(unopenable),
    chainsRefused: [
      { why: 'the first event missing', events: [1] },
      { why: 'an event repeated', events: [0, 0] },
      { why: 'the order reversed', events: [1, 0] },
    ].map(entry => ({ ...entry, error: 'bad-chain' })),
    eventsRefused: refusedEvents(first),
  }
}

const eventEntry = (event: SignedEvent) => ({
  core: toHex(event.core),
  tag: toHex(event.tag),
  signature: toHex(event.signature),
  head: toHex(headAfter(event)),
})

function refusedEvents({ core, tag }: SignedEvent) {
  const hex = toHex(core)
  const swap = (from: string, to: string) => hex.replace(toHex(textToBytes(from)), toHex(textToBytes(to)))
  return [
    { why: 'a day that there is not', core: swap(DAY, '2026-02-30'), tag: toHex(tag) },
    { why: 'an unknown kind', core: swap('acknowledged', 'acknowledgee'), tag: toHex(tag) },
    { why: 'an agency id in capitals', core: swap('north', 'North'), tag: toHex(tag) },
    { why: 'no tag', core: hex, tag: '' },
    { why: 'bytes behind it', core: toHex(concat(core, new Uint8Array(4))), tag: toHex(tag) },
  ].map(entry => ({ ...entry, error: 'bad-encoding' }))
}
