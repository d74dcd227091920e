// Whatever arrives, a reader ends in an answer or in one of the protocol's own errors, and soon.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { verifyCertificate, verifyDeviceList, verifyStatement } from '../../src/protocol/agency-documents.ts'
import { buildDeviceList, buildDirectory } from '../../src/protocol/authority.ts'
import { issueChallenge, readChallenge } from '../../src/protocol/challenge.ts'
import { bytesToText, contentKey, signingKey, unpad } from '../../src/protocol/crypto.ts'
import { verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { dec, fromAscii, fromBase64, fromBase64url } from '../../src/protocol/encoding.ts'
import { parseHeader } from '../../src/protocol/envelope.ts'
import { chainStart, parseEvent, signEvent } from '../../src/protocol/event.ts'
import { formatKeyFile, parseKeyFile } from '../../src/protocol/key-file.ts'
import { formatReceiptCode, parseReceiptCode, receiptCode } from '../../src/protocol/receipt-code.ts'
import { openReport, sealReport } from '../../src/protocol/report.ts'
import {
  contentDigest,
  parseContentDigest,
  parseSignature,
  signRequest,
} from '../../src/protocol/request-signature.ts'
import { openNote } from '../../src/protocol/signed-note.ts'
import { filled, refusal, refusalOf } from './support.ts'
import { buildWorld, fixedRandom, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const isOurs = (code: string) => code === 'accepted' || /^[a-z-]+$/.test(code)

/** Good input with a piece cut out, repeated, or replaced by anything. */
function damaged<T extends string | Uint8Array>(good: T, junk: fc.Arbitrary<T>, join: (...parts: T[]) => T) {
  const cut = (text: T, from: number, to: number) => text.slice(from, to) as T
  return fc
    .tuple(fc.nat(good.length), fc.nat(good.length), junk)
    .map(([a, b, inserted]) => join(cut(good, 0, a), inserted, cut(good, b, good.length)))
}

const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const nearText = (good: string) =>
  fc.oneof(
    anyText,
    damaged(good, anyText, (...parts) => parts.join('')),
  )
const anyBytes = fc.uint8Array({ maxLength: 40 })
const nearBytes = (good: Uint8Array) =>
  fc.oneof(
    anyBytes,
    damaged(good, anyBytes, (...parts) => Uint8Array.from(parts.flatMap(part => [...part]))),
  )

test('texts', () => {
  const [north, deployment] = [world.north, world.deployment]
  const { certificate } = north.verifiedDevice
  const pair = north.device
  const nonce = issueChallenge(filled(32, 1), { random: filled(16, 1), expiry: 1, workBits: 1 })
  const request = { method: 'GET', path: '/', query: '?' }
  const fields = signRequest(request, { pair, nonce, tag: 'bongsu/v1/agency/x' })
  const seed = { kind: 'root', name: 'a', seed: pair.seed } as const
  const list = { agencyId: 'north', version: 1, certificates: [certificate], revoked: [] }
  const readers: [string, (text: string) => unknown][] = [
    [formatReceiptCode(receiptCode(filled(16, 1))), parseReceiptCode],
    ['AAECAw', fromBase64url],
    ['AAECAw==', fromBase64],
    [nonce, readChallenge],
    [fields['signature-input'], text => parseSignature(text, fields.signature)],
    [fields.signature, text => parseSignature(fields['signature-input'], text)],
    [contentDigest(filled(32, 1)), parseContentDigest],
    [formatKeyFile(seed), parseKeyFile],
    [world.rootNote, text => openNote(text, world.rootInput.keys)],
    [certificate, text => verifyCertificate(text, north.agency, deployment)],
    [certificate, text => verifyStatement(text, north.agency, deployment)],
    [
      buildDeviceList(list, deployment, north.identity),
      text => verifyDeviceList(text, north.agency, deployment),
    ],
  ]
  for (const [good, read] of readers) {
    fc.assert(
      fc.property(nearText(good), text => isOurs(refusal(() => read(text)))),
      { numRuns: 300 },
    )
  }
})

test('bytes', async () => {
  const { reporter, north, deployment } = world
  const random = fixedRandom('hostile')
  const report = await sealReport({
    deploymentId: deployment,
    keys: reporter,
    recipients: [],
    content: '{}',
    random,
  })
  const digest = filled(32, 1)
  const hash = filled(32, 2)
  const content = { digest, agencyId: 'north', previous: chainStart(digest, 'north'), index: 0 } as const
  const more = { kind: 'acknowledged', day: '2026-03-02', certificateHash: hash, wrapsHash: hash } as const
  const event = signEvent({ ...content, ...more }, reporter.acknowledgementKey, north.device)
  const readers: [Uint8Array, (bytes: Uint8Array) => unknown][] = [
    [report.envelope.header, parseHeader],
    [
      report.envelope.header,
      header => openReport({ ...report.envelope, header }, contentKey(report.contentKey)),
    ],
    [event.core, core => parseEvent({ core, tag: event.tag })],
    [event.core, bytes => dec('event', bytes)],
    [north.device.publicKey, signingKey],
    [filled(9, 0x80), unpad],
    [filled(9, 0x80), bytesToText],
    [filled(9, 0x41), fromAscii],
  ]
  for (const [good, read] of readers) {
    fc.assert(
      fc.property(nearBytes(good), bytes => isOurs(refusal(() => read(bytes)))),
      { numRuns: 300 },
    )
  }
})

test('published documents', async () => {
  const directory = buildDirectory(world.directoryInput, world.deployment, [world.directorySigner])
  const near = fc.tuple(nearText(world.rootNote), nearText(directory))
  await fc.assert(
    fc.asyncProperty(near, async ([root, note]) => {
      expect(isOurs(await refusalOf(verifyRootChain([world.rootNote, root], world.deployment)))).toBe(true)
      expect(isOurs(await refusalOf(verifyDirectory(note, world.root)))).toBe(true)
    }),
    { numRuns: 150 },
  )
})
