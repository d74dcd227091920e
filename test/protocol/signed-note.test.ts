import { beforeAll, expect, test } from 'vitest'
import { cryptoReady, deriveSigningPair, sign, signingSeed, textToBytes } from '../../src/protocol/crypto.ts'
import { concat, fromBase64, toBase64 } from '../../src/protocol/encoding.ts'
import { noteKey, noteSigner, noteText, openNote, signNote } from '../../src/protocol/signed-note.ts'
import { filled, hex, refusal, refusalOf } from './support.ts'

beforeAll(() => cryptoReady)

const signer = (name: string, value: number) =>
  noteSigner(name, deriveSigningPair(signingSeed(filled(32, value))))

const names = (note: string, keys: Parameters<typeof openNote>[1]) =>
  openNote(note, keys).signers.map(key => key.name)

test('the example of the C2SP specification opens', async () => {
  // https://c2sp.org/signed-note, whose key line is PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW
  const key = await noteKey(
    'PeterNeumann',
    fromBase64('ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW').subarray(1),
  )
  const text =
    'If you think cryptography is the answer to your problem,\nthen you don’t know what your problem is.\n'.replace(
      '’',
      "'",
    )
  const line =
    '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  expect(key.hash).toEqual(hex('c74f20a3'))
  expect(names(`${text}\n${line}`, [key])).toEqual(['PeterNeumann'])
})

test('a note counts each of the keys that signed, once', async () => {
  const [a, b, c] = [await signer('a', 1), await signer('b', 2), await signer('c', 3)]
  const note = signNote('text\n', [a, b, a])
  expect(names(note, [a.key, b.key, c.key])).toEqual(['a', 'b'])
  expect(names(note, [c.key])).toEqual([])
  expect(openNote(note, []).text).toBe('text\n')
})

test('a known key’s wrong signature refuses the whole note, even beside a right one', async () => {
  const [a, b] = [await signer('a', 1), await signer('b', 2)]
  const forged = { key: b.key, pair: a.pair }
  expect(refusal(() => openNote(signNote('text\n', [a, forged]), [a.key, b.key]))).toBe('bad-signature')
  expect(names(signNote('text\n', [a, forged]), [a.key])).toEqual(['a'])
  const again = { key: a.key, pair: b.pair }
  expect(refusal(() => openNote(signNote('text\n', [a, again]), [a.key]))).toBe('bad-signature')
})

test('a signature under another name or another key hash is not this key’s', async () => {
  const a = await signer('a', 1)
  const renamed = { key: { ...a.key, name: 'b' }, pair: a.pair }
  expect(names(signNote('text\n', [renamed]), [a.key])).toEqual([])
  const rehashed = { key: { ...a.key, hash: filled(4, 0) }, pair: a.pair }
  expect(names(signNote('text\n', [rehashed]), [a.key])).toEqual([])
})

test('another text under the same signature lines is refused', async () => {
  const a = await signer('a', 1)
  const note = signNote('text\n', [a])
  for (const other of ['texT\n', 'text \n', 'text\n\n', '\ntext\n', '\ufefftext\n']) {
    expect(refusal(() => openNote(note.replace('text\n', other), [a.key]))).toBe('bad-signature')
  }
})

test('a text with blank lines ends at the last one', async () => {
  const a = await signer('a', 1)
  const note = signNote('one\n\n\ntwo\n', [a])
  expect(openNote(note, [a.key])).toEqual({ text: 'one\n\n\ntwo\n', signers: [a.key] })
})

test('what has not the form of a note is refused with one code', async () => {
  const a = await signer('a', 1)
  const note = signNote('text\n', [a])
  const line = note.slice(note.indexOf('—'))
  const malformed = [
    '',
    'text\n',
    'text\n\n',
    note.slice(0, -1),
    `${note}\n`,
    note.replace('\n\n', '\n'),
    note.replaceAll('\n', '\r\n'),
    note.replace('text', 'te\u0000xt'),
    note.replace('text', 'te\txt'),
    note.replace('text', 'te\ud800xt'),
    note.replace('— a ', '- a '),
    note.replace('— a ', '—  a '),
    note.replace('— a ', '— a+b '),
    note.replace('=\n', '\n'),
    note.replace(line, '— a AB==\n'),
    note.replace(line, '— a AA=A\n'),
    note.replace(line, '— a AAAAAA==\n'),
    note.replace(line, line.repeat(33)),
  ]
  for (const [index, text] of malformed.entries()) {
    expect(`${index} ${refusal(() => openNote(text, [a.key]))}`).toBe(`${index} bad-document`)
  }
})

test('a signature of another length is refused, not passed over', async () => {
  const a = await signer('a', 1)
  const short = sign(a.pair, textToBytes('text\n')).subarray(0, 63)
  const note = `text\n\n— a ${toBase64(concat(a.key.hash, short))}\n`
  expect(refusal(() => openNote(note, [a.key]))).toBe('bad-signature')
})

test('a rotation of sixteen keys by sixteen others fits one note', async () => {
  const signers = await Promise.all(Array.from({ length: 32 }, (_, i) => signer(`k${i}`, i)))
  expect(
    openNote(
      signNote('text\n', signers),
      signers.map(({ key }) => key),
    ).signers,
  ).toHaveLength(32)
})

test('a key name has no space, plus sign or character outside ASCII, and a key is a good point', async () => {
  const { publicKey } = deriveSigningPair(signingSeed(filled(32, 1)))
  for (const name of ['', 'a b', 'a+b', 'é', 'a\n', 'a'.repeat(129)]) {
    expect(await refusalOf(noteKey(name, publicKey))).toBe('bad-document')
  }
  expect(await refusalOf(noteKey('a', concat(hex('01'), filled(31, 0))))).toBe('bad-key')
})

test('text that does not end in a newline, or that UTF-8 cannot say, is not signed', async () => {
  const a = await signer('a', 1)
  expect(refusal(() => signNote('text', [a]))).toBe('bad-document')
  expect(refusal(() => signNote('te\ud800xt\n', [a]))).toBe('bad-encoding')
})

test('the text of a note is what was signed', async () => {
  expect(noteText(signNote('한글\n', [await signer('a', 1)]))).toBe('한글\n')
})
