// The files of test/vectors are what the code gives, and the code takes and refuses what they say.
import { readdirSync, readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import { vectorFiles } from '../../scripts/vectors.ts'
import { verifyCertificate, verifyDeviceList, verifyStatement } from '../../src/protocol/agency-documents.ts'
import { issueChallenge, isWorkDone, openChallenge, searchWork } from '../../src/protocol/challenge.ts'
import {
  contentKey,
  cryptoReady,
  deploymentIdOf,
  deriveSealingPair,
  deriveSigningPair,
  H,
  keyId,
  M,
  pad,
  type RandomBytes,
  sealingSeed,
  sha256,
  signingKey,
  signingSeed,
  textToBytes,
  unpad,
  verifySignature,
} from '../../src/protocol/crypto.ts'
import { openNotes, sealNotes } from '../../src/protocol/device-notes.ts'
import { findAgency, verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { dec, enc, fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { openEnvelope } from '../../src/protocol/envelope.ts'
import { documentHash } from '../../src/protocol/event.ts'
import { encodeFileList, type MessageFiles, parseFileList } from '../../src/protocol/file-list.ts'
import { leafPreimage } from '../../src/protocol/ledger.ts'
import { verifyReceipt } from '../../src/protocol/receipt.ts'
import {
  formatReceiptCode,
  parseReceiptCode,
  receiptCode,
  receiptCodeToWords,
} from '../../src/protocol/receipt-code.ts'
import { messageIdOf, openReply, sealReply } from '../../src/protocol/reply.ts'
import {
  openFollowUp,
  openReport,
  recipientsTag,
  sealFollowUp,
  sealReport,
} from '../../src/protocol/report.ts'
import {
  type AcknowledgementKey,
  deriveReporterKeys,
  type LogBlind,
  mailboxIdOf,
  reportIdOf,
  type ThreadKey,
} from '../../src/protocol/reporter-keys.ts'
import {
  contentDigest,
  parseSignature,
  signatureBase,
  signatureTag,
  signRequest,
} from '../../src/protocol/request-signature.ts'
import { noteKey, noteText } from '../../src/protocol/signed-note.ts'
import {
  unwrapAsDevice,
  unwrapContentKey,
  wrapForDevice,
  wrapsDigest,
} from '../../src/protocol/wrapped-key.ts'
import { refusal, refusalOf } from './support.ts'
import { changed, readVectors } from './vectors.ts'

beforeAll(() => cryptoReady)

/** Chance that was written down. */
function drawn(...values: readonly Uint8Array[]): RandomBytes {
  const left = [...values]
  return length => {
    const next = left.shift()
    if (next?.length !== length) throw new Error(`chance of ${length} bytes`)
    return next
  }
}

/** As a message has them; the header's root and number of parts also where there are none. */
function filesOf(vector: {
  files: Uint8Array
  blobRoot: Uint8Array
  partCount: number
}): MessageFiles | null {
  const list = parseFileList(vector.files)
  return list && { list, root: vector.blobRoot, partCount: vector.partCount }
}

async function isLike(bytes: Uint8Array, stated: { hex: Uint8Array } | { sha256: Uint8Array }) {
  if ('hex' in stated) expect(bytes).toEqual(stated.hex)
  else expect(await sha256(bytes)).toEqual(stated.sha256)
}

test('the files are what the code gives: `node scripts/vectors.ts` changes nothing', async () => {
  const folder = new URL('../vectors/', import.meta.url)
  const files = await vectorFiles()
  const present = readdirSync(folder).filter(name => name.endsWith('.json'))
  expect(present.sort()).toEqual(Object.keys(files).sort())
  for (const [name, text] of Object.entries(files)) {
    expect(readFileSync(new URL(name, folder), 'utf8') === text, `${name} is stale`).toBe(true)
  }
})

test('encodings', () => {
  const vectors = readVectors('encoding')
  for (const { tag, fields, encoded, hash, macKey, mac } of vectors.enc) {
    expect(enc(tag, ...fields)).toEqual(encoded)
    expect(dec(tag, encoded)).toEqual(fields)
    expect(H(tag, ...fields)).toEqual(hash)
    expect(M(macKey, tag, ...fields)).toEqual(mac)
  }
  for (const { tag, encoded, error } of vectors.encRefused)
    expect(refusal(() => dec(tag, encoded))).toBe(error)
  for (const { bytes, text } of vectors.base64url) {
    expect(toBase64url(bytes)).toBe(text)
    expect(fromBase64url(text)).toEqual(bytes)
  }
  for (const { text, error } of vectors.base64urlRefused)
    expect(refusal(() => fromBase64url(text))).toBe(error)
  for (const { text, padded } of vectors.padding) {
    expect(pad(text, padded.length)).toEqual(padded)
    expect(unpad(padded)).toEqual(text)
  }
  for (const { padded, error } of vectors.paddingRefused) expect(refusal(() => unpad(padded))).toBe(error)
})

test('receipt codes', () => {
  const vectors = readVectors('receipt-codes')
  for (const { code, text, ko, en, alsoReadFrom } of vectors.codes) {
    expect(formatReceiptCode(receiptCode(code))).toBe(text)
    expect(receiptCodeToWords(receiptCode(code), 'ko')).toBe(ko)
    expect(receiptCodeToWords(receiptCode(code), 'en')).toBe(en)
    for (const spelling of [text, ko, en, ...alsoReadFrom]) expect(parseReceiptCode(spelling)).toEqual(code)
  }
  for (const { text, error } of vectors.refused) expect(refusal(() => parseReceiptCode(text))).toBe(error)
})

test('derived keys', () => {
  for (const vector of readVectors('reporter-keys')) {
    const keys = deriveReporterKeys(deploymentIdOf(vector.deployment), receiptCode(vector.code))
    expect({
      statusSeed: keys.status.seed,
      statusKey: keys.status.publicKey,
      reportId: reportIdOf(keys.status.publicKey),
      mailboxSeed: keys.mailbox.seed,
      mailboxKey: keys.mailbox.publicKey,
      mailboxId: mailboxIdOf(keys.mailbox.publicKey),
      sealingSeed: keys.sealing.seed,
      sealingKey: keys.sealing.publicKey,
      acknowledgementKey: keys.acknowledgementKey,
      threadKey: keys.threadKey,
      logBlind: keys.logBlind,
      recipientsKey: keys.recipientsKey,
    }).toEqual((({ deployment: _, code: __, root: ___, ...rest }) => rest)(vector))
  }
})

test('Ed25519 keys', () => {
  const vectors = readVectors('signing-keys')
  for (const { seed, publicKey, keyId: id } of vectors.keys) {
    expect(deriveSigningPair(signingSeed(seed)).publicKey).toEqual(publicKey)
    expect(signingKey(publicKey)).toEqual(publicKey)
    expect(keyId(publicKey)).toEqual(id)
  }
  expect(vectors.refused).toHaveLength(16)
  for (const { publicKey, error } of vectors.refused) expect(refusal(() => signingKey(publicKey))).toBe(error)
  for (const { publicKey, message, signature } of vectors.signaturesRefused) {
    expect(verifySignature(publicKey, message, signature)).toBe(false)
  }
})

test('signed documents', async () => {
  const vectors = readVectors('documents')
  const { roots, agency: id, certificate } = vectors
  const deployment = deploymentIdOf(vectors.deployment)
  for (const { name, seed, publicKey, hash } of vectors.keys) {
    expect(await noteKey(name, deriveSigningPair(signingSeed(seed)).publicKey)).toEqual({
      name,
      publicKey,
      hash,
    })
  }
  expect(H('deployment', textToBytes(noteText(roots[0] ?? '')))).toEqual(deployment)
  expect(noteText(roots[0] ?? '')).toBe(vectors.firstRootText)
  const root = await verifyRootChain(roots, deployment)
  expect(root.version).toBe(2)
  const directory = await verifyDirectory(vectors.directory, root)
  const agency = findAgency(directory, id)
  if (!agency) throw new Error('agency')
  expect(verifyStatement(vectors.statement, agency, deployment).epochs).toHaveLength(2)
  const device = verifyCertificate(certificate, agency, deployment)
  expect(device.scopes).toEqual(['intake', 'cases'])
  expect(verifyDeviceList(vectors.deviceList, agency, deployment).devices).toEqual([device])
  expect(documentHash(certificate)).toEqual(vectors.certificateHash)
  expect(verifyReceipt(vectors.receipt, deployment, directory.logKey).day).toBe('2026-03-02')
  for (const refused of vectors.rootsRefused) {
    const pinned = deploymentIdOf(refused.deployment)
    expect(`${refused.why}: ${await refusalOf(verifyRootChain(refused.roots, pinned))}`).toBe(
      `${refused.why}: ${refused.error}`,
    )
  }
  for (const refused of vectors.directoriesRefused) {
    expect(`${refused.why}: ${await refusalOf(verifyDirectory(refused.directory, root))}`).toBe(
      `${refused.why}: ${refused.error}`,
    )
  }
  for (const { statement, error } of vectors.statementsRefused) {
    expect(refusal(() => verifyStatement(statement, agency, deployment))).toBe(error)
  }
  for (const refused of vectors.certificatesRefused) {
    expect(refusal(() => verifyCertificate(refused.certificate, agency, deployment))).toBe(refused.error)
  }
  for (const { receipt, error } of vectors.receiptsRefused) {
    expect(refusal(() => verifyReceipt(receipt, deployment, directory.logKey))).toBe(error)
  }
})

test('reports of every size, their wrapped keys and leaves', async () => {
  const vectors = readVectors('reports')
  for (const vector of vectors.cases) {
    const deployment = deploymentIdOf(vector.deployment)
    const keys = deriveReporterKeys(deployment, receiptCode(vector.code))
    const content = vector.content.unit.repeat(vector.content.times)
    const recipients = vector.wrappedKeys.map(({ agency, keyId: id, epochSeed }) => {
      const { publicKey } = deriveSealingPair(sealingSeed(epochSeed))
      return { agencyId: agency, keyId: id, sealingKey: publicKey }
    })
    const random = drawn(vector.contentKey, vector.nonce, ...vector.wrappedKeys.map(({ eseed }) => eseed))
    const files = filesOf(vector)
    const sealed = await sealReport({ deploymentId: deployment, keys, recipients, content, files, random })
    expect(sealed.envelope).toMatchObject({ header: vector.header, commitment: vector.commitment })
    await isLike(sealed.envelope.body, vector.body)
    await isLike(openEnvelope(sealed.envelope, sealed.contentKey), vector.plaintext)
    expect(sealed.digest).toEqual(vector.digest)
    expect(sealed.wrappedKeys.map(({ wrapped }) => wrapped)).toEqual(
      vector.wrappedKeys.map(({ wrapped }) => wrapped),
    )
    const opened = openReport(sealed.envelope, contentKey(vector.contentKey))
    expect(opened).toMatchObject({ content, files: parseFileList(vector.files) })
    expect(encodeFileList(opened.files)).toEqual(vector.files)
    const wraps = wrapsDigest(sealed.wrappedKeys)
    expect(wraps).toEqual(vector.wrapsDigest)
    const ids = vector.wrappedKeys.map(({ agency }) => agency)
    expect(recipientsTag(keys.recipientsKey, sealed.digest, ids.reverse())).toEqual(vector.recipientsTag)
    const { status, logBlind } = keys
    const preimage = leafPreimage({
      blind: logBlind,
      statusKey: status.publicKey,
      digest: sealed.digest,
      wraps,
    })
    expect(preimage).toEqual(vector.leafPreimage)
    expect(await sha256(preimage)).toEqual(vector.leaf)
  }
  for (const { why, contentKey: key, error, ...envelope } of vectors.envelopesRefused) {
    expect(`${why}: ${refusal(() => openReport(envelope, contentKey(key)))}`).toBe(`${why}: ${error}`)
  }
  const [first] = vectors.cases
  if (!first || !('hex' in first.body)) throw new Error('a small report')
  const envelope = { header: first.header, commitment: first.commitment, body: first.body.hex }
  for (const refused of vectors.refused) {
    const call = () => openReport(changed(envelope, refused), contentKey(first.contentKey))
    expect(refusal(call)).toBe(refused.error)
  }
})

test('wrapped keys', async () => {
  const vectors = readVectors('wrapped-keys')
  const open = (vector: {
    agency: string
    keyId: Uint8Array
    wrapped: Uint8Array
    digest: Uint8Array
    seed: Uint8Array
  }) =>
    unwrapContentKey(
      { agencyId: vector.agency, keyId: vector.keyId, wrapped: vector.wrapped },
      vector.digest,
      deriveSealingPair(sealingSeed(vector.seed)),
    )
  for (const vector of vectors.agency) {
    expect(await open(vector)).toEqual(vector.contentKey)
    expect(vector.info).toEqual(enc('wrap', vector.digest, vector.keyId, textToBytes(vector.agency)))
  }
  for (const { agency, device, digest, seed, wrapped, eseed, contentKey: key } of vectors.device) {
    const pair = deriveSealingPair(sealingSeed(seed))
    expect(await unwrapAsDevice(wrapped, digest, { deviceId: device, agencyId: agency, pair })).toEqual(key)
    const to = { deviceId: device, agencyId: agency, sealingKey: pair.publicKey }
    expect(await wrapForDevice(contentKey(key), digest, to, drawn(eseed))).toEqual(wrapped)
  }
  for (const refused of vectors.refused) {
    expect(`${refused.why}: ${await refusalOf(open(refused))}`).toBe(`${refused.why}: ${refused.error}`)
  }
})

test('follow-ups', async () => {
  const vectors = readVectors('follow-ups')
  for (const vector of vectors.cases) {
    const deployment = deploymentIdOf(vector.deployment)
    const keys = deriveReporterKeys(deployment, receiptCode(vector.code))
    const recipients = vector.wrappedKeys.map(({ agency, epochSeed, keyId, head }) => {
      const { publicKey } = deriveSealingPair(sealingSeed(epochSeed))
      return { agencyId: agency, keyId, sealingKey: publicKey, head }
    })
    const random = drawn(vector.contentKey, vector.nonce, ...vector.wrappedKeys.map(({ eseed }) => eseed))
    const { content } = vector
    const files = filesOf(vector)
    const input = { deploymentId: deployment, keys, recipients, content, files, random }
    const sealed = await sealFollowUp(input, vector.threadIndex)
    expect(sealed.wrappedKeys.map(({ wrapped }) => wrapped)).toEqual(
      vector.wrappedKeys.map(({ wrapped }) => wrapped),
    )
    for (const { agency, epochSeed, keyId, head, wrapped } of vector.wrappedKeys) {
      const pair = deriveSealingPair(sealingSeed(epochSeed))
      const sent = { agencyId: agency, keyId, wrapped }
      expect(await unwrapContentKey(sent, vector.digest, pair, head)).toEqual(vector.contentKey)
      expect(await refusalOf(unwrapContentKey(sent, vector.digest, pair))).toBe('open-failed')
      expect(await refusalOf(unwrapContentKey(sent, vector.digest, pair, keys.threadKey))).toBe('open-failed')
    }
    expect(sealed.envelope).toMatchObject({ header: vector.header, commitment: vector.commitment })
    await isLike(sealed.envelope.body, vector.body)
    expect(sealed.digest).toEqual(vector.digest)
    const key = contentKey(vector.contentKey)
    expect(openEnvelope(sealed.envelope, key)).toEqual(vector.plaintext)
    const opened = openFollowUp(sealed.envelope, key, keys.threadKey)
    expect(opened).toEqual({ content, threadTag: vector.threadTag, files: parseFileList(vector.files) })
    for (const refused of vectors.refused) {
      const { envelope, threadKey } = splitThread(
        changed({ ...sealed.envelope, threadKey: keys.threadKey }, refused),
      )
      expect(refusal(() => openFollowUp(envelope, key, threadKey))).toBe(refused.error)
    }
  }
})

const splitThread = <T extends { threadKey: ThreadKey }>({ threadKey, ...envelope }: T) => ({
  envelope,
  threadKey,
})

test('replies', async () => {
  const vectors = readVectors('replies')
  for (const vector of vectors.cases) {
    const sealing = deriveSealingPair(sealingSeed(vector.sealingSeed))
    const none = new Uint8Array(32)
    const to = {
      mailboxKey: vector.mailboxKey,
      sealingKey: sealing.publicKey,
      acknowledgementKey: none as AcknowledgementKey,
      threadKey: none as ThreadKey,
      logBlind: none as LogBlind,
    }
    const { digest, agency, number, day, followUps, text, certificate } = vector
    const content = {
      digest,
      agencyId: agency,
      number,
      day,
      followUps,
      text,
      files: parseFileList(vector.files),
    }
    const device = { pair: deriveSigningPair(signingSeed(vector.deviceSeed)), certificate }
    const sealed = await sealReply(content, to, device, drawn(vector.eseed))
    expect(sealed).toEqual(vector.sealed)
    expect(messageIdOf(sealed)).toEqual(vector.messageId)
    const opened = await openReply(sealed, agency, { mailboxKey: vector.mailboxKey, sealing })
    expect(opened).toMatchObject({ ...content, certificate, mailboxId: vector.mailboxId })
    expect(opened.isSignedBy(vector.deviceKey)).toBe(true)
    for (const refused of vectors.refused) {
      const other = changed(vector, refused)
      const pair = deriveSealingPair(sealingSeed(other.sealingSeed))
      const attempt = openReply(other.sealed, other.agency, { mailboxKey: other.mailboxKey, sealing: pair })
      expect(await refusalOf(attempt)).toBe(refused.error)
    }
  }
})

test('notes of a device', async () => {
  for (const { seed, device, agency, version, notes, eseed, sealed } of readVectors('device-notes')) {
    const pair = deriveSealingPair(sealingSeed(seed))
    const of = { deviceId: device, agencyId: agency, sealingKey: pair.publicKey, pair }
    const bytes = await sealNotes(notes, version, of, drawn(eseed))
    expect(await sha256(bytes)).toEqual(sealed.sha256)
    const sorted = [...notes].sort((a, b) => Buffer.compare(a.caseId, b.caseId))
    expect(await openNotes(bytes, version, of)).toEqual(sorted)
  }
})

test('request signatures', async () => {
  const vectors = readVectors('requests')
  for (const vector of vectors.signed) {
    const pair = deriveSigningPair(signingSeed(vector.seed))
    const tag = signatureTag(vector.role, vector.deployment)
    const { method, path, query, contentDigest: field } = vector
    const request = { method, path, query, contentDigest: field }
    if (vector.body !== null) expect(field).toBe(contentDigest(await sha256(textToBytes(vector.body))))
    const fields = signRequest(request, { pair, nonce: vector.nonce, tag })
    expect(fields).toEqual({ 'signature-input': vector.signatureInput, signature: vector.signature })
    const parsed = parseSignature(vector.signatureInput, vector.signature)
    expect(parsed).toMatchObject({ keyId: pair.publicKey, nonce: vector.nonce, tag })
    expect(signatureBase(request, parsed.parameters)).toEqual(textToBytes(vector.base))
    expect(verifySignature(parsed.keyId, textToBytes(vector.base), parsed.signature)).toBe(true)
  }
  const [first] = vectors.signed
  if (!first) throw new Error('a request')
  for (const { why, signatureInput, error } of vectors.inputsRefused) {
    const code = refusal(() => parseSignature(signatureInput, first.signature))
    expect(`${why}: ${code}`).toBe(`${why}: ${error}`)
  }
  for (const { why, signature, error } of vectors.signaturesRefused) {
    const code = refusal(() => parseSignature(first.signatureInput, signature))
    expect(`${why}: ${code}`).toBe(`${why}: ${error}`)
  }
})

test('challenges and work', () => {
  const vectors = readVectors('challenges')
  for (const { key, nonce, ...challenge } of vectors.issued) {
    expect(issueChallenge(key, challenge)).toBe(nonce)
    expect(openChallenge(key, nonce, challenge.expiry)).toEqual(challenge)
  }
  for (const { key, nonce, now, error } of vectors.refused) {
    expect(refusal(() => openChallenge(key, nonce, now))).toBe(error)
  }
  for (const { counter, first: _, ...task } of vectors.work) {
    expect(isWorkDone(task, counter)).toBe(true)
    expect(searchWork(task, 0, 1_000_000)).toEqual(counter)
  }
  for (const { counter, why: _, ...task } of vectors.workRefused)
    expect(isWorkDone(task, counter)).toBe(false)
})
