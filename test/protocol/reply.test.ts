import { AEAD_ChaCha20Poly1305, KEM_MLKEM768_X25519 } from '@panva/hpke-noble'
import { CipherSuite, KDF_HKDF_SHA256 } from 'hpke'
import { beforeAll, expect, test } from 'vitest'
import {
  blobKeyOf,
  H,
  keyId,
  pad,
  type SigningPair,
  sealingKey,
  sign,
  textToBytes,
} from '../../src/protocol/crypto.ts'
import { ascii, concat, enc, u32 } from '../../src/protocol/encoding.ts'
import { encodeFileList } from '../../src/protocol/file-list.ts'
import { hpkeSeal } from '../../src/protocol/hpke.ts'
import { receiptCode } from '../../src/protocol/receipt-code.ts'
import {
  messageIdOf,
  openReply,
  REPLY_SIZE,
  type ReplyContent,
  SEALED_REPLY_LENGTH,
  SLOT_LENGTH,
  sealReply,
} from '../../src/protocol/reply.ts'
import type { ReplyKeys } from '../../src/protocol/report.ts'
import { deriveReporterKeys, mailboxIdOf, type ReporterKeys } from '../../src/protocol/reporter-keys.ts'
import { filled, refusalOf, tampered } from './support.ts'
import { buildWorld, fixedRandom, signing, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const replyKeys = (keys: ReporterKeys): ReplyKeys => ({
  mailboxKey: keys.mailbox.publicKey,
  sealingKey: keys.sealing.publicKey,
  acknowledgementKey: keys.acknowledgementKey,
  threadKey: keys.threadKey,
  logBlind: keys.logBlind,
})

const content = (): Omit<ReplyContent, 'mailboxId'> => ({
  digest: filled(32, 1),
  agencyId: 'north',
  number: 1,
  day: '2026-03-02',
  followUps: [filled(32, 2), filled(32, 3)],
  text: '고맙습니다. 언제 보셨습니까?',
  files: null,
})

const device = () => ({ pair: world.north.device, certificate: world.north.verifiedDevice.certificate })
const mailbox = (keys = world.reporter) => ({ mailboxKey: keys.mailbox.publicKey, sealing: keys.sealing })
const seal = (change: Partial<ReplyContent> = {}, by = device()) =>
  sealReply({ ...content(), ...change }, replyKeys(world.reporter), by, fixedRandom('reply'))

test('a reply opens with the code’s keys, as its device signed it', async () => {
  const opened = await openReply(await seal(), 'north', mailbox())
  const { isSignedBy, certificate, ...said } = opened
  expect(said).toEqual({ ...content(), mailboxId: mailboxIdOf(world.reporter.mailbox.publicKey) })
  expect(certificate).toBe(world.north.verifiedDevice.certificate)
  expect(isSignedBy(world.north.verifiedDevice.signingKey)).toBe(true)
  expect(isSignedBy(world.south.verifiedDevice.signingKey)).toBe(false)
})

test('a short reply and the longest have one length, and a longer one is too long', async () => {
  const empty = await seal({ text: '', followUps: [] })
  expect(empty).toHaveLength(SEALED_REPLY_LENGTH)
  expect([SEALED_REPLY_LENGTH, SLOT_LENGTH]).toEqual([17_520, 17_536])
  const room = REPLY_SIZE - 1 - unpaddedLength({ text: '', followUps: [] })
  const longest = 'x'.repeat(room)
  expect(await seal({ text: longest, followUps: [] })).toHaveLength(SEALED_REPLY_LENGTH)
  expect(await refusalOf(seal({ text: `${longest}x`, followUps: [] }))).toBe('too-long')
})

function unpaddedLength(change: Partial<ReplyContent>): number {
  const { plaintext } = byHand({ ...content(), ...change, mailboxId: filled(32, 0) }, world.north.device)
  return plaintext.length
}

test('a reply opens for no other agency and no other mailbox', async () => {
  const sealed = await seal()
  const other = deriveReporterKeys(world.deployment, receiptCode(filled(16, 1)))
  expect(await refusalOf(openReply(sealed, 'south', mailbox()))).toBe('open-failed')
  expect(await refusalOf(openReply(sealed, 'north', mailbox(other)))).toBe('open-failed')
  const mixed = { mailboxKey: other.mailbox.publicKey, sealing: world.reporter.sealing }
  expect(await refusalOf(openReply(sealed, 'north', mixed))).toBe('open-failed')
})

test('damage, chance and other lengths are one failure', async () => {
  const sealed = await seal()
  for (const changed of tampered(sealed, 150)) {
    expect(await refusalOf(openReply(changed, 'north', mailbox()))).toBe('open-failed')
  }
  for (const junk of [fixedRandom('fill')(SEALED_REPLY_LENGTH), new Uint8Array(0), sealed.subarray(1)]) {
    expect(await refusalOf(openReply(junk, 'north', mailbox()))).toBe('open-failed')
  }
})

interface Forgery {
  readonly certificateHash?: Uint8Array
  readonly number?: Uint8Array
  readonly followUps?: Uint8Array
  readonly files?: Uint8Array
  readonly size?: number
}

/** What an agency that leaves the rules can put inside, since everybody can seal to a mailbox. */
function byHand(said: ReplyContent, by: SigningPair, forgery: Forgery = {}) {
  const certificate = textToBytes(world.north.verifiedDevice.certificate)
  const signed = enc(
    'reply-content',
    said.mailboxId,
    said.digest,
    ascii(said.agencyId),
    forgery.number ?? u32(said.number),
    ascii(said.day),
    forgery.followUps ?? concat(...said.followUps),
    forgery.certificateHash ?? H('document', certificate),
    textToBytes(said.text),
    forgery.files ?? encodeFileList(said.files),
  )
  const plaintext = enc('signed-reply', signed, sign(by, signed), certificate)
  return { plaintext, padded: pad(plaintext, forgery.size ?? REPLY_SIZE) }
}

async function sealedByHand(change: Partial<ReplyContent>, forgery: Forgery = {}, as = 'north') {
  const own = mailboxIdOf(world.reporter.mailbox.publicKey)
  const said = { ...content(), mailboxId: own, ...change }
  const { publicKey } = world.reporter.sealing
  const info = enc('reply', own, keyId(publicKey), ascii(as))
  return hpkeSeal(publicKey, info, byHand(said, world.north.device, forgery).padded, fixedRandom('hand'))
}

test('a reply that a device signed for another mailbox, sealed again to this one, is refused', async () => {
  const elsewhere = await sealedByHand({ mailboxId: filled(32, 9) })
  expect(await refusalOf(openReply(await sealedByHand({}), 'north', mailbox()))).toBe('accepted')
  expect(await refusalOf(openReply(elsewhere, 'north', mailbox()))).toBe('open-failed')
})

test('a reply that names another agency inside than outside is refused', async () => {
  const passedOff = await sealedByHand({ agencyId: 'south' })
  expect(await refusalOf(openReply(passedOff, 'north', mailbox()))).toBe('open-failed')
  expect(await refusalOf(openReply(await sealedByHand({}, {}, 'south'), 'south', mailbox()))).toBe(
    'open-failed',
  )
})

test('a well sealed reply whose inside does not follow the form is refused', async () => {
  const hash = H('document', textToBytes(world.north.verifiedDevice.certificate))
  const inside: [Partial<ReplyContent>, Forgery][] = [
    [{ digest: filled(31, 1) }, {}],
    [{ day: '2026-02-30' }, {}],
    [{ day: 'today' }, {}],
    [{ number: 0 }, {}],
    [{}, { number: filled(3, 1) }],
    [{}, { followUps: filled(33, 1) }],
    [{}, { certificateHash: filled(32, 0) }],
    [{}, { certificateHash: concat(hash, filled(1, 0)) }],
    [{}, { certificateHash: hash.subarray(0, 31) }],
    [{}, { files: ascii('none') }],
    [{}, { size: REPLY_SIZE / 2 }],
  ]
  for (const [index, [change, forgery]] of inside.entries()) {
    const code = await refusalOf(openReply(await sealedByHand(change, forgery), 'north', mailbox()))
    expect(`${index} ${code}`).toBe(`${index} open-failed`)
  }
})

const file = { name: '회신.pdf', type: '', size: 9, sha256: filled(32, 7), attached: true }

test('a reply lists its files under its device’s signature', async () => {
  const files = { blobKey: blobKeyOf(filled(32, 6)), files: [file, { ...file, attached: false }] }
  const opened = await openReply(await seal({ files }), 'north', mailbox())
  expect(opened.files).toEqual(files)
  expect(opened.isSignedBy(world.north.verifiedDevice.signingKey)).toBe(true)
  expect(await seal({ files })).toHaveLength(SEALED_REPLY_LENGTH)
})

test('a list that does not fit beside the text is too long', async () => {
  const files = Array.from({ length: 32 }, () => ({ ...file, name: 'x'.repeat(255), type: 'x'.repeat(127) }))
  const list = { blobKey: blobKeyOf(filled(32, 6)), files }
  expect(await refusalOf(seal({ files: list, text: 'x'.repeat(2000) }))).toBe('too-long')
})

test('content that no reader would take is not sealed', async () => {
  expect(await refusalOf(seal({ followUps: [filled(31, 1), filled(33, 1)] }))).toBe('bad-length')
  expect(await refusalOf(seal({ number: 0 }))).toBe('bad-encoding')
  expect(await refusalOf(seal({ number: 2 ** 32 }))).toBe('bad-encoding')
  expect(await refusalOf(seal({ text: '\udfff' }))).toBe('bad-encoding')
})

test('reply keys that are no keys are refused, not an accident', async () => {
  const broken = { ...replyKeys(world.reporter), sealingKey: filled(1216, 0xff) }
  expect(await refusalOf(sealReply(content(), broken, device(), fixedRandom('x')))).toBe('bad-key')
})

test('a signature of another device, or over other words, does not count', async () => {
  const opened = await openReply(await seal({}, { ...device(), pair: signing('thief') }), 'north', mailbox())
  expect(opened.isSignedBy(world.north.verifiedDevice.signingKey)).toBe(false)
  expect(opened.isSignedBy(filled(32, 0))).toBe(false)
})

test('the same ciphertext is the same message, another one another', async () => {
  const sealed = await seal()
  expect(messageIdOf(sealed)).toHaveLength(16)
  expect(messageIdOf(sealed)).toEqual(messageIdOf(sealed.slice()))
  for (const changed of tampered(sealed, 5)) expect(messageIdOf(changed)).not.toEqual(messageIdOf(sealed))
})

test('replies pass both ways between us and an independent implementation of HPKE', async () => {
  const peer = new CipherSuite(KEM_MLKEM768_X25519, KDF_HKDF_SHA256, AEAD_ChaCha20Poly1305)
  const { seed, publicKey } = world.reporter.sealing
  const mailboxId = mailboxIdOf(world.reporter.mailbox.publicKey)
  const options = { info: enc('reply', mailboxId, keyId(publicKey), ascii('north')), aad: new Uint8Array(0) }
  const sealed = await seal()
  const privateKey = await peer.DeserializePrivateKey(seed, true)
  const padded = await peer.Open(privateKey, sealed.subarray(0, 1120), sealed.subarray(1120), options)
  expect(padded).toHaveLength(REPLY_SIZE)
  const again = await peer.Seal(await peer.DeserializePublicKey(sealingKey(publicKey)), padded, options)
  const opened = await openReply(concat(again.encapsulatedSecret, again.ciphertext), 'north', mailbox())
  expect(opened.text).toBe(content().text)
})
