import { beforeAll, expect, test } from 'vitest'
import { type ContentKey, contentKey, H, M, textToBytes } from '../../src/protocol/crypto.ts'
import { ascii, enc, u32 } from '../../src/protocol/encoding.ts'
import { type Envelope, parseHeader, reportDigest, sealEnvelope } from '../../src/protocol/envelope.ts'
import { receiptCode } from '../../src/protocol/receipt-code.ts'
import {
  openFollowUp,
  openReport,
  type SeenHead,
  sealFollowUp,
  sealReport,
} from '../../src/protocol/report.ts'
import { deriveReporterKeys, reportIdOf, type ThreadKey } from '../../src/protocol/reporter-keys.ts'
import { unwrapContentKey } from '../../src/protocol/wrapped-key.ts'
import { filled, refusal, refusalOf, tampered } from './support.ts'
import { buildWorld, fixedRandom, type World } from './world.ts'

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

const heads = (): SeenHead[] => [
  { agencyId: 'south', head: filled(32, 2) },
  { agencyId: 'north', head: filled(32, 1) },
]

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

test('who holds the content key cannot swap the text: the digest moves and the wrapped keys close', async () => {
  const sealed = await sealReport(input())
  const about = { deploymentId: world.deployment, reportId: filled(16, 0), threadIndex: 0 }
  const swapped = sealEnvelope(sealed.contentKey, about, ascii('other'), fixedRandom('swap'))
  const [wrapped] = sealed.wrappedKeys
  if (!wrapped) throw new Error('a wrapped key')
  const opening = unwrapContentKey(wrapped, reportDigest(swapped), world.north.epoch)
  expect(await refusalOf(opening)).toBe('open-failed')
})

const envelopeOf = (plaintext: Uint8Array, threadIndex: number): { envelope: Envelope; key: ContentKey } => {
  const key = contentKey(filled(32, 5))
  const about = { deploymentId: world.deployment, reportId: filled(16, 0), threadIndex }
  return { key, envelope: sealEnvelope(key, about, plaintext, fixedRandom('by hand')) }
}

test('a well sealed body that is not a report’s is refused', () => {
  const lengths = [32, 1216, 32, 32, 32]
  const good = lengths.map(length => filled(length, 1))
  const bodies = [
    enc('follow-up-body', ...good, ascii('{}')),
    enc('report-body', ...good),
    enc('report-body', ...good, ascii('{}'), ascii('{}')),
    enc('report-body', ...good, Uint8Array.of(0xff)),
    ...lengths.map((length, i) =>
      enc('report-body', ...good.map((field, at) => (at === i ? filled(length + 1, 1) : field)), ascii('{}')),
    ),
    new Uint8Array(0),
    filled(300_000, 0x41),
  ]
  for (const body of bodies) {
    const { envelope, key } = envelopeOf(body, 0)
    expect(refusal(() => openReport(envelope, key))).toBe('open-failed')
  }
  const whole = enc('report-body', ...good, ascii('{}'))
  const [first, later] = [envelopeOf(whole, 0), envelopeOf(whole, 1)]
  expect(refusal(() => openReport(first.envelope, first.key))).toBe('accepted')
  expect(refusal(() => openReport(later.envelope, later.key))).toBe('open-failed')
})

test('a follow-up opens with the report’s thread key, with the heads that its writer saw', async () => {
  const { envelope, contentKey: key } = await sealFollowUp(input('더 있습니다'), 3, heads())
  const opened = openFollowUp(envelope, key, world.reporter.threadKey)
  expect(opened.content).toBe('더 있습니다')
  expect(opened.heads).toEqual([...heads()].reverse())
  expect(parseHeader(envelope.header).threadIndex).toBe(3)
})

test('a follow-up of somebody with another code is refused', async () => {
  const other = deriveReporterKeys(world.deployment, receiptCode(filled(16, 1)))
  const { envelope, contentKey: key } = await sealFollowUp({ ...input(), keys: other }, 1, heads())
  expect(refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))).toBe('open-failed')
})

test('no follow-up has the number of the report', async () => {
  expect(await refusalOf(sealFollowUp(input(), 0, heads()))).toBe('bad-encoding')
  const seen = enc('heads')
  const tag = M(world.reporter.threadKey, 'thread', u32(0), seen, H('follow-up-text', ascii('x')))
  const { envelope, key } = envelopeOf(enc('follow-up-body', tag, seen, ascii('x')), 0)
  expect(refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))).toBe('open-failed')
})

/** A follow-up that its recipient, who holds the content key, writes anew. */
function rewritten(index: number, seen: Uint8Array, text: string, tag?: Uint8Array) {
  const bytes = textToBytes(text)
  const own = M(world.reporter.threadKey, 'thread', u32(index), seen, H('follow-up-text', bytes))
  return envelopeOf(enc('follow-up-body', tag ?? own, seen, bytes), index)
}

test('a thread tag holds for its number, its heads and its text only', () => {
  const seen = enc('heads', ascii('north'), filled(32, 1))
  const tag = M(world.reporter.threadKey, 'thread', u32(1), seen, H('follow-up-text', ascii('text')))
  const open = ({ envelope, key }: ReturnType<typeof rewritten>) =>
    refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))
  expect(open(rewritten(1, seen, 'text', tag))).toBe('accepted')
  expect(open(rewritten(2, seen, 'text', tag))).toBe('open-failed')
  expect(open(rewritten(1, enc('heads', ascii('north'), filled(32, 2)), 'text', tag))).toBe('open-failed')
  expect(open(rewritten(1, seen, 'Text', tag))).toBe('open-failed')
  for (const changed of tampered(tag)) expect(open(rewritten(1, seen, 'text', changed))).toBe('open-failed')
})

test('heads have one encoding: sorted, each agency once, 32 bytes', () => {
  const [a, b, head] = [ascii('a'), ascii('b'), filled(32, 1)]
  const refused = [
    enc('heads', b, head, a, head),
    enc('heads', a, head, a, filled(32, 2)),
    enc('heads', a, filled(31, 1)),
    enc('heads', a),
    enc('heads', ascii('A'), head),
    enc('heads', ascii(''), head),
    enc('heads', textToBytes('가'), head),
    enc('head', a, head),
    enc('heads', ...Array.from({ length: 80 }, () => new Uint8Array(0))),
    filled(200_000, 0),
  ]
  for (const [index, seen] of refused.entries()) {
    const { envelope, key } = rewritten(1, seen, 'text')
    const code = refusal(() => openFollowUp(envelope, key, world.reporter.threadKey))
    expect(`${index} ${code}`).toBe(`${index} open-failed`)
  }
})

test('a report is not a follow-up, nor the reverse', async () => {
  const report = await sealReport(input())
  const followUp = await sealFollowUp(input(), 1, heads())
  const { threadKey } = world.reporter
  expect(refusal(() => openFollowUp(report.envelope, report.contentKey, threadKey))).toBe('open-failed')
  expect(refusal(() => openReport(followUp.envelope, followUp.contentKey))).toBe('open-failed')
  const none = filled(32, 0) as ThreadKey
  expect(refusal(() => openFollowUp(followUp.envelope, followUp.contentKey, none))).toBe('open-failed')
})

test('text that UTF-8 cannot say is not sealed', async () => {
  expect(await refusalOf(sealReport(input('\ud800')))).toBe('bad-encoding')
})

test('the longest text fits and one byte more is too long', async () => {
  const overhead = enc('report-body', ...[32, 1216, 32, 32, 32, 0].map(length => filled(length, 0))).length
  const most = 512 * 1024 - 1 - overhead
  const { envelope, contentKey: key } = await sealReport({ ...input('x'.repeat(most)), recipients: [] })
  expect(openReport(envelope, key).content).toHaveLength(most)
  expect(await refusalOf(sealReport(input('x'.repeat(most + 1))))).toBe('too-long')
})
