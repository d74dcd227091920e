// Writes openapi/ from the contract.
import { readFileSync, writeFileSync } from 'node:fs'
import { buildOpenApi, buildProblemList } from '../src/contract/openapi.ts'

const at = (path: string) => new URL(`../${path}`, import.meta.url)
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }
writeFileSync(at('openapi/openapi.json'), `${JSON.stringify(buildOpenApi(version), null, 2)}\n`)
writeFileSync(at('openapi/problems.md'), buildProblemList())
