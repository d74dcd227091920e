// Every parser of the protocol: whatever it is given, it gives back a value or refuses with a code of ours.
import fc from 'fast-check'
import { beforeAll, expect, test } from 'vitest'
import { verifyCertificate, verifyDeviceList, verifyStatement } from '../../src/protocol/agency-documents.ts'
import { createFileOpener, STREAM_HEADER_LENGTH } from '../../src/protocol/blob.ts'
import { openChallenge, readChallenge } from '../../src/protocol/challenge.ts'
import {
  blobKeyOf,
  contentKey,
  cryptoReady,
  deploymentIdOf,
  deriveSealingPair,
  deriveSigningPair,
  sealingSeed,
  signingKey,
  signingSeed,
  unpad,
} from '../../src/protocol/crypto.ts'
import { parseDay } from '../../src/protocol/day.ts'
import { verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { documentText, readDocument, signDocument } from '../../src/protocol/document.ts'
import { concat, dec, fromBase64, fromBase64url, toBase64, toBase64url } from '../../src/protocol/encoding.ts'
import { encodeHeader, parseHeader, SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { ProtocolError } from '../../src/protocol/error.ts'
import { parseEvent } from '../../src/protocol/event.ts'
import { encodeFileList, parseFileList } from '../../src/protocol/file-list.ts'
import { parseKeyFile } from '../../src/protocol/key-file.ts'
import { openParticulars, parseParticulars } from '../../src/protocol/particulars.ts'
import { verifyReceipt } from '../../src/protocol/receipt.ts'
import {
  formatReceiptCode,
  parseReceiptCode,
  receiptCode,
  receiptCodeToWords,
} from '../../src/protocol/receipt-code.ts'
import { openReply, SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { openReport } from '../../src/protocol/report.ts'
import { parseContentDigest, parseSignature } from '../../src/protocol/request-signature.ts'
import { noteSigner, noteText, openNote } from '../../src/protocol/signed-note.ts'
import { rounds } from '../support/rounds.ts'

beforeAll(() => cryptoReady)

const numRuns = rounds(300, 50_000)
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const anyBytes = fc.uint8Array({ maxLength: 4096 })
const PLACE = {
  digest: new Uint8Array(32),
  agencyId: 'nis',
  previous: new Uint8Array(32),
  index: 0,
  kind: 'noted',
} as const
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.string({ unit: 'grapheme', maxLength: 600 }),
  fc.string({ maxLength: 600 }),
)

/** Runs it; any error that is not a ProtocolError fails the test. */
async function refusesOnly(run: () => unknown): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error
  }
}

/** A valid text with a piece of it replaced, doubled or cut out: gets further into a parser than chance does. */
const damaged = (text: fc.Arbitrary<string>) =>
  fc
    .tuple(
      text,
      fc.nat(),
      fc.nat({ max: 20 }),
      fc.oneof(anyText, fc.constantFrom('', '\n', '"', '}', '{', ',', ' ')),
    )
    .map(([whole, start, length, piece]) => {
      const at = start % (whole.length + 1)
      return whole.slice(0, at) + piece + whole.slice(at + length)
    })

/** One key that signs everything: a root, a directory, an agency. */
async function authority() {
  const by = await noteSigner('key', deriveSigningPair(signingSeed(new Uint8Array(32).fill(3))))
  const { key } = by
  const deployment = deploymentIdOf(new Uint8Array(32).fill(9))
  const keys = { threshold: 1, keys: [key], directoryThreshold: 1, directoryKeys: [key] }
  const root = { deploymentId: deployment, version: 1, expires: '2099-01-01', ...keys }
  const names = { ko: '가', en: 'a' }
  const dates = { validFrom: '2026-01-01', validUntil: '2099-01-01' }
  const about = { names, about: names, powers: [], territory: 'x', successor: null }
  return { by, key, deployment, root, agency: { id: 'a', ...about, ...dates, identity: key } }
}

test('parsers of text refuse with a code or give a value, never anything else', async () => {
  const { key, deployment, root, agency } = await authority()
  const parsers: readonly ((text: string) => unknown)[] = [
    fromBase64url,
    fromBase64,
    parseReceiptCode,
    parseDay,
    noteText,
    parseKeyFile,
    parseContentDigest,
    parseParticulars,
    readChallenge,
    text => openChallenge(new Uint8Array(32), text, 1_800_000_000),
    text => openNote(text, [key]),
    text => readDocument(text, 'directory', deployment),
    text => verifyReceipt(text, deployment, key),
    text => verifyCertificate(text, agency, deployment),
    text => verifyStatement(text, agency, deployment),
    text => verifyDeviceList(text, agency, deployment),
    text => verifyDirectory(text, root),
    text => verifyRootChain([text], deployment),
    text => parseSignature(text, text),
    text => parseSignature(text, `sig=:${toBase64(new Uint8Array(64))}:`),
  ]
  const signed = fc
    .json()
    .map(json => `bongsu/v1/directory ${toBase64url(deployment)}\n${json}\n\n\u2014 key AAAA\n`)
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyText, damaged(signed)), async text => {
      for (const parse of parsers) await refusesOnly(() => parse(text))
    }),
    { numRuns },
  )
})

test('documents that are signed but say anything at all are refused with a code', async () => {
  const { by, deployment, root, agency } = await authority()
  const member = fc.constantFrom(
    'agency',
    'version',
    'epochs',
    'devices',
    'revoked',
    'expires',
    'agencies',
    'routes',
    'timers',
    'log',
    'signingKey',
    'scopes',
    'role',
    'validFrom',
    'leaf',
    'day',
  )
  const content = fc.dictionary(
    member,
    fc.oneof(fc.jsonValue({ maxDepth: 4 }), fc.constant('a'), fc.constant(1)),
  )
  await fc.assert(
    fc.asyncProperty(content, async value => {
      const note = (type: 'directory' | 'statement' | 'device-list' | 'device' | 'receipt') =>
        signDocument(type, deployment, value, [by])
      await refusesOnly(() => verifyDirectory(note('directory'), root))
      await refusesOnly(() => verifyStatement(note('statement'), agency, deployment))
      await refusesOnly(() => verifyDeviceList(note('device-list'), agency, deployment))
      await refusesOnly(() => verifyCertificate(note('device'), agency, deployment))
      await refusesOnly(() => verifyReceipt(note('receipt'), deployment, by.key))
      await refusesOnly(() => readDocument(documentText('root', deployment, value), 'root', deployment))
    }),
    { numRuns: rounds(150, 10_000) },
  )
})

/** A list of files has one spelling: what is read is written back. */
function roundTrip(input: Uint8Array) {
  expect(encodeFileList(parseFileList(input))).toEqual(input)
}

/** Chance as a file's stream: nothing of it opens. */
function openStream(input: Uint8Array) {
  const opener = createFileOpener(blobKeyOf(new Uint8Array(32)), 0, input.subarray(0, STREAM_HEADER_LENGTH))
  try {
    expect(opener.open(input.subarray(STREAM_HEADER_LENGTH), true)).toBe('never')
  } finally {
    opener.free()
  }
}

test('parsers of bytes refuse with a code or give a value, never anything else', async () => {
  const parsers: readonly ((input: Uint8Array) => unknown)[] = [
    input => dec('header', input),
    parseHeader,
    unpad,
    signingKey,
    input => parseEvent({ core: input, tag: input.subarray(0, 32) }),
    input => openParticulars(new Uint8Array(32), PLACE, input),
    input => roundTrip(input),
    input => openStream(input),
    input =>
      openReport(
        { header: input, commitment: input.subarray(0, 32), body: input },
        contentKey(new Uint8Array(32)),
      ),
  ]
  const prefixed = fc
    .tuple(fc.constantFrom('header', 'event', 'report-body', 'files', 'file', 'kept-file'), anyBytes)
    .map(([tag, rest]) => {
      const full = `bongsu/v1/${tag}`
      return Uint8Array.from([
        full.length,
        ...Array.from(full, character => character.charCodeAt(0)),
        ...rest,
      ])
    })
  await fc.assert(
    fc.asyncProperty(fc.oneof(anyBytes, prefixed), async input => {
      for (const parse of parsers) await refusesOnly(() => parse(input))
    }),
    { numRuns },
  )
})

test('a list of files that is damaged is refused with a code or says something else, and has one spelling', async () => {
  const file = fc.record({
    name: fc.string({ minLength: 1, maxLength: 20 }),
    type: fc.string({ maxLength: 20 }),
    size: fc.nat({ max: 2 ** 28 }),
    sha256: bytes(32),
    attached: fc.boolean(),
  })
  const lists = fc
    .tuple(bytes(32), fc.array(file, { minLength: 1, maxLength: 4 }))
    .map(([key, files]) => encodeFileList({ blobKey: blobKeyOf(key), files }))
  const cut = fc.tuple(lists, fc.nat(), fc.nat({ max: 9 }), fc.uint8Array({ maxLength: 9 }))
  await fc.assert(
    fc.asyncProperty(cut, async ([whole, place, length, piece]) => {
      const at = place % (whole.length + 1)
      const damagedList = concat(whole.subarray(0, at), piece, whole.subarray(at + length))
      await refusesOnly(() => roundTrip(damagedList))
    }),
    { numRuns },
  )
})

test('a slot of chance opens as nobody’s reply', async () => {
  const sealing = deriveSealingPair(sealingSeed(new Uint8Array(32).fill(5)))
  const { publicKey: mailboxKey } = deriveSigningPair(signingSeed(new Uint8Array(32).fill(6)))
  await fc.assert(
    fc.asyncProperty(bytes(SEALED_REPLY_LENGTH), async slot => {
      await expect(openReply(slot, 'nis', { mailboxKey, sealing })).rejects.toMatchObject({
        code: 'open-failed',
      })
    }),
    { numRuns: rounds(20, 1000) },
  )
})

test('what is written is read back as it was', () => {
  fc.assert(
    fc.property(anyBytes, input => {
      expect(fromBase64url(toBase64url(input))).toEqual(input)
      expect(fromBase64(toBase64(input))).toEqual(input)
    }),
    { numRuns },
  )
  fc.assert(
    fc.property(bytes(16), input => {
      const code = receiptCode(input)
      const spellings = [
        formatReceiptCode(code),
        receiptCodeToWords(code, 'ko'),
        receiptCodeToWords(code, 'en'),
      ]
      for (const text of [...spellings, ...spellings.map(text => text.normalize('NFD').toLowerCase())]) {
        expect(parseReceiptCode(text)).toEqual(code)
      }
    }),
    { numRuns: rounds(50, 2000) },
  )
  const header = fc.record({
    deploymentId: bytes(32),
    reportId: bytes(16),
    threadIndex: fc.nat({ max: 0xffff_ffff }),
    bucket: fc.constantFrom(...SIZE_BUCKETS),
    blobRoot: bytes(32),
    partCount: fc.nat({ max: 0xffff_ffff }),
  })
  fc.assert(
    fc.property(header, value => {
      expect(parseHeader(encodeHeader(value))).toEqual(value)
    }),
    { numRuns },
  )
})

test('one wrong character in a receipt code is found in all but one of a thousand cases', () => {
  const symbols = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
  let missed = 0
  let tried = 0
  fc.assert(
    fc.property(bytes(16), fc.nat({ max: 27 }), fc.nat({ max: 31 }), (input, place, other) => {
      const plain = formatReceiptCode(receiptCode(input)).replaceAll('-', '')
      const symbol = symbols[other] ?? '0'
      if (plain[place] === symbol) return
      tried += 1
      try {
        parseReceiptCode(plain.slice(0, place) + symbol + plain.slice(place + 1))
        missed += 1
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error
      }
    }),
    { numRuns: rounds(2000, 100_000) },
  )
  // 10 bits of checksum: 1 in 1024 is expected.
  expect(missed).toBeLessThanOrEqual(10 + tried / 256)
})
