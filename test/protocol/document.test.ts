import { beforeAll, expect, test } from 'vitest'
import { cryptoReady, deploymentIdOf, deriveSigningPair, signingSeed } from '../../src/protocol/crypto.ts'
import {
  type DocumentType,
  deploymentIdFrom,
  documentText,
  openDocument,
  read,
  readDocument,
  signDocument,
} from '../../src/protocol/document.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { type NoteSigner, noteSigner, signNote } from '../../src/protocol/signed-note.ts'
import { filled, refusal, refusalOf } from './support.ts'

const deployment = deploymentIdOf(filled(32, 7))
const LINE = `bongsu/v1/statement ${toBase64url(deployment)}`
let signer: NoteSigner

beforeAll(async () => {
  await cryptoReady
  signer = await noteSigner('a', deriveSigningPair(signingSeed(filled(32, 1))))
})

const withJson = (json: string) => signNote(`${LINE}\n${json}\n`, [signer])
const opened = (note: string) => openDocument(note, 'statement', deployment, [signer.key], 1)

test('a document opens as what was signed', () => {
  const content = { a: 1, b: ['x', null, true], c: { d: '봉수' } }
  expect(opened(signDocument('statement', deployment, content, [signer]))).toEqual(content)
})

test('a document is of one type and one deployment', () => {
  const note = signDocument('statement', deployment, {}, [signer])
  for (const type of ['root', 'directory', 'device-list', 'device', 'receipt'] as DocumentType[]) {
    expect(refusal(() => openDocument(note, type, deployment, [signer.key], 1))).toBe('bad-document')
  }
  const other = deploymentIdOf(filled(32, 8))
  expect(refusal(() => openDocument(note, 'statement', other, [signer.key], 1))).toBe('wrong-deployment')
  expect(refusal(() => openDocument(note, 'statement', null, [signer.key], 1))).toBe('wrong-deployment')
})

test('too few signatures are refused', () => {
  const note = signDocument('statement', deployment, {}, [signer])
  expect(refusal(() => openDocument(note, 'statement', deployment, [signer.key], 2))).toBe('bad-signature')
})

test('JSON that JSON.stringify would write otherwise is refused', () => {
  const loose = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a": 1}',
    '{"a":1} ',
    '{"a":1.0}',
    '{"a":1e2}',
    '{"a":-0}',
    '{"a":9007199254740993}',
    '{"a":"\\/"}',
    '{"a":"\\u00e9"}',
    '{"b":1,"1":2}',
    '{"a":1,}',
    '{"a":01}',
    '{a:1}',
    '',
    '1',
    'null',
    '[]',
    '"a"',
  ]
  for (const json of loose)
    expect(`${json} ${refusal(() => opened(withJson(json)))}`).toBe(`${json} bad-document`)
})

test('JSON nested without end is refused like any other', () => {
  for (const depth of [10_000, 100_000]) {
    const nested = `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`
    expect(refusal(() => opened(withJson(nested)))).toBe('bad-document')
  }
})

test('a member named __proto__ is only a member', () => {
  const content = opened(withJson('{"__proto__":{"version":1}}'))
  expect(refusal(() => read.integer(content, 'version', 1))).toBe('bad-document')
})

test('a document has exactly two lines', () => {
  for (const text of [
    `${LINE}\n`,
    `${LINE}\n{}\n{}\n`,
    `${LINE} x\n{}\n`,
    ` ${LINE}\n{}\n`,
    `\ufeff${LINE}\n{}\n`,
  ]) {
    expect(refusal(() => opened(signNote(text, [signer])))).toBe('bad-document')
  }
})

test('the deployment id is that of the text, whoever signed it', async () => {
  const text = documentText('root', null, { version: 1 })
  const other = await noteSigner('b', deriveSigningPair(signingSeed(filled(32, 2))))
  const id = deploymentIdFrom(signNote(text, [signer]))
  expect(deploymentIdFrom(signNote(text, [other, signer]))).toEqual(id)
  expect(deploymentIdFrom(signNote(text.replace('1}', '2}'), [signer]))).not.toEqual(id)
})

test('a root that names a deployment is not the first', () => {
  expect(readDocument(signNote(documentText('root', null, {}), [signer]), 'root', null)).toEqual({})
  const named = signNote(documentText('root', deployment, {}), [signer])
  expect(refusal(() => readDocument(named, 'root', null))).toBe('wrong-deployment')
})

test('readers take what they name and nothing near it', async () => {
  const from = {
    empty: '',
    text: 'x',
    lone: 'a\ud800',
    id: 'Agency',
    half: 1.5,
    large: 2 ** 53,
    one: 1,
    flag: 'true',
    day: '2026-02-30',
    bytes: 'AAA',
    list: [1],
    object: [],
    key: { name: 'a', key: toBase64url(filled(32, 0)) },
  }
  const refused = [
    () => read.text(from, 'empty'),
    () => read.text(from, 'missing'),
    () => read.text(from, 'one'),
    () => read.text({ long: 'x'.repeat(9) }, 'long', 8),
    () => read.text(from, 'lone'),
    () => read.text(from, 'toString'),
    () => read.id(from, 'id'),
    () => read.id({ id: `a${'b'.repeat(32)}` }, 'id'),
    () => read.integer(from, 'half', 0),
    () => read.integer(from, 'large', 0),
    () => read.integer(from, 'one', 2),
    () => read.integer(from, 'text', 0),
    () => read.flag(from, 'flag'),
    () => read.day(from, 'day'),
    () => read.bytes(from, 'bytes', 3),
    () => read.bytes({ bytes: 'AAB' }, 'bytes', 2),
    () => read.object(from, 'object'),
    () => read.object(from, 'missing'),
    () => read.list(from, 'list', entry => entry),
    () => read.list(from, 'missing', entry => entry),
    () => read.list({ list: [{}, {}] }, 'list', entry => entry, 1),
    () => read.texts(from, 'list'),
    () => read.texts({ list: ['a', 'b'] }, 'list', 1),
  ]
  for (const [index, call] of refused.entries())
    expect(`${index} ${refusal(call)}`).toBe(`${index} bad-document`)
  expect(await refusalOf(read.key(from, 'key'))).toBe('bad-key')
  expect(read.flag({}, 'missing')).toBe(false)
})
