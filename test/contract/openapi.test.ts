import { readFileSync } from 'node:fs'
import { createConfig, lintFromString } from '@redocly/openapi-core'
import spectral from '@stoplight/spectral-core'
import rulesets from '@stoplight/spectral-rulesets'
import { expect, test } from 'vitest'
import { buildOpenApi, buildProblemList } from '../../src/contract/openapi.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { breaksBetween, type Description } from '../support/api-breaks.ts'

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
const { version } = JSON.parse(read('package.json')) as { version: string }

test('the published description is what the contract says (npm run openapi writes it)', () => {
  expect(JSON.parse(read('openapi/openapi.json'))).toEqual(JSON.parse(JSON.stringify(buildOpenApi(version))))
  expect(read('openapi/problems.md')).toBe(buildProblemList())
})

test('every route is described once, under its own name', () => {
  const { paths } = JSON.parse(read('openapi/openapi.json')) as {
    paths: Record<string, Record<string, { operationId: string }>>
  }
  const names = Object.values(paths).flatMap(path =>
    Object.values(path).map(({ operationId }) => operationId),
  )
  expect(names.sort()).toEqual(ROUTES.map(route => route.id).sort())
})

test('Redocly finds nothing to complain of in the description', async () => {
  const config = await createConfig({ extends: ['recommended'] })
  const source = read('openapi/openapi.json')
  const found = await lintFromString({ source, absoluteRef: 'openapi.json', config })
  expect(found.map(({ ruleId, message }) => `${ruleId}: ${message}`)).toEqual([])
})

test('Spectral finds nothing to complain of in the description', async () => {
  const linter = new spectral.Spectral()
  // exactOptionalPropertyTypes tells their two packages' types apart.
  linter.setRuleset({ extends: [rulesets.oas as unknown as spectral.RulesetDefinition] })
  const found = await linter.run(JSON.parse(read('openapi/openapi.json')) as Record<string, unknown>)
  expect(found.map(({ code, message, path }) => `${code}: ${message} at ${path.join('/')}`)).toEqual([])
})

// What clients were built against; `npm run openapi -- --release` moves it forward, with a word in the changelog.
const released = JSON.parse(read('openapi/released.json')) as Description

test('no change of the API breaks clients of the released one', () => {
  expect(breaksBetween(released, JSON.parse(read('openapi/openapi.json')) as Description)).toEqual([])
})

test('a lost route, a lost member of an answer, a new demand on a request: each is seen as a break', () => {
  const change = (edit: (copy: Description) => void) => {
    const copy = structuredClone(released)
    edit(copy)
    return breaksBetween(released, copy)
  }
  expect(change(copy => Reflect.deleteProperty(copy.paths, '/v1/mailbox'))).toEqual([
    'POST /v1/mailbox is gone',
  ])
  const replyOf = (copy: Description) =>
    copy.paths['/v1/health']?.get?.responses['200']?.content?.['application/json']?.schema ?? {}
  expect(change(copy => Reflect.deleteProperty(replyOf(copy).properties ?? {}, 'alive'))).toEqual([
    'GET /v1/health answer: alive is gone',
  ])
  const bodyOf = (copy: Description) =>
    copy.paths['/v1/report']?.put?.requestBody?.content['application/json']?.schema ?? {}
  expect(change(copy => bodyOf(copy).required?.push('colour'))).toEqual([
    'PUT /v1/report request: colour is now demanded',
  ])
  expect(change(copy => Object.assign(bodyOf(copy).properties?.header ?? {}, { pattern: 'x' }))).toEqual([
    'PUT /v1/report request: header takes other values',
  ])
})
