import { beforeAll, expect, test } from 'vitest'
import { cryptoReady, sealingSeed, signingSeed } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { formatKeyFile, type KeyFile, parseKeyFile, signerOf } from '../../src/protocol/key-file.ts'
import { filled, refusal } from './support.ts'

beforeAll(() => cryptoReady)

const device: KeyFile = {
  kind: 'device',
  deployment: filled(32, 1),
  agencyId: 'north',
  signingSeed: signingSeed(filled(32, 2)),
  sealingSeed: sealingSeed(filled(32, 3)),
  certificate: 'a\n\n— b c\n',
  epochs: [{ seed: sealingSeed(filled(32, 4)), validFrom: '2026-03-01' }],
}

const authority = (kind: 'root' | 'directory' | 'identity') =>
  ({ kind, name: 'root-1', seed: signingSeed(filled(32, 5)) }) as const

test('key files of every kind come back as they were written', () => {
  for (const key of [device, authority('root'), authority('directory'), authority('identity')]) {
    expect(parseKeyFile(formatKeyFile(key))).toEqual(key)
  }
})

test('an authority’s key signs under its name', async () => {
  expect((await signerOf(authority('root'))).key.name).toBe('root-1')
})

test('what is no key file is refused', () => {
  const text = formatKeyFile(device)
  const refused = [
    '',
    '[]',
    'null',
    '{}',
    text.slice(1),
    text.replace('key file 1', 'key file 2'),
    text.replace('"device"', '"robot"'),
    text.replace('"north"', '"North"'),
    text.replace(toBase64url(filled(32, 2)), toBase64url(filled(31, 2))),
    text.replace(toBase64url(filled(32, 3)), `${toBase64url(filled(32, 3))}=`),
    text.replace('2026-03-01', '2026-02-30'),
    text.replace(/"epochs": \[[\s\S]*\]/, '"epochs": 1'),
    formatKeyFile(authority('root')).replace('"root"', '"admin"'),
  ]
  for (const [index, wrong] of refused.entries()) {
    expect(`${index} ${refusal(() => parseKeyFile(wrong))}`).toBe(`${index} bad-document`)
  }
})
