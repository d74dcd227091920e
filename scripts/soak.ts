// The tests of faults, leaks and hostile input with their full counts: 200 kills, PostgreSQL away for a minute,
// 3000 requests to each route, long stories of agencies at work.
import { spawn } from 'node:child_process'

const filters = process.argv.slice(2)
const files = filters.length > 0 ? filters : ['test/faults', 'test/leaks', 'test/fuzz', 'test/model']
// The verbose reporter prints each test's figures.
const child = spawn('vitest', ['run', '--reporter=verbose', ...files], {
  stdio: 'inherit',
  env: { ...process.env, BONGSU_SOAK: '1' },
})
child.on('exit', code => {
  process.exitCode = code ?? 1
})
