import { createSignature, verifySignature as verifyMessage } from 'http-message-sig'
import { beforeAll, expect, test } from 'vitest'
import {
  cryptoReady,
  type DeploymentId,
  deploymentIdOf,
  deriveSigningPair,
  sha256,
  sign,
  signingSeed,
  textToBytes,
  verifySignature,
} from '../../src/protocol/crypto.ts'
import { fromBase64, fromBase64url, toBase64, toBase64url } from '../../src/protocol/encoding.ts'
import {
  contentDigest,
  parseContentDigest,
  parseSignature,
  type SignedRequest,
  signatureBase,
  signatureTag,
  signRequest,
} from '../../src/protocol/request-signature.ts'
import { filled, hex, refusal, tampered } from './support.ts'

let digest: string
const deployment: DeploymentId = deploymentIdOf(filled(32, 1))
const nonce = toBase64url(filled(37, 2))
const tag = signatureTag('reporter', deployment)

beforeAll(async () => {
  await cryptoReady
  digest = contentDigest(await sha256(textToBytes('{"a":1}')))
})

const pair = () => deriveSigningPair(signingSeed(filled(32, 3)))
const withBody = (): SignedRequest => ({
  method: 'PUT',
  path: '/v1/report',
  query: '?',
  contentDigest: digest,
})
const bodiless: SignedRequest = { method: 'GET', path: '/v1/cases', query: '?after=7&wait=30' }

function isValid(request: SignedRequest, fields: { 'signature-input': string; signature: string }): boolean {
  const { keyId, signature, parameters } = parseSignature(fields['signature-input'], fields.signature)
  return verifySignature(keyId, signatureBase(request, parameters), signature)
}

test('RFC 9421 appendix B.2.6: its signature base under test-key-ed25519 gives its signature', () => {
  const seed = signingSeed(fromBase64url('n4Ni-HpISpVObnQMW0wOhCKROaIKqKtW_2ZYb2p9KcU'))
  const rfc = deriveSigningPair(seed)
  expect(toBase64url(rfc.publicKey)).toBe('JrQLj5P_89iXES9-vFgrIy29clF9CC_oPPsw3c5D0bs')
  const base = [
    '"date": Tue, 20 Apr 2021 02:07:55 GMT',
    '"@method": POST',
    '"@path": /foo',
    '"@authority": example.com',
    '"content-type": application/json',
    '"content-length": 18',
    '"@signature-params": ("date" "@method" "@path" "@authority" "content-type" "content-length")' +
      ';created=1618884473;keyid="test-key-ed25519"',
  ].join('\n')
  const expected = 'wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw=='
  expect(toBase64(sign(rfc, textToBytes(base)))).toBe(expected)
  expect(verifySignature(rfc.publicKey, textToBytes(base), fromBase64(expected))).toBe(true)
})

test('RFC 9530: the content digest of its example', async () => {
  const field = 'sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:'
  expect(contentDigest(await sha256(textToBytes('{"hello": "world"}\n')))).toBe(field)
  expect(parseContentDigest(field)).toEqual(await sha256(textToBytes('{"hello": "world"}\n')))
})

test('the signature base of a request with a body, line by line', () => {
  const fields = signRequest(withBody(), { pair: pair(), nonce, tag })
  const { parameters } = parseSignature(fields['signature-input'], fields.signature)
  const keyid = toBase64url(pair().publicKey)
  expect(Buffer.from(signatureBase(withBody(), parameters)).toString()).toBe(
    [
      '"@method": PUT',
      '"@path": /v1/report',
      '"@query": ?',
      `"content-digest": ${digest}`,
      `"@signature-params": ("@method" "@path" "@query" "content-digest");keyid="${keyid}";nonce="${nonce}";tag="${tag}"`,
    ].join('\n'),
  )
})

test('a signed request is read as what was signed', () => {
  for (const request of [withBody(), bodiless]) {
    const fields = signRequest(request, { pair: pair(), nonce, tag })
    const parsed = parseSignature(fields['signature-input'], fields.signature)
    expect(parsed).toMatchObject({ keyId: pair().publicKey, nonce, tag })
    expect(parsed.coversBody).toBe(request.contentDigest !== undefined)
    expect(isValid(request, fields)).toBe(true)
  }
})

test('the signature holds for no other method, path, query, body, nonce, tag or key', () => {
  const fields = signRequest(withBody(), { pair: pair(), nonce, tag })
  const others: Partial<SignedRequest>[] = [
    { method: 'POST' },
    { path: '/v1/report/messages' },
    { query: '?a' },
    { contentDigest: contentDigest(filled(32, 0)) },
    { contentDigest: undefined },
  ]
  for (const other of others) expect(isValid({ ...withBody(), ...other }, fields)).toBe(false)
  const thief = deriveSigningPair(signingSeed(filled(32, 9))).publicKey
  const replaced: [string, string][] = [
    [nonce, toBase64url(filled(37, 4))],
    [tag, signatureTag('agency', deployment)],
    [tag, signatureTag('reporter', deploymentIdOf(filled(32, 8)))],
    [toBase64url(pair().publicKey), toBase64url(thief)],
    [' "content-digest")', ')'],
  ]
  for (const [old, changed] of replaced) {
    const input = fields['signature-input'].replace(old, changed)
    expect(input).not.toBe(fields['signature-input'])
    expect(isValid(withBody(), { ...fields, 'signature-input': input })).toBe(false)
  }
  const signature = fromBase64(fields.signature.slice(5, -1))
  for (const changed of tampered(signature)) {
    expect(isValid(withBody(), { ...fields, signature: `sig=:${toBase64(changed)}:` })).toBe(false)
  }
})

test('a signature under a small-order key is not valid', () => {
  const keyid = toBase64url(hex(`01${'00'.repeat(31)}`))
  const honest = signRequest(bodiless, { pair: pair(), nonce, tag })
  const input = honest['signature-input'].replace(toBase64url(pair().publicKey), keyid)
  const forged = toBase64(hex(`01${'00'.repeat(63)}`))
  expect(isValid(bodiless, { 'signature-input': input, signature: `sig=:${forged}:` })).toBe(false)
})

test('everything beside the one profile is refused', () => {
  const { 'signature-input': input, signature } = signRequest(withBody(), { pair: pair(), nonce, tag })
  const list = '("@method" "@path" "@query" "content-digest")'
  const keyid = `;keyid="${toBase64url(pair().publicKey)}"`
  const inputs = [
    '',
    input.slice(0, -1),
    ` ${input}`,
    `${input} `,
    `${input}\n`,
    `${input}, ${input.replace('sig=', 'sig2=')}`,
    input.replace('sig=', 'sig1='),
    input.replace('sig=', 'sig= '),
    input.replace(list, '("@method" "@path" "content-digest")'),
    input.replace(list, '("@path" "@method" "@query" "content-digest")'),
    input.replace(list, '("@method" "@path" "@query" "content-digest" "date")'),
    input.replace(list, '("@method" "@path" "@query"  "content-digest")'),
    input.replace(list, '("@method" "@path" "@query" "content-digest";req)'),
    input.replace(list, '()'),
    input.replace(keyid, ''),
    input.replace(keyid, `${keyid};created=1618884473`),
    input.replace(keyid, `${keyid};alg="ed25519"`),
    input.replace(keyid, keyid + keyid),
    input.replace(keyid, `; ${keyid.slice(1)}`),
    input.replace(keyid, ';keyid="AAAA"'),
    input.replace(keyid, `;keyid="${'A'.repeat(42)}B"`),
    input.replace(keyid, `;keyid="${toBase64url(pair().publicKey)}="`),
    input.replace(nonce, ''),
    input.replace(nonce, 'A'.repeat(129)),
    input.replace(nonce, `${nonce}\\"`),
    input.replace(tag, ''),
    input.replace(tag, 'ü'),
  ]
  for (const [index, wrong] of inputs.entries()) {
    expect(`${index} ${refusal(() => parseSignature(wrong, signature))}`).toBe(`${index} bad-encoding`)
  }
  const encoded = signature.slice(5, -1)
  const signatures = [
    '',
    encoded,
    `sig=${encoded}`,
    `sig=:${encoded}`,
    `sig1=:${encoded}:`,
    `sig=:${encoded}:, sig=:${encoded}:`,
    `sig=:${encoded.slice(0, -2)}:`,
    `sig=:${encoded.slice(0, 85)}x==:`,
    `sig=:${toBase64(filled(63, 1))}:`,
    `sig=:${toBase64(filled(65, 1))}:`,
    ` sig=:${encoded}:`,
  ]
  for (const [index, wrong] of signatures.entries()) {
    expect(`${index} ${refusal(() => parseSignature(input, wrong))}`).toBe(`${index} bad-encoding`)
  }
})

test('a content digest is one SHA-256 and nothing beside it', () => {
  const { contentDigest: field = '' } = withBody()
  expect(toBase64(parseContentDigest(field))).toBe(field.slice(9, -1))
  const encoded = field.slice(9, -1)
  for (const wrong of [
    '',
    field.slice(1),
    `${field}, ${field}`,
    `${field}, sha-512=:AAAA:`,
    field.replace('sha-256', 'SHA-256'),
    field.replace('sha-256', 'md5'),
    `sha-256=${encoded}`,
    `sha-256=:${encoded.slice(0, 42)}B=:`,
    `sha-256=:${encoded.replace('=', '')}:`,
    `sha-256=:${toBase64(filled(31, 0))}:`,
    ` ${field}`,
  ]) {
    expect(`${wrong} ${refusal(() => parseContentDigest(wrong))}`).toBe(`${wrong} bad-encoding`)
  }
})

const COMPONENTS = ['@method', '@path', '@query']
const message = (request: SignedRequest, fields: readonly { name: string; value: string }[] = []) => ({
  kind: 'request' as const,
  method: request.method,
  targetUri: `https://bongsu.example${request.path}${request.query === '?' ? '' : request.query}`,
  fields: [
    ...(request.contentDigest === undefined
      ? []
      : [{ name: 'content-digest', value: request.contentDigest }]),
    ...fields,
  ],
})
const componentsOf = (request: SignedRequest) =>
  request.contentDigest === undefined ? COMPONENTS : [...COMPONENTS, 'content-digest']

test('http-message-sig writes the same fields as we do', async () => {
  for (const request of [withBody(), bodiless]) {
    const fields = await createSignature(message(request), {
      label: 'sig',
      components: componentsOf(request),
      parameters: { keyid: toBase64url(pair().publicKey), nonce, tag },
      signer: { algorithm: 'ed25519', sign: data => sign(pair(), data) },
    })
    const ours = signRequest(request, { pair: pair(), nonce, tag })
    expect(fields).toEqual({ signature: ours.signature, signatureInput: ours['signature-input'] })
    expect(isValid(request, { 'signature-input': fields.signatureInput, signature: fields.signature })).toBe(
      true,
    )
  }
})

test('http-message-sig takes what we signed, and refuses what we refuse', async () => {
  for (const request of [withBody(), bodiless]) {
    const ours = signRequest(request, { pair: pair(), nonce, tag })
    const check = (about: SignedRequest, signature: string) =>
      verifyMessage(
        message(about, [
          { name: 'signature-input', value: ours['signature-input'] },
          { name: 'signature', value: signature },
        ]),
        {
          label: 'sig',
          policy: {
            algorithms: ['ed25519'],
            requiredComponents: componentsOf(request),
            requiredParameters: ['keyid', 'nonce', 'tag'],
          },
          resolveVerifier: candidate => {
            const key = fromBase64url(String(candidate.parameters.keyid))
            return { algorithm: 'ed25519', verify: (data, bytes) => verifySignature(key, data, bytes) }
          },
        },
      )
    expect((await check(request, ours.signature)).parameters).toEqual({
      keyid: toBase64url(pair().publicKey),
      nonce,
      tag,
    })
    const [changed] = tampered(fromBase64(ours.signature.slice(5, -1)))
    await expect(check(request, `sig=:${toBase64(changed ?? filled(64, 0))}:`)).rejects.toThrow()
    await expect(check({ ...request, method: 'DELETE' }, ours.signature)).rejects.toThrow()
  }
})
