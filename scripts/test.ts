// Everything that must hold, one after the other; the last line counts it.
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Count {
  passed: number
  failed: number
  skipped: number
}

const CHECKS: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['types', 'tsc', '-p', 'tsconfig.json'],
  ['types of protocol and contract, portable', 'tsc', '-p', 'tsconfig.portable.json'],
  ['types of the SDK and the web form, in a browser', 'tsc', '-p', 'tsconfig.web.json'],
  ['types of the web form’s tests', 'tsc', '-p', 'tsconfig.web-tests.json'],
  ['lint and format', 'biome', 'check', '--error-on-warnings'],
]

const run = (command: string, args: readonly string[]): Promise<boolean> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit' })
    child.on('error', reject)
    child.on('exit', code => resolve(code === 0))
  })

async function vitest(filters: readonly string[]): Promise<Count> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-results-'))
  const file = join(folder, 'results.json')
  try {
    const ok = await run('vitest', [
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...filters,
    ])
    const results = JSON.parse(await readFile(file, 'utf8')) as Record<string, number>
    const { numPassedTests: passed = 0, numFailedTests: failed = 0, numPendingTests: skipped = 0 } = results
    // A file that does not load fails the run without a failed test.
    return { passed, failed: ok ? failed : Math.max(1, failed), skipped }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const filters = process.argv.slice(2)
const count: Count = { passed: 0, failed: 0, skipped: 0 }
for (const [name, command, ...args] of filters.length > 0 ? [] : CHECKS) {
  const ok = await run(command, args)
  console.log(`${ok ? '✓' : '✗'} ${name}`)
  count[ok ? 'passed' : 'failed']++
}
const tests = await vitest(filters)
const failed = count.failed + tests.failed
const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : ''
console.log(`\n${count.passed + tests.passed} passed, ${failed} failed${skipped}`)
process.exitCode = failed > 0 ? 1 : 0
