// A reader that shares no code with src/ agrees with it on every vector.
import { expect, test } from 'vitest'
import * as second from '../support/second-implementation.ts'
import { changed, readVectors } from './vectors.ts'

const sha256 = async (bytes: Uint8Array) =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', Uint8Array.from(bytes)))

async function isLike(bytes: Uint8Array, stated: { hex: Uint8Array } | { sha256: Uint8Array }) {
  if ('hex' in stated) expect(bytes).toEqual(stated.hex)
  else expect(await sha256(bytes)).toEqual(stated.sha256)
}

test('it encodes, hashes and pads the same', () => {
  const vectors = readVectors('encoding')
  for (const { tag, fields, encoded, hash, macKey, mac } of vectors.enc) {
    expect(second.enc(tag, ...fields)).toEqual(encoded)
    expect(second.fieldsOf(tag, encoded)).toEqual(fields)
    expect(second.hash(tag, ...fields)).toEqual(hash)
    expect(second.mac(macKey, tag, ...fields)).toEqual(mac)
  }
  for (const { tag, encoded } of vectors.encRefused) {
    expect(() => second.fieldsOf(tag, encoded)).toThrow(second.Refused)
  }
  for (const { text, padded } of vectors.padding) expect(second.unpad(padded)).toEqual(text)
  for (const { padded } of vectors.paddingRefused) expect(() => second.unpad(padded)).toThrow(second.Refused)
})

test('it writes the same codes and derives the same keys', () => {
  for (const { code, text } of readVectors('receipt-codes').codes) expect(second.codeText(code)).toBe(text)
  for (const { deployment, code, ...keys } of readVectors('reporter-keys')) {
    expect(second.deriveKeys(deployment, code)).toEqual(keys)
  }
})

test('it refuses the same Ed25519 keys and signatures', () => {
  const vectors = readVectors('signing-keys')
  for (const { seed, publicKey, keyId } of vectors.keys) {
    expect(second.signingKeyOf(seed)).toEqual(publicKey)
    expect(second.isSigningKey(publicKey)).toBe(true)
    expect(second.keyId(publicKey)).toEqual(keyId)
  }
  for (const { publicKey } of vectors.refused) expect(second.isSigningKey(publicKey)).toBe(false)
  for (const { publicKey, message, signature } of vectors.signaturesRefused) {
    expect(second.verify(publicKey, message, signature)).toBe(false)
  }
})

test('it opens reports from their wrapped keys, and finds digests and leaves', async () => {
  const vectors = readVectors('reports')
  for (const vector of vectors.cases) {
    const keys = second.deriveKeys(vector.deployment, vector.code)
    const content = vector.content.unit.repeat(vector.content.times)
    const { deployment, files, blobRoot, partCount } = vector
    const { mailboxKey, sealingKey, acknowledgementKey, threadKey, logBlind } = keys
    const fields = [
      mailboxKey,
      sealingKey,
      acknowledgementKey,
      threadKey,
      logBlind,
      new TextEncoder().encode(content),
      files,
    ]
    const plaintext = second.enc('report-body', ...fields)
    const bucket = [8, 32, 128, 512].map(kib => kib * 1024).find(size => plaintext.length < size) ?? 0
    const about = { deployment, reportId: keys.reportId, threadIndex: 0, bucket, blobRoot, partCount }
    const header = second.headerOf(about)
    const sealed = second.seal(vector.contentKey, vector.nonce, header, plaintext)
    expect(sealed).toMatchObject({ header: vector.header, commitment: vector.commitment })
    await isLike(sealed.body, vector.body)
    await isLike(plaintext, vector.plaintext)
    expect(second.digestOf(sealed)).toEqual(vector.digest)
    for (const { agency, epochSeed, keyId, eseed, wrapped } of vector.wrappedKeys) {
      const info = second.wrapInfo(vector.digest, keyId, agency)
      const key = second.hpkeOpen(epochSeed, info, wrapped)
      expect(second.openReport(sealed, key)).toEqual({
        content,
        files: second.readFileList(files),
        ...{ mailboxKey, sealingKey, acknowledgementKey, threadKey, logBlind },
      })
      expect(second.hpkeSeal(second.sealingKeyOf(epochSeed), info, key, eseed)).toEqual(wrapped)
    }
    const wraps = second.wrapsDigest(vector.wrappedKeys)
    expect(wraps).toEqual(vector.wrapsDigest)
    const ids = vector.wrappedKeys.map(({ agency }) => agency)
    expect(second.recipientsTag(keys.recipientsKey, vector.digest, ids)).toEqual(vector.recipientsTag)
    expect(second.leafOf(logBlind, keys.statusKey, vector.digest, wraps)).toEqual(vector.leaf)
  }
  for (const { contentKey, error: _, why, ...sealed } of vectors.envelopesRefused) {
    expect(() => second.openReport(sealed, contentKey), why).toThrow()
  }
  const [first] = vectors.cases
  if (!first || !('hex' in first.body)) throw new Error('a small report')
  const sealed = { header: first.header, commitment: first.commitment, body: first.body.hex }
  for (const refused of vectors.refused) {
    expect(() => second.openReport(changed(sealed, refused), first.contentKey)).toThrow(second.Refused)
  }
})

test('it opens wrapped keys and refuses the same ones', () => {
  const vectors = readVectors('wrapped-keys')
  for (const { seed, digest, agency, keyId, wrapped, contentKey } of vectors.agency) {
    expect(second.hpkeOpen(seed, second.wrapInfo(digest, keyId, agency), wrapped)).toEqual(contentKey)
  }
  for (const { seed, digest, agency, device, wrapped, contentKey } of vectors.device) {
    expect(second.hpkeOpen(seed, second.deviceWrapInfo(digest, device, agency), wrapped)).toEqual(contentKey)
  }
  for (const { seed, digest, agency, keyId, wrapped } of vectors.refused) {
    const info = second.wrapInfo(digest, keyId, agency)
    expect(() => second.hpkeOpen(seed, info, wrapped)).toThrow(second.Refused)
  }
})

test('it opens follow-ups and checks their thread tags', () => {
  const vectors = readVectors('follow-ups')
  for (const vector of vectors.cases) {
    const { threadKey } = second.deriveKeys(vector.deployment, vector.code)
    if (!('hex' in vector.body)) throw new Error('a small follow-up')
    const sealed = { header: vector.header, commitment: vector.commitment, body: vector.body.hex }
    const { content, threadTag } = vector
    const files = second.readFileList(vector.files)
    expect(second.openFollowUp(sealed, vector.contentKey, threadKey)).toEqual({ content, threadTag, files })
    for (const { agency, epochSeed, keyId, head, wrapped } of vector.wrappedKeys) {
      const info = second.followUpWrapInfo(vector.digest, keyId, agency, head)
      expect(second.hpkeOpen(epochSeed, info, wrapped)).toEqual(vector.contentKey)
      const without = second.wrapInfo(vector.digest, keyId, agency)
      expect(() => second.hpkeOpen(epochSeed, without, wrapped)).toThrow()
    }
    expect(second.digestOf(sealed)).toEqual(vector.digest)
    for (const refused of vectors.refused) {
      const { threadKey: key, ...envelope } = changed({ ...sealed, threadKey }, refused)
      expect(() => second.openFollowUp(envelope, vector.contentKey, key)).toThrow(second.Refused)
    }
  }
})

test('an objection names the event that it is about by the head behind it', () => {
  const content = readVectors('follow-ups').cases.at(-1)?.content ?? '{}'
  const { objectsTo } = JSON.parse(content) as { objectsTo?: string }
  const { head } = readVectors('events').chain.at(-1) ?? {}
  expect(objectsTo).toBe(Buffer.from(head ?? []).toString('base64url'))
})

test('it opens replies and checks their signatures', () => {
  const vectors = readVectors('replies')
  for (const vector of vectors.cases) {
    const opened = second.openReply(vector.sealed, vector.agency, vector.mailboxKey, vector.sealingSeed)
    const { mailboxId, digest, number, day, text, certificate } = vector
    const files = second.readFileList(vector.files)
    expect(opened).toMatchObject({ mailboxId, digest, number, day, text, files, certificate })
    expect(opened.isSignedBy(vector.deviceKey)).toBe(true)
    expect(second.messageId(vector.sealed)).toEqual(vector.messageId)
    for (const refused of vectors.refused) {
      const { sealed, agency, mailboxKey, sealingSeed } = changed(vector, refused)
      expect(() => second.openReply(sealed, agency, mailboxKey, sealingSeed)).toThrow(second.Refused)
    }
  }
})

test('it seals a device’s notes to the same bytes', async () => {
  for (const { seed, device, agency, version, notes, eseed, sealed } of readVectors('device-notes')) {
    const bytes = second.sealNotes(second.sealingKeyOf(seed), { device, agency, version, notes }, eseed)
    await isLike(bytes, sealed)
  }
})

test('it counts the same signatures and finds the same deployment', () => {
  const vectors = readVectors('documents')
  const [first = '', later = ''] = vectors.roots
  expect(second.deploymentOf(first)).toEqual(vectors.deployment)
  expect(second.noteText(first)).toBe(vectors.firstRootText)
  for (const { name, publicKey, hash } of vectors.keys)
    expect(second.noteKeyHash(name, publicKey)).toEqual(hash)
  expect(second.signersOf(first, vectors.keys)).toBe(2)
  expect(second.signersOf(later, vectors.keys)).toBe(4)
  for (const note of [
    vectors.directory,
    vectors.statement,
    vectors.certificate,
    vectors.deviceList,
    vectors.receipt,
  ]) {
    expect(second.signersOf(note, vectors.keys)).toBe(1)
    expect(second.signersOf(note.replace('2026', '2025'), vectors.keys)).toBe(0)
  }
})

test('it signs requests and makes challenges byte for byte', () => {
  for (const { seed, role, deployment, base, signatureInput, signature, ...request } of readVectors(
    'requests',
  ).signed) {
    expect(second.signedRequest(seed, role, deployment, request)).toEqual({ base, signatureInput, signature })
  }
  const vectors = readVectors('challenges')
  for (const { key, random, expiry, workBits, nonce } of vectors.issued) {
    expect(second.nonceOf(key, random, expiry, workBits)).toBe(nonce)
  }
  for (const { nonce, statusKey, contentHash, counter } of vectors.work) {
    expect(second.workBits(nonce, statusKey, contentHash, counter)).toBeGreaterThanOrEqual(10)
  }
})
