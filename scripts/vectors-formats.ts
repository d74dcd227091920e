// Vectors of the smallest formats: encodings, receipt codes, derived keys, Ed25519 keys, requests, challenges.
import { issueChallenge, searchWork } from '../src/protocol/challenge.ts'
import { deploymentIdOf, H, M, pad, sha256, signingKey, textToBytes } from '../src/protocol/crypto.ts'
import { ascii, enc, toBase64url, toHex } from '../src/protocol/encoding.ts'
import {
  formatReceiptCode,
  type ReceiptCode,
  receiptCode,
  receiptCodeToWords,
} from '../src/protocol/receipt-code.ts'
import { deriveReporterKeys, mailboxIdOf, reportIdOf } from '../src/protocol/reporter-keys.ts'
import {
  contentDigest,
  parseSignature,
  type SignedRequest,
  signatureBase,
  signatureTag,
  signRequest,
} from '../src/protocol/request-signature.ts'
import { fixedRandom, signing, type World } from '../test/protocol/world.ts'

const filled = (length: number, value: number) => new Uint8Array(length).fill(value)
const fromHex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))

export function encodingVectors() {
  const key = Uint8Array.from({ length: 32 }, (_, i) => i)
  const cases: [string, Uint8Array[]][] = [
    ['example', []],
    ['example', [filled(0, 0)]],
    ['example', [fromHex('aabb'), filled(0, 0), fromHex('cc')]],
    ['example', [fromHex('aa'), fromHex('bbcc')]],
    ['other', [fromHex('aabb')]],
  ]
  const whole = toHex(enc('example', fromHex('aabb')))
  return {
    enc: cases.map(([tag, fields]) => ({
      tag,
      fields: fields.map(toHex),
      encoded: toHex(enc(tag, ...fields)),
      hash: toHex(H(tag, ...fields)),
      macKey: toHex(key),
      mac: toHex(M(key, tag, ...fields)),
    })),
    encRefused: [
      { why: 'another tag', tag: 'other', encoded: whole },
      { why: 'cut in a field', tag: 'example', encoded: whole.slice(0, -2) },
      { why: 'cut in a length', tag: 'example', encoded: whole.slice(0, -6) },
      { why: 'a byte behind it', tag: 'example', encoded: `${whole}00` },
      { why: 'a length beyond the end', tag: 'example', encoded: whole.replace('00000002', 'ffffffff') },
      { why: 'a tag without its prefix', tag: 'example', encoded: `07${toHex(ascii('example'))}` },
    ].map(entry => ({ ...entry, error: 'bad-encoding' })),
    base64url: ['', '00', 'fb', 'fbff', 'fbffbf', '0001020304'].map(bytes => ({
      bytes,
      text: toBase64url(fromHex(bytes)),
    })),
    base64urlRefused: ['A', 'AB', 'AAB', 'AA==', 'AAA=', 'AA+A', 'AA/A', ' AAA', 'AAA\n', 'AA A'].map(
      text => ({
        text,
        error: 'bad-encoding',
      }),
    ),
    padding: ['', '80', '0000', 'ff8000'].map(text => ({ text, padded: toHex(pad(fromHex(text), 8)) })),
    paddingRefused: ['', '0000000000000000', '0000000000000001', '8000000000000081'].map(padded => ({
      padded,
      error: 'open-failed',
    })),
  }
}

const CODES = [
  '00000000000000000000000000000000',
  'ffffffffffffffffffffffffffffffff',
  '7f1b8e0a2c4d96f35a7710e4c3b2a190',
]

export function receiptCodeVectors() {
  const codes = CODES.map(bytes => receiptCode(fromHex(bytes)))
  const last = codes.at(-1)
  if (!last) throw new Error('a code')
  const text = formatReceiptCode(last)
  const en = receiptCodeToWords(last, 'en').split(' ')
  const ko = receiptCodeToWords(last, 'ko').split(' ')
  return {
    codes: codes.map(codeEntry),
    refused: [
      { why: 'one symbol short', text: text.slice(0, -1) },
      { why: 'one symbol too many', text: `${text}0` },
      { why: 'a mistyped symbol', text: `8${text.slice(1)}` },
      { why: 'spare bits set', text: `${text.slice(0, 31)}1${text.slice(32)}` },
      { why: 'a symbol outside the alphabet', text: `U${text.slice(1)}` },
      { why: 'two words swapped', text: [en[1], en[0], ...en.slice(2)].join(' ') },
      { why: 'eleven words', text: en.slice(0, 11).join(' ') },
      { why: 'words of two languages', text: [...en.slice(0, 11), ko[11]].join(' ') },
      { why: 'nothing', text: '' },
    ].map(entry => ({ ...entry, error: 'bad-receipt-code' })),
  }
}

function codeEntry(code: ReceiptCode) {
  const [text, ko, en] = [
    formatReceiptCode(code),
    receiptCodeToWords(code, 'ko'),
    receiptCodeToWords(code, 'en'),
  ]
  const wide = text.replace(/[!-~]/g, character => String.fromCharCode(character.charCodeAt(0) + 0xfee0))
  return {
    code: toHex(code),
    check: toHex(H('code-check', code).subarray(0, 2)),
    text,
    ko,
    en,
    alsoReadFrom: [
      text.toLowerCase().replaceAll('-', ' '),
      text.replaceAll('0', 'o').replaceAll('1', 'l'),
      wide,
      ko.normalize('NFD'),
      ko.replaceAll(' ', ', '),
      en.toUpperCase(),
    ],
  }
}

export function reporterKeyVectors() {
  return CODES.map((bytes, i) => {
    const [deployment, code] = [deploymentIdOf(filled(32, i + 1)), receiptCode(fromHex(bytes))]
    const keys = deriveReporterKeys(deployment, code)
    return {
      deployment: toHex(deployment),
      code: bytes,
      root: toHex(H('root', deployment, code)),
      statusSeed: toHex(keys.status.seed),
      statusKey: toHex(keys.status.publicKey),
      reportId: toHex(reportIdOf(keys.status.publicKey)),
      mailboxSeed: toHex(keys.mailbox.seed),
      mailboxKey: toHex(keys.mailbox.publicKey),
      mailboxId: toHex(mailboxIdOf(keys.mailbox.publicKey)),
      sealingSeed: toHex(keys.sealing.seed),
      sealingKey: toHex(keys.sealing.publicKey),
      acknowledgementKey: toHex(keys.acknowledgementKey),
      threadKey: toHex(keys.threadKey),
      logBlind: toHex(keys.logBlind),
      recipientsKey: toHex(keys.recipientsKey),
    }
  })
}

const SMALL_ORDER = [
  `00${'00'.repeat(31)}`,
  `00${'00'.repeat(30)}80`,
  `01${'00'.repeat(31)}`,
  `01${'00'.repeat(30)}80`,
  `ec${'ff'.repeat(30)}7f`,
  `ec${'ff'.repeat(30)}ff`,
  `ed${'ff'.repeat(30)}7f`,
  `ed${'ff'.repeat(30)}ff`,
  `ee${'ff'.repeat(30)}7f`,
  `ee${'ff'.repeat(30)}ff`,
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
]

export function signingKeyVectors() {
  const good = [signing('key 1'), signing('key 2')]
  const identity = `01${'00'.repeat(31)}`
  const base = `58${'66'.repeat(31)}`
  return {
    keys: good.map(({ seed, publicKey }) => ({
      seed: toHex(seed),
      publicKey: toHex(signingKey(publicKey)),
      keyId: toHex(H('key', publicKey).subarray(0, 16)),
    })),
    refused: [
      ...SMALL_ORDER.map(publicKey => ({ why: 'small order', publicKey })),
      { why: 'y is not below 2^255 - 19', publicKey: `f0${'ff'.repeat(30)}7f` },
      { why: 'not on the curve', publicKey: `02${'00'.repeat(31)}` },
    ].map(entry => ({ ...entry, error: 'bad-key' })),
    signaturesRefused: [
      { why: 'R and S of zero order', publicKey: identity, signature: identity + '00'.repeat(32) },
      { why: 'R = B, S = 1', publicKey: identity, signature: `${base}01${'00'.repeat(31)}` },
    ].map(entry => ({ ...entry, message: toHex(ascii('anything')) })),
  }
}

export async function requestVectors({ deployment, reporter, north }: World) {
  const nonce = issueChallenge(filled(32, 1), { random: filled(16, 2), expiry: 1_800_000_600, workBits: 10 })
  const body = textToBytes('{"example":"봉수"}')
  const hash = await sha256(body)
  const requests = [
    {
      role: 'reporter' as const,
      pair: reporter.status,
      body,
      request: { method: 'PUT', path: '/v1/report', query: '?', contentDigest: contentDigest(hash) },
    },
    {
      role: 'agency' as const,
      pair: north.device,
      body: null,
      request: { method: 'GET', path: '/v1/cases', query: '?after=7&wait=30' },
    },
  ]
  const signed = requests.map(({ role, pair, body, request }) => {
    const tag = signatureTag(role, deployment)
    const fields = signRequest(request, { pair, nonce, tag })
    const { parameters } = parseSignature(fields['signature-input'], fields.signature)
    const base = Buffer.from(signatureBase(request satisfies SignedRequest, parameters)).toString()
    return {
      role,
      deployment: toHex(deployment),
      seed: toHex(pair.seed),
      nonce,
      body: body === null ? null : Buffer.from(body).toString(),
      ...request,
      base,
      signatureInput: fields['signature-input'],
      signature: fields.signature,
    }
  })
  const [first] = signed
  if (!first) throw new Error('a request')
  return {
    signed,
    inputsRefused: refusedInputs(first.signatureInput),
    signaturesRefused: refusedSignatures(first.signature),
  }
}

function refusedInputs(input: string) {
  const changes: [string, string, string][] = [
    ['another label', 'sig=', 'sig1='],
    ['another order of components', '"@method" "@path"', '"@path" "@method"'],
    ['a component left out', ' "@query"', ''],
    ['another parameter', ';keyid=', ';created=1800000000;keyid='],
    ['an algorithm named', ';tag=', ';alg="ed25519";tag='],
    ['a padded key', '";nonce', '=";nonce'],
    ['a space', ';nonce', '; nonce'],
  ]
  const replaced = changes.map(([why, from, to]) => ({ why, signatureInput: input.replace(from, to) }))
  const two = { why: 'two signatures', signatureInput: `${input}, ${input.replace('sig=', 'sig2=')}` }
  return [...replaced, two].map(entry => ({ ...entry, error: 'bad-encoding' }))
}

function refusedSignatures(signature: string) {
  return [
    { why: 'without colons', signature: signature.replaceAll(':', '') },
    { why: 'spare bits set', signature: signature.replace(/.==:$/, 'x==:') },
    { why: 'without padding', signature: signature.replace('==', '') },
    { why: 'two signatures', signature: `${signature}, ${signature}` },
  ].map(entry => ({ ...entry, error: 'bad-encoding' }))
}

export function challengeVectors() {
  const key = fixedRandom('challenge key')(32)
  const [random, expiry] = [filled(16, 2), 1_800_000_600]
  const issue = (workBits: number) => issueChallenge(key, { random, expiry, workBits })
  const nonce = issue(10)
  const own = { key: toHex(key), random: toHex(random), expiry, workBits: 10, nonce }
  const task = { nonce, statusKey: filled(32, 3), contentHash: filled(32, 4) }
  const counter = searchWork(task, 0, 1_000_000)
  if (!counter) throw new Error('work')
  const work = { nonce, statusKey: toHex(task.statusKey), contentHash: toHex(task.contentHash) }
  const expired = [
    { why: 'a second too late', key: own.key, nonce, now: expiry + 1 },
    { why: 'of another server', key: toHex(filled(32, 9)), nonce, now: expiry },
    { why: 'fewer bits than were asked', key: own.key, nonce: changeBits(nonce), now: expiry },
  ]
  return {
    issued: [own],
    refused: [
      ...expired.map(entry => ({ ...entry, error: 'expired' })),
      { why: 'cut', key: own.key, nonce: nonce.slice(4), now: expiry, error: 'bad-encoding' },
      { why: 'padded', key: own.key, nonce: `${nonce}==`, now: expiry, error: 'bad-encoding' },
    ],
    work: [{ ...work, counter: toHex(counter), first: true }],
    workRefused: [
      { ...work, counter: '0000000000000000', why: 'no work' },
      { ...work, counter: toHex(counter).slice(2), why: 'seven bytes' },
      { ...work, nonce: issue(30), counter: toHex(counter), why: 'another nonce' },
    ],
  }
}

function changeBits(nonce: string): string {
  const bytes = Uint8Array.from(Buffer.from(nonce, 'base64url'))
  bytes[20] = 0
  return toBase64url(bytes)
}
