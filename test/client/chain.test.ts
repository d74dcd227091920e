import { beforeAll, expect, test } from 'vitest'
import { checkChain } from '../../src/client/chain.ts'
import { buildCertificate } from '../../src/protocol/authority.ts'
import { M, randomBytes, type SigningPair } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  type EventKind,
  headAfter,
  type SignedEvent,
  signEvent,
} from '../../src/protocol/event.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { buildWorld, certificateInput, signing, type World } from '../protocol/world.ts'

let world: World
const digest = new Uint8Array(32).fill(5)

beforeAll(async () => {
  world = await buildWorld()
})

interface Making {
  readonly kind?: EventKind
  readonly key?: AcknowledgementKey | null
  readonly device?: SigningPair
  readonly certificate?: string
  readonly day?: string
  readonly previous?: Uint8Array
  readonly index?: number
}

function make(making: Making = {}): SignedEvent {
  const { verifiedDevice, device } = world.north
  const content = {
    digest,
    agencyId: 'north',
    previous: making.previous ?? chainStart(digest, 'north'),
    index: making.index ?? 0,
    kind: making.kind ?? ('acknowledged' as const),
    day: making.day ?? '2026-03-03',
    certificateHash: documentHash(making.certificate ?? verifiedDevice.certificate),
    wrapsHash: deviceWrapsHash([]),
  }
  const key = making.key === undefined ? world.reporter.acknowledgementKey : making.key
  return signEvent(content, key, making.device ?? device)
}

const recorded = (event: SignedEvent, certificate = world.north.verifiedDevice.certificate) => ({
  core: toBase64url(event.core),
  tag: toBase64url(event.tag),
  signature: toBase64url(event.signature),
  certificate,
})

function check(events: readonly ReturnType<typeof recorded>[], head: Uint8Array) {
  const subject = {
    agency: world.north.agency,
    deploymentId: world.deployment,
    digest,
    acknowledgementKey: world.reporter.acknowledgementKey,
  }
  const { chain, events: checked } = checkChain(subject, events, toBase64url(head))
  return { chain, verdicts: checked.map(({ verdict }) => verdict) }
}

const checkOne = (event: SignedEvent, certificate?: string) =>
  check([recorded(event, certificate)], headAfter(event))

test('an acknowledgement by a device that opened the report is proven', () => {
  expect(checkOne(make())).toEqual({ chain: 'sound', verdicts: ['acknowledged'] })
})

test('an agency may say that a report does not open', () => {
  expect(checkOne(make({ kind: 'unopenable', key: null }))).toEqual({
    chain: 'sound',
    verdicts: ['unopenable'],
  })
})

test('without the key inside the report no acknowledgement holds', () => {
  const guessed = M(randomBytes(32), 'guess') as AcknowledgementKey
  expect(checkOne(make({ key: guessed })).verdicts).toEqual(['forged'])
})

test('a device that the agency never certified cannot acknowledge', () => {
  expect(checkOne(make({ device: signing('the server') })).verdicts).toEqual(['forged'])
})

test('another agency’s device cannot acknowledge', () => {
  const { certificate } = world.south.verifiedDevice
  const event = make({ device: world.south.device, certificate })
  expect(checkOne(event, certificate).verdicts).toEqual(['forged'])
})

test('a device without the scope, or outside its dates, cannot acknowledge', () => {
  const identity = world.north.identity
  const input = certificateInput('north')
  const watching = buildCertificate({ ...input, scopes: ['status'] }, world.deployment, identity)
  expect(checkOne(make({ certificate: watching }), watching).verdicts).toEqual(['forged'])
  expect(checkOne(make({ day: '2027-01-01' })).verdicts).toEqual(['forged'])
})

test('a certificate that the event does not name does not count for it', () => {
  const other = buildCertificate(
    { ...certificateInput('north'), role: 'machine' },
    world.deployment,
    world.north.identity,
  )
  expect(checkOne(make(), other).verdicts).toEqual(['forged'])
})

test('a dropped, repeated or swapped event breaks the chain, and is still shown', () => {
  const first = make()
  const second = make({ previous: headAfter(first), index: 1 })
  const head = headAfter(second)
  const [a, b] = [recorded(first), recorded(second)]
  expect(check([a, b], head).chain).toBe('sound')
  for (const events of [[b], [a], [b, a], [a, a, b], []]) expect(check(events, head).chain).toBe('broken')
  expect(check([b], head).verdicts).toEqual(['acknowledged'])
})

test('junk is shown as forged', () => {
  const junk = { core: '!!', tag: '', signature: recorded(make()).signature, certificate: 'x' }
  expect(check([junk], new Uint8Array(32))).toEqual({ chain: 'broken', verdicts: ['forged'] })
})
