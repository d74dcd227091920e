#!/usr/bin/env node
// Runs src/cli/main.ts, which is TypeScript, on the Node 24 that npm installed here; where npm has none for this
// machine, on the Node that runs this, if it is new enough.
import { spawn } from 'node:child_process'
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = dirname(dirname(realpathSync(fileURLToPath(import.meta.url))))
const installed = join(home, 'node_modules', '.bin', 'node')
const isNewEnough = Number(process.versions.node.split('.')[0]) >= 24
const node = existsSync(installed) || !isNewEnough ? installed : process.execPath
const main = join(home, 'src', 'cli', 'main.ts')

if (!existsSync(node)) {
  process.stderr.write(`bongsu: run npm install in ${home} first\n`)
  process.exit(5)
}

const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' })

// At a terminal, Ctrl-C reaches the child by itself: passing it on would count as a second one.
const passOn = signal => {
  if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => passOn(signal))

child.on('error', error => {
  process.stderr.write(`bongsu: ${error.message}\n`)
  process.exitCode = 5
})
child.on('exit', (code, signal) => {
  if (signal === null) {
    process.exitCode = code ?? 5
    return
  }
  process.removeAllListeners(signal)
  process.kill(process.pid, signal)
})
