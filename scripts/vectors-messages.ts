// Vectors of what is sealed: reports with their leaves, wrapped keys, follow-ups, replies.
import { KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import {
  H,
  M,
  pad,
  type RandomBytes,
  type SealingPair,
  sealingKey,
  sha256,
  xchachaSeal,
} from '../src/protocol/crypto.ts'
import { ascii, concat, enc, toHex } from '../src/protocol/encoding.ts'
import { type Envelope, encodeHeader, NO_BLOB, openEnvelope, SIZE_BUCKETS } from '../src/protocol/envelope.ts'
import { encodeFileList, type FileList, type MessageFiles } from '../src/protocol/file-list.ts'
import { leafPreimage } from '../src/protocol/ledger.ts'
import { messageIdOf, openReply, sealReply } from '../src/protocol/reply.ts'
import { openFollowUp, openReport, recipientsTag, sealFollowUp, sealReport } from '../src/protocol/report.ts'
import { reportIdOf } from '../src/protocol/reporter-keys.ts'
import { wrapContentKey, wrapForDevice, wrapsDigest } from '../src/protocol/wrapped-key.ts'
import { fixedRandom, type World } from '../test/protocol/world.ts'
import { exampleFiles } from './vectors-files.ts'

const code = () => toHex(fixedRandom('code')(16))
const DAY = '2026-03-02'
const NO_FILES = new Uint8Array(0)

/** Notes what is drawn, so that a vector can state it. */
function recorded(random: RandomBytes): { random: RandomBytes; drawn: Uint8Array[] } {
  const drawn: Uint8Array[] = []
  const record: RandomBytes = length => {
    const bytes = random(length)
    drawn.push(bytes)
    return bytes
  }
  return { random: record, drawn }
}

const hexOf = async (bytes: Uint8Array) =>
  bytes.length > 10_000 ? { sha256: toHex(await sha256(bytes)) } : { hex: toHex(bytes) }

const envelopeEntry = async ({ header, commitment, body }: Envelope, digest: Uint8Array) => ({
  header: toHex(header),
  commitment: toHex(commitment),
  body: await hexOf(body),
  digest: toHex(digest),
})

/** The list inside, and what the header has of the blob. */
const filesEntry = (files: MessageFiles | null) => ({
  files: toHex(encodeFileList(files?.list ?? null)),
  blobRoot: toHex(files?.root ?? NO_BLOB),
  partCount: files?.partCount ?? 0,
})

const change = (part: string, at: number) => ({ part, at, error: 'open-failed' })

const FIRST = '{"version":1,"language":"ko","what":"도면이 경쟁사로 넘어갔습니다."}'

export async function reportVectors(world: World) {
  const contents = [
    { unit: FIRST, times: 1 },
    ...SIZE_BUCKETS.slice(0, -1).map(size => ({ unit: 'x', times: size })),
  ]
  const cases = []
  for (const content of contents) cases.push(await reportCase(world, content, null))
  cases.push(await reportCase(world, { unit: FIRST, times: 1 }, await exampleFiles()))
  return {
    cases,
    envelopesRefused: refusedEnvelopes(world),
    // Each changes one byte (xor 01) of the first case; `at` counts from 0.
    refused: [
      ...[0, 17, 23, 29, 65, 85, 93, 101, 137].map(at => change('header', at)),
      ...[0, 31].map(at => change('commitment', at)),
      ...[0, 23, 24, 8215, 8216, 8231].map(at => change('body', at)),
    ],
  }
}

/** Well sealed by who holds the key, and still not a report. */
function refusedEnvelopes({ deployment, reporter }: World) {
  const key = fixedRandom('refused')(32)
  const header = (threadIndex: number, bucket: number) =>
    encodeHeader({
      ...{ deploymentId: deployment, reportId: reportIdOf(reporter.status.publicKey), threadIndex, bucket },
      ...{ blobRoot: NO_BLOB, partCount: 0 },
    })
  const fields = [32, 1216, 32, 32, 32].map(length => new Uint8Array(length).fill(1))
  const good = enc('report-body', ...fields, ascii('{}'), NO_FILES)
  const seal = (
    why: string,
    head: Uint8Array,
    plaintext: Uint8Array,
    commitment = M(key, 'commit', head),
  ) => {
    const padded = pad(plaintext, 8192)
    const body = xchachaSeal(M(key, 'body'), new Uint8Array(24).fill(7), concat(head, commitment), padded)
    const parts = { header: toHex(head), commitment: toHex(commitment), body: toHex(body) }
    return { why, contentKey: toHex(key), ...parts, error: 'open-failed' }
  }
  const first = header(0, 8192)
  return [
    seal('a commitment to another key', first, good, M(fixedRandom('other')(32), 'commit', first)),
    seal('a body smaller than its header says', header(0, 32_768), good),
    seal('a report with a thread index', header(1, 8192), good),
    seal('a field missing', first, enc('report-body', ...fields, ascii('{}'))),
    seal('a key of another length', first, enc('report-body', ...fields.toReversed(), ascii('{}'), NO_FILES)),
    seal('content that is not UTF-8', first, enc('report-body', ...fields, Uint8Array.of(0xff), NO_FILES)),
    seal('a list that is none', first, enc('report-body', ...fields, ascii('{}'), ascii('x'))),
    seal('another suite', xored(first, 22), good),
  ]
}

async function reportCase(
  world: World,
  content: { unit: string; times: number },
  files: MessageFiles | null,
) {
  const { random, drawn } = recorded(fixedRandom(`report ${content.times}${files ? ' with files' : ''}`))
  const agencies = [world.north, world.south]
  const sealed = await sealReport({
    deploymentId: world.deployment,
    keys: world.reporter,
    recipients: agencies.map(agency => agency.recipient),
    content: content.unit.repeat(content.times),
    files,
    random,
  })
  const wraps = wrapsDigest(sealed.wrappedKeys)
  const leaf = leafPreimage({
    blind: world.reporter.logBlind,
    statusKey: world.reporter.status.publicKey,
    digest: sealed.digest,
    wraps,
  })
  const ids = agencies.map(agency => agency.recipient.agencyId)
  const [key, nonce, ...eseeds] = drawn.map(toHex)
  if (openReport(sealed.envelope, sealed.contentKey).content.length === 0) throw new Error('content')
  return {
    deployment: toHex(world.deployment),
    code: code(),
    content,
    ...filesEntry(files),
    contentKey: key,
    nonce,
    plaintext: await hexOf(openEnvelope(sealed.envelope, sealed.contentKey)),
    ...(await envelopeEntry(sealed.envelope, sealed.digest)),
    wrappedKeys: sealed.wrappedKeys.map(({ agencyId, keyId, wrapped }, i) => ({
      agency: agencyId,
      epochSeed: toHex(agencies[i]?.epoch.seed ?? new Uint8Array(0)),
      keyId: toHex(keyId),
      eseed: eseeds[i],
      wrapped: toHex(wrapped),
    })),
    wrapsDigest: toHex(wraps),
    leafPreimage: toHex(leaf),
    leaf: toHex(await sha256(leaf)),
    recipientsTag: toHex(recipientsTag(world.reporter.recipientsKey, sealed.digest, ids)),
  }
}

/** HPKE's DeriveKeyPair takes the seed for key material: another key, to which nothing is sealed. */
async function derivedKey(pair: SealingPair) {
  const kem = KEM_MLKEM768_X25519()
  const { publicKey } = await kem.DeriveKeyPair(pair.seed, true)
  return sealingKey(await kem.SerializePublicKey(publicKey))
}

export async function wrappedKeyVectors(world: World) {
  const { random, drawn } = recorded(fixedRandom('wraps'))
  const { north } = world
  const report = await sealReport({
    deploymentId: world.deployment,
    keys: world.reporter,
    recipients: [],
    content: FIRST,
    random: fixedRandom('wrapped'),
  })
  const { contentKey: key, digest } = report
  const { deviceId } = north.verifiedDevice
  const device = { deviceId, agencyId: north.id, sealingKey: north.deviceSealing.publicKey }
  const wrapped = await wrapContentKey(key, digest, north.recipient, random)
  const forDevice = await wrapForDevice(key, digest, device, random)
  const toDerived = await wrapContentKey(
    key,
    digest,
    { ...north.recipient, sealingKey: await derivedKey(north.epoch) },
    random,
  )
  const [eseed, deviceEseed] = drawn.map(toHex)
  const open = { seed: toHex(north.epoch.seed), digest: toHex(digest), agency: north.id }
  const good = { ...open, keyId: toHex(north.recipient.keyId), wrapped: toHex(wrapped.wrapped) }
  const keyId = good.keyId
  const info = toHex(enc('wrap', digest, north.recipient.keyId, ascii(north.id)))
  const deviceInfo = toHex(enc('device-wrap', digest, deviceId, ascii(north.id)))
  const seed = toHex(north.deviceSealing.seed)
  return {
    agency: [{ ...good, eseed, info, contentKey: toHex(key) }],
    device: [
      {
        ...{ seed, digest: open.digest, agency: north.id, device: toHex(deviceId), eseed: deviceEseed },
        ...{ info: deviceInfo, wrapped: toHex(forDevice), contentKey: toHex(key) },
      },
    ],
    refused: [
      { why: 'the key that DeriveKeyPair gives', ...good, wrapped: toHex(toDerived.wrapped) },
      { why: 'a device wrap', ...good, wrapped: toHex(forDevice) },
      { why: 'another report', ...good, digest: toHex(H('report-digest')) },
      { why: 'another agency', ...good, agency: 'south' },
      { why: 'another key id', ...good, keyId: toHex(world.south.recipient.keyId) },
      { why: 'another seed', ...good, seed: toHex(world.south.epoch.seed), keyId },
      { why: 'ML-KEM’s part changed', ...good, wrapped: toHex(xored(wrapped.wrapped, 0)) },
      { why: 'X25519’s part changed', ...good, wrapped: toHex(xored(wrapped.wrapped, 1088)) },
      { why: 'X25519’s part zero', ...good, wrapped: toHex(zeroed(wrapped.wrapped, 1088, 1120)) },
      { why: 'the tag changed', ...good, wrapped: toHex(xored(wrapped.wrapped, 1167)) },
      { why: 'cut', ...good, wrapped: toHex(wrapped.wrapped.subarray(0, 1167)) },
    ].map(entry => ({ ...entry, error: 'open-failed' })),
  }
}

function xored(bytes: Uint8Array, at: number): Uint8Array {
  const copy = bytes.slice()
  copy[at] = (copy[at] ?? 0) ^ 1
  return copy
}

const zeroed = (bytes: Uint8Array, from: number, to: number) => bytes.slice().fill(0, from, to)

/** The last case objects to the event whose head this is, hexadecimal. */
export async function followUpVectors(world: World, head: string) {
  const content = '{"version":1,"text":"내일 출국합니다."}'
  const objectsTo = Buffer.from(head, 'hex').toString('base64url')
  const objection = JSON.stringify({ version: 1, text: '그 기관에는 넘기지 마세요.', objectsTo })
  return {
    cases: [
      await followUpCase(world, 'follow-up', content),
      await followUpCase(world, 'follow-up with files', content, await exampleFiles()),
      await followUpCase(world, 'objection', objection),
    ],
    refused: [change('header', 93), change('body', 100), change('threadKey', 0)],
  }
}

async function followUpCase(
  world: World,
  chance: string,
  content: string,
  files: MessageFiles | null = null,
) {
  const { random, drawn } = recorded(fixedRandom(chance))
  const agencies = [world.south, world.north]
  const recipients = agencies.map(({ id, recipient }) => ({ ...recipient, head: H('example', ascii(id)) }))
  const input = { deploymentId: world.deployment, keys: world.reporter, recipients, content, files, random }
  const sealed = await sealFollowUp(input, 2)
  const opened = openFollowUp(sealed.envelope, sealed.contentKey, world.reporter.threadKey)
  const [contentKey, nonce, ...eseeds] = drawn.map(toHex)
  return {
    deployment: toHex(world.deployment),
    code: code(),
    threadIndex: 2,
    content,
    ...filesEntry(files),
    contentKey,
    nonce,
    threadTag: toHex(opened.threadTag),
    plaintext: toHex(openEnvelope(sealed.envelope, sealed.contentKey)),
    ...(await envelopeEntry(sealed.envelope, sealed.digest)),
    wrappedKeys: sealed.wrappedKeys.map(({ agencyId, keyId, wrapped }, i) => ({
      agency: agencyId,
      epochSeed: toHex(agencies[i]?.epoch.seed ?? new Uint8Array(0)),
      keyId: toHex(keyId),
      head: toHex(recipients[i]?.head ?? new Uint8Array(0)),
      eseed: eseeds[i],
      wrapped: toHex(wrapped),
    })),
  }
}

export async function replyVectors(world: World) {
  const { list } = await exampleFiles()
  return {
    cases: [await replyCase(world, 1, null), await replyCase(world, 2, list)],
    refused: [
      ...[0, 1088, 1120, 9000, 17_519].map(at => change('sealed', at)),
      change('mailboxKey', 0),
      change('sealingSeed', 0),
      { why: 'another agency', part: 'agency', value: 'south', error: 'open-failed' },
    ],
  }
}

async function replyCase({ reporter, north }: World, number: number, files: FileList | null) {
  const { random, drawn } = recorded(fixedRandom(files ? 'reply with files' : 'reply'))
  const { certificate } = north.verifiedDevice
  const { status: _, mailbox, sealing, ...keys } = reporter
  const to = { ...keys, mailboxKey: mailbox.publicKey, sealingKey: sealing.publicKey }
  const content = {
    digest: H('report-digest', ascii('example')),
    agencyId: north.id,
    number,
    day: DAY,
    followUps: [H('report-digest', ascii('follow-up'))],
    text: '잘 받았습니다. 언제까지 연락이 됩니까?',
    files,
  }
  const sealed = await sealReply(content, to, { pair: north.device, certificate }, random)
  const opened = await openReply(sealed, north.id, { mailboxKey: mailbox.publicKey, sealing })
  const [eseed] = drawn.map(toHex)
  return {
    mailboxKey: toHex(mailbox.publicKey),
    sealingSeed: toHex(sealing.seed),
    mailboxId: toHex(opened.mailboxId),
    digest: toHex(content.digest),
    agency: north.id,
    number,
    day: DAY,
    followUps: content.followUps.map(toHex),
    text: content.text,
    files: toHex(encodeFileList(files)),
    deviceSeed: toHex(north.device.seed),
    deviceKey: toHex(north.device.publicKey),
    certificate,
    eseed,
    sealed: toHex(sealed),
    messageId: toHex(messageIdOf(sealed)),
  }
}
