import { beforeAll, expect, test } from 'vitest'
import { contentKey, cryptoReady } from '../../src/protocol/crypto.ts'
import {
  type EventPlace,
  internalKey,
  openParticulars,
  parseParticulars,
  particularsText,
  SEALED_PARTICULARS_LENGTHS,
  sealParticulars,
  toldKey,
} from '../../src/protocol/particulars.ts'
import type { AcknowledgementKey } from '../../src/protocol/reporter-keys.ts'
import { filled, refusal, tampered } from './support.ts'
import { fixedRandom } from './world.ts'

beforeAll(() => cryptoReady)

const PLACE: EventPlace = {
  digest: filled(32, 1),
  agencyId: 'north',
  previous: filled(32, 2),
  index: 3,
  kind: 'feedback-given',
}
const told = () => toldKey(filled(32, 4) as AcknowledgementKey)
const internal = (agencyId = 'north') => internalKey(contentKey(filled(32, 5)), agencyId)
const seal = (text: string, key = told()) => sealParticulars(key, PLACE, text, fixedRandom('particulars'))

test('what is said opens with its key at its place', () => {
  for (const text of ['', '{"code":"prevented"}', '가'.repeat(2700)])
    expect(openParticulars(told(), PLACE, seal(text))).toBe(text)
  expect(openParticulars(internal(), PLACE, seal('메모', internal()))).toBe('메모')
})

test('what was sealed for one event is nothing beside another', () => {
  const sealed = seal('{"code":"prevented"}')
  const others: Partial<EventPlace>[] = [
    { digest: filled(32, 9) },
    { agencyId: 'south' },
    { previous: filled(32, 9) },
    { index: 4 },
    { kind: 'closed' },
  ]
  for (const other of others)
    expect(refusal(() => openParticulars(told(), { ...PLACE, ...other }, sealed))).toBe('open-failed')
})

test('what is told opens for nobody without the reporter’s key, what is internal for no other agency’s key', () => {
  const keys = [told(), internal(), internal('south'), toldKey(filled(32, 5) as AcknowledgementKey)]
  expect(new Set(keys.map(String)).size).toBe(keys.length)
  for (const [at, key] of keys.entries()) {
    const sealed = seal('x', key)
    for (const [other, wrong] of keys.entries()) {
      const verdict = refusal(() => openParticulars(wrong, PLACE, sealed))
      expect(verdict).toBe(other === at ? 'accepted' : 'open-failed')
    }
  }
})

test('any byte changed, missing or added is noticed', () => {
  const sealed = seal('{"code":"prevented"}')
  const changed = [...tampered(sealed, 60), sealed.subarray(1), sealed.subarray(0, 30), filled(0, 0)]
  for (const other of changed)
    expect(refusal(() => openParticulars(told(), PLACE, other))).toBe('open-failed')
})

test('there are two lengths, whatever is said', () => {
  const lengths = [0, 1, 511, 512, 8191].map(length => seal('x'.repeat(length)).length)
  expect(lengths).toEqual([552, 552, 552, 8232, 8232])
  expect(SEALED_PARTICULARS_LENGTHS).toEqual([552, 8232])
  expect(refusal(() => seal('x'.repeat(8192)))).toBe('too-long')
  expect(refusal(() => seal('가'.repeat(2731)))).toBe('too-long')
})

test('a code, a text or both are written in one way and read back', () => {
  expect(particularsText({ code: 'prevented', text: '막았습니다.' })).toBe(
    '{"code":"prevented","text":"막았습니다."}',
  )
  for (const said of [{ code: 'late' }, { text: '"' }, { code: 'late', text: '' }, {}])
    expect(parseParticulars(particularsText(said))).toEqual(said)
  expect(parseParticulars('{"text":"x","later":[1]}')).toEqual({ text: 'x' })
})

test('what is no object, or has no texts where texts belong, is refused', () => {
  for (const json of ['', '{', 'null', '1', '"code"', '[]', '[{"code":"late"}]'])
    expect(refusal(() => parseParticulars(json))).toBe('bad-encoding')
  for (const json of ['{"code":1}', '{"text":null}', '{"code":["late"]}'])
    expect(refusal(() => parseParticulars(json))).toBe('bad-encoding')
})
