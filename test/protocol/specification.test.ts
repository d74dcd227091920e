// docs/protocol.md shows nothing that test/vectors does not have.
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { isOffer, UNTAGGED } from '../../src/protocol/event.ts'
import { ACTIONS, confirmsDecision, isTold, type Row, rowsOf } from '../../src/protocol/lifecycle.ts'

const root = new URL('../../', import.meta.url)
const specification = readFileSync(new URL('docs/protocol.md', root), 'utf8')

/** All strings of a JSON value, one a line. */
function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : []
}

const vectors = readdirSync(new URL('test/vectors/', root))
  .filter(name => name.endsWith('.json'))
  .flatMap(name => strings(JSON.parse(readFileSync(new URL(`test/vectors/${name}`, root), 'utf8'))))
  .join('\n')

const examples = [...specification.matchAll(/```text\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block.split('\n'),
)
const bare = (token: string) => token.replace(/^M\(|,$/g, '')

test('every example in the specification is in the vectors', () => {
  const tokens = examples.flatMap(line => line.split(/\s+/)).map(bare)
  const values = tokens.filter(token => token.length >= 16 && token !== 'Signature-Input:')
  expect(values.length).toBeGreaterThan(60)
  expect(values.filter(value => !vectors.includes(value))).toEqual([])
  for (const [, words = ''] of specification.matchAll(/^> (\S.*)$/gm)) expect(vectors).toContain(words)
})

test('every tag that the code encodes is in the specification', () => {
  const source = readdirSync(new URL('src/protocol/', root))
    .map(name => readFileSync(new URL(`src/protocol/${name}`, root), 'utf8'))
    .join('\n')
  const tags = [...source.matchAll(/\b(?:enc|H|M\([\w.]+, |M)\(?\s*'([a-z-]+)'/g)].map(([, tag]) => tag)
  expect(new Set(tags).size).toBeGreaterThan(20)
  expect([...new Set(tags)].filter(tag => !specification.includes(`"${tag}"`))).toEqual([])
})

test('every kind of event is in the specification, with what the lifecycle’s table asks for beside it', () => {
  const listed = (about: string) => {
    const [, kinds = ''] = specification.match(new RegExp(`^\\| ${about}[^|]*\\| ([^|]+) \\|$`, 'm')) ?? []
    return [...kinds.matchAll(/`([^`]+)`/g)].map(([, kind]) => kind)
  }
  const those = (wanted: (row: Row) => boolean) => ACTIONS.filter(kind => rowsOf(kind).every(wanted))
  expect(listed('the subject is the id of an agency')).toEqual(those(({ names }) => names === 'agency'))
  expect(listed('the subject is the id of a device')).toEqual(those(({ names }) => names === 'device'))
  expect(listed('the subject is the thread index')).toEqual(those(({ names }) => names === 'message'))
  expect(listed('the subject is empty')).toEqual(those(({ names }) => names === undefined))
  expect(listed('with a tag, there are particulars')).toEqual(
    ACTIONS.filter(kind => confirmsDecision(kind) || rowsOf(kind).every(({ code }) => code !== undefined)),
  )
  expect(listed('particulars stay inside')).toEqual(ACTIONS.filter(kind => !isTold(kind)))
  expect(listed('there may be no tag')).toEqual(UNTAGGED)
  expect(listed('there is an offer hash')).toEqual(ACTIONS.filter(isOffer))
})

test('every error code is in the specification', () => {
  const source = readFileSync(new URL('src/protocol/error.ts', root), 'utf8')
  const codes = [...source.matchAll(/\| '([a-z-]+)'/g)].map(([, code]) => code)
  expect(codes.length).toBe(12)
  expect(codes.filter(code => !specification.includes(`| \`${code}\` |`))).toEqual([])
})

test('its sections are numbered as the second implementation cites them', () => {
  const headings = [...specification.matchAll(/^## (\d+)\. /gm)].map(([, number]) => Number(number))
  expect(headings).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
})
