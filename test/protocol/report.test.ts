import { beforeAll, expect, test } from 'vitest'
import { blobRoot } from '../../src/protocol/blob.ts'
import { blobKeyOf, type ContentKey, contentKey, H, M, textToBytes } from '../../src/protocol/crypto.ts'
import { ascii, decExactly, enc, u32 } from '../../src/protocol/encoding.ts'
import {
  type Envelope,
  NO_BLOB,
  openEnvelope,
  parseHeader,
  reportDigest,
  sealEnvelope,
} from '../../src/protocol/envelope.ts'
import { encodeFileList } from '../../src/protocol/file-list.ts'
import { receiptCode } from '../../src/protocol/receipt-code.ts'
import { openFollowUp, openReport, sealFollowUp, sealReport } from '../../src/protocol/report.ts'
import { deriveReporterKeys, reportIdOf, type ThreadKey } from '../../src/protocol/reporter-keys.ts'
import { unwrapContentKey } from '../../src/protocol/wrapped-key.ts'
import { filled, refusal, refusalOf, tampered } from './support.ts'
import { buildWorld, fixedRandom, type World } from './world.ts'

const noFiles = new Uint8Array(0)
let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const input = (content = '{"what":"도면 유출"}') => ({
  deploymentId: world.deployment,
  keys: world.reporter,
  recipients: [world.north.recipient, world.south.recipient],
  content,
  random: fixedRandom('report'),
})

const followUp = (content?: string) => ({
  ...input(content),
  recipients: [
    { ...world.north.recipient, head: filled(32, 1) },
    { ...world.south.recipient, head: filled(32, 2) },
  ],
})

test('each recipient opens the report, and with it the keys by which it can answer', async () => {
  const { envelope, digest, wrappedKeys, contentKey: sealedKey } = await sealReport(input())
  expect(digest).toEqual(reportDigest(envelope))
  for (const [i, to] of [world.north, world.south].entries()) {
    const wrapped = wrappedKeys[i]
    if (!wrapped) throw new Error('a wrapped key for each')
    const key = await unwrapContentKey(wrapped, digest, to.epoch)
    expect(key).toEqual(sealedKey)
    expect(openReport(envelope, key)).toEqual({
      content: '{"what":"도면 유출"}',
      files: null,
      replyKeys: {
        mailboxKey: world.reporter.mailbox.publicKey,
        sealingKey: world.reporter.sealing.publicKey,
        acknowledgementKey: world.reporter.acknowledgementKey,
        threadKey: world.reporter.threadKey,
        logBlind: world.reporter.logBlind,
      },
    })
  }
})

test('a report names its deployment and its status key’s report id, and no follow-up', async () => {
  const header = parseHeader((await sealReport(input())).envelope.header)
  expect(header.deploymentId).toEqual(world.deployment)
  expect(header.reportId).toEqual(reportIdOf(world.reporter.status.publicKey))
  expect(header.threadIndex).toBe(0)
})

test('the code does not give the content key: each sealing takes chance of its own', async () => {
  const random = fixedRandom('two')
  const [one, two] = [await sealReport({ ...input(), random }), await sealReport({ ...input(), random })]
  expect(one.contentKey).not.toEqual(two.contentKey)
  expect(one.envelope.body).not.toEqual(two.envelope.body)
})

test('a tampered report fails like a wrong key', async () => {
  const { envelope, contentKey: key } = await sealReport(input())
  expect(refusal(() => openReport(envelope, contentKey(filled(32, 0))))).toBe('open-failed')
  for (const part of ['header', 'commitment', 'body'] as const) {
    for (const changed of tampered(envelope[part])) {
      expect(refusal(() => openReport({ ...envelope, [part]: changed }, key))).toBe('open-failed')
    }
  }
})

const subject = (threadIndex: number) => ({
  deploymentId: world.deployment,
  reportId: filled(16, 0),
  threadIndex,
  blobRoot: NO_BLOB,
  partCount: 0,
})

test('who holds the content key cannot swap the text: the digest moves and the wrapped keys close', async () => {
  const sealed = await sealReport(input())
  const about = subject(0)
  const swapped = sealEnvelope(sealed.contentKey, about, ascii('other'), fixedRandom('swap'))
  const [wrapped] = sealed.wrappedKeys
  if (!wrapped) throw new Error('a wrapped key')
  const opening = unwrapContentKey(wrapped, reportDigest(swapped), world.north.epoch)
  expect(await refusalOf(opening)).toBe('open-failed')
})

const envelopeOf = (plaintext: Uint8Array, threadIndex: number): { envelope: Envelope; key: ContentKey } => {
  const key = contentKey(filled(32, 5))
  return { key, envelope: sealEnvelope(key, subject(threadIndex), plaintext, fixedRandom('by hand')) }
}

test('a well sealed body that is not a report’s is refused', () => {
  const lengths = [32, 1216, 32, 32, 32]
  const good = lengths.map(length => filled(length, 1))
  const bodies = [
    enc('follow-up-body', ...good, ascii('{}'), noFiles),
    enc('report-body', ...good, ascii('{}')),
    enc('report-body', ...good, ascii('{}'), noFiles, noFiles),
    enc('report-body', ...good, Uint8Array.of(0xff), noFiles),
    enc('report-body', ...good, ascii('{}'), ascii('x')),
    ...lengths.map((length, i) =>
      enc(
        'report-body',
        ...good.map((field, at) => (at === i ? filled(length + 1, 1) : field)),
        ascii('{}'),
        noFiles,
      ),
    ),
    new Uint8Array(0),
    filled(300_000, 0x41),
  ]
  for (const body of bodies) {
    const { envelope, key } = envelopeOf(body, 0)
    expect(refusal(() => openReport(envelope, key))).toBe('open-failed')
  }
  const whole = enc('report-body', ...good, ascii('{}'), noFiles)
  const [first, later] = [envelopeOf(whole, 0), envelopeOf(whole, 1)]
  expect(refusal(() => openReport(first.envelope, first.key))).toBe('accepted')
  expect(refusal(() => openReport(later.envelope, later.key))).toBe('open-failed')
})

test('a follow-up opens with the report’s thread key', async () => {
  const { envelope, contentKey: key } = await sealFollowUp(followUp('더 있습니다'), 3)
  const opened = openFollowUp(envelope, key, world.reporter.threadKey)
  expect(opened.content).toBe('더 있습니다')
  expect(parseHeader(envelope.header).threadIndex).toBe(3)
})

test('a follow-up of somebody with another code is refused', async () => {
  const other = deriveReporterKeys(world.deployment, receiptCode(filled(16, 1)))
  const { envelope, contentKey: key } = await sealFollowUp({ ...followUp(), keys: other }, 1)
  expect(refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))).toBe('open-failed')
})

test('no follow-up has the number of the report', async () => {
  expect(await refusalOf(sealFollowUp(followUp(), 0))).toBe('bad-encoding')
  const tag = M(world.reporter.threadKey, 'thread', u32(0), H('follow-up-text', ascii('x'), noFiles))
  const { envelope, key } = envelopeOf(enc('follow-up-body', tag, ascii('x'), noFiles), 0)
  expect(refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))).toBe('open-failed')
})

/** A follow-up that its recipient, who holds the content key, writes anew. */
function rewritten(index: number, text: string, tag?: Uint8Array) {
  const bytes = textToBytes(text)
  const own = M(world.reporter.threadKey, 'thread', u32(index), H('follow-up-text', bytes, noFiles))
  return envelopeOf(enc('follow-up-body', tag ?? own, bytes, noFiles), index)
}

test('a thread tag holds for its number and its text only', () => {
  const tag = M(world.reporter.threadKey, 'thread', u32(1), H('follow-up-text', ascii('text'), noFiles))
  const open = ({ envelope, key }: ReturnType<typeof rewritten>) =>
    refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))
  expect(open(rewritten(1, 'text', tag))).toBe('accepted')
  expect(open(rewritten(2, 'text', tag))).toBe('open-failed')
  expect(open(rewritten(1, 'Text', tag))).toBe('open-failed')
  for (const changed of tampered(tag)) expect(open(rewritten(1, 'text', changed))).toBe('open-failed')
})

const blobKey = blobKeyOf(filled(32, 6))
const listed = { name: '도면.pdf', type: '', size: 9, sha256: filled(32, 7), attached: true }
const attachedFiles = { list: { blobKey, files: [listed] }, root: filled(32, 8), partCount: 3 }

test('a message lists its files inside, and its header has the root and the number of parts of their blob', async () => {
  const files = attachedFiles
  const report = await sealReport({ ...input(), files })
  const later = await sealFollowUp({ ...followUp(), files }, 1)
  for (const { envelope } of [report, later])
    expect(parseHeader(envelope.header)).toMatchObject({ blobRoot: filled(32, 8), partCount: 3 })
  expect(openReport(report.envelope, report.contentKey).files).toEqual(files.list)
  const { threadKey } = world.reporter
  expect(openFollowUp(later.envelope, later.contentKey, threadKey).files).toEqual(files.list)
})

test('files that are only kept are listed, and the header has no blob', async () => {
  const list = { blobKey, files: [{ ...listed, attached: false }] }
  const kept = { list, root: await blobRoot([]), partCount: 0 }
  const { envelope, contentKey: key } = await sealReport({ ...input(), files: kept })
  expect(parseHeader(envelope.header)).toMatchObject({ blobRoot: NO_BLOB, partCount: 0 })
  expect(openReport(envelope, key).files).toEqual(list)
})

test('a thread tag holds for its files only: who opened a follow-up cannot list others, or none', async () => {
  const { threadKey } = world.reporter
  const [text, files] = [textToBytes('더 있습니다'), encodeFileList(attachedFiles.list)]
  const tag = M(threadKey, 'thread', u32(1), H('follow-up-text', text, files))
  const open = (list: Uint8Array) => {
    const { envelope, key } = envelopeOf(enc('follow-up-body', tag, text, list), 1)
    return refusal(() => openFollowUp(envelope, key, threadKey))
  }
  expect(open(files)).toBe('accepted')
  expect(open(noFiles)).toBe('open-failed')
  for (const changed of tampered(files)) expect(open(changed)).toBe('open-failed')
})

test('a list that no reader would take is not sealed', async () => {
  const list = { blobKey, files: [{ ...listed, name: '' }] }
  expect(await refusalOf(sealReport({ ...input(), files: { ...attachedFiles, list } }))).toBe('bad-encoding')
})

test('a follow-up’s key opens only with the head that its writer saw, and shows one agency nothing of another', async () => {
  const sealed = await sealFollowUp(followUp('더 있습니다'), 1)
  const [wrapped] = sealed.wrappedKeys
  if (!wrapped) throw new Error('no wrapped key')
  const open = (head: Uint8Array | null) => unwrapContentKey(wrapped, sealed.digest, world.north.epoch, head)
  expect(await open(filled(32, 1))).toEqual(sealed.contentKey)
  for (const head of [filled(32, 2), null]) expect(await refusalOf(open(head))).toBe('open-failed')
  const shared = openEnvelope(sealed.envelope, sealed.contentKey)
  const [tag] = decExactly('follow-up-body', 3, shared)
  expect(shared).toEqual(enc('follow-up-body', tag ?? ascii(''), textToBytes('더 있습니다'), noFiles))
})

test('a head that is not 32 bytes is not sealed', async () => {
  const short = { ...followUp(), recipients: [{ ...world.north.recipient, head: filled(31, 1) }] }
  expect(await refusalOf(sealFollowUp(short, 1))).toBe('bad-encoding')
})

test('a report is not a follow-up, nor the reverse', async () => {
  const report = await sealReport(input())
  const later = await sealFollowUp(followUp(), 1)
  const { threadKey } = world.reporter
  expect(refusal(() => openFollowUp(report.envelope, report.contentKey, threadKey))).toBe('open-failed')
  expect(refusal(() => openReport(later.envelope, later.contentKey))).toBe('open-failed')
  const none = filled(32, 0) as ThreadKey
  expect(refusal(() => openFollowUp(later.envelope, later.contentKey, none))).toBe('open-failed')
})

test('text that UTF-8 cannot say is not sealed', async () => {
  expect(await refusalOf(sealReport(input('\ud800')))).toBe('bad-encoding')
})

test('the longest text fits and one byte more is too long', async () => {
  const overhead = enc('report-body', ...[32, 1216, 32, 32, 32, 0, 0].map(length => filled(length, 0))).length
  const most = 512 * 1024 - 1 - overhead
  const { envelope, contentKey: key } = await sealReport({ ...input('x'.repeat(most)), recipients: [] })
  expect(openReport(envelope, key).content).toHaveLength(most)
  expect(await refusalOf(sealReport(input('x'.repeat(most + 1))))).toBe('too-long')
})
