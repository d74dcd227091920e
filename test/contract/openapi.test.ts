import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { buildOpenApi, buildProblemList } from '../../src/contract/openapi.ts'
import { ROUTES } from '../../src/contract/routes.ts'

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
