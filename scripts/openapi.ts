// Writes openapi/ from the contract; with --release also what later changes are held against.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { buildOpenApi, buildProblemList } from '../src/contract/openapi.ts'

const at = (path: string) => new URL(`../${path}`, import.meta.url)
const { version } = JSON.parse(readFileSync(at('package.json'), 'utf8')) as { version: string }
writeFileSync(at('openapi/openapi.json'), `${JSON.stringify(buildOpenApi(version), null, 2)}\n`)
if (process.argv.includes('--release')) copyFileSync(at('openapi/openapi.json'), at('openapi/released.json'))
writeFileSync(at('openapi/problems.md'), buildProblemList())
