import { beforeAll, expect, test } from 'vitest'
import { checkChain } from '../../src/client/chain.ts'
import { buildCertificate } from '../../src/protocol/authority.ts'
import { contentKey, M, randomBytes, type SigningPair } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import {
  chainStart,
  deviceWrapsHash,
  documentHash,
  type EventKind,
  headAfter,
  particularsHash,
  type SignedEvent,
  signEvent,
} from '../../src/protocol/event.ts'
import { internalKey, particularsText, sealParticulars, toldKey } from '../../src/protocol/particulars.ts'
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
  readonly sealed?: Uint8Array
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
    ...(making.sealed ? { particularsHash: particularsHash(making.sealed) } : {}),
  }
  const key = making.key === undefined ? world.reporter.acknowledgementKey : making.key
  return signEvent(content, key, making.device ?? device)
}

const recorded = (
  event: SignedEvent,
  certificate = world.north.verifiedDevice.certificate,
  sealed: Uint8Array | null = null,
) => ({
  core: toBase64url(event.core),
  tag: toBase64url(event.tag),
  signature: toBase64url(event.signature),
  certificate,
  particulars: sealed && toBase64url(sealed),
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
  const junk = { ...recorded(make()), core: '!!', tag: '', certificate: 'x' }
  expect(check([junk], new Uint8Array(32))).toEqual({ chain: 'broken', verdicts: ['forged'] })
})

test('who never opened the report can still declare a conflict of interest, by a device of the agency', () => {
  expect(checkOne(make({ kind: 'conflict-declared', key: null })).verdicts).toEqual(['conflict-declared'])
  const stranger = make({ kind: 'conflict-declared', key: null, device: signing('the server') })
  expect(checkOne(stranger).verdicts).toEqual(['forged'])
})

const inside = contentKey(new Uint8Array(32).fill(6))

/** An event that says something, as the agency that opened the report reads it, and as its reporter does. */
function readings(
  kind: 'closed' | 'noted',
  change: (sealed: Uint8Array) => Uint8Array | null = same => same,
) {
  const key = kind === 'closed' ? toldKey(world.reporter.acknowledgementKey) : internalKey(inside, 'north')
  const place = { digest, agencyId: 'north', previous: chainStart(digest, 'north'), index: 0, kind }
  const sealed = sealParticulars(key, place, particularsText({ text: '까닭' }), randomBytes)
  const event = make({ kind, sealed })
  const reporter = {
    agency: world.north.agency,
    deploymentId: world.deployment,
    digest,
    acknowledgementKey: world.reporter.acknowledgementKey,
  }
  const sent = [recorded(event, undefined, change(sealed))]
  return [reporter, { ...reporter, contentKey: inside }].map(subject => {
    const [read] = checkChain(subject, sent, toBase64url(headAfter(event))).events
    return [read?.verdict, read?.particulars?.text ?? null]
  })
}

test('what is told is read by reporter and agency, what stays inside by the agency alone', () => {
  expect(readings('closed')).toEqual([
    ['closed', '까닭'],
    ['closed', '까닭'],
  ])
  expect(readings('noted')).toEqual([
    ['noted', null],
    ['noted', '까닭'],
  ])
})

test('what is said that was taken away or exchanged is nothing, and the event stands', () => {
  const others = [() => null, () => randomBytes(552), (sealed: Uint8Array) => sealed.slice(1)]
  for (const other of others) {
    expect(readings('closed', other)).toEqual([
      ['closed', null],
      ['closed', null],
    ])
  }
})
