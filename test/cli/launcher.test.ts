// bin/bongsu.mjs: the command under whatever Node the machine has, from whatever folder.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { collect } from './run.ts'

const LAUNCHER = join(import.meta.dirname, '../../bin/bongsu.mjs')

let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-launcher-'))
  await symlink(LAUNCHER, join(folder, 'bongsu'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function launch(...args: string[]) {
  const child = spawn(join(folder, 'bongsu'), args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
  const out = collect(child.stdout)
  const code = await new Promise(resolve => child.on('close', resolve))
  return { code, out: out() }
}

test('works through a link, from another folder, and passes arguments and output on', async () => {
  const { code, out } = await launch('authority', '--help')
  expect([code, out.includes('key ceremony')]).toEqual([0, true])
})

test('passes the exit code on', async () => {
  expect((await launch('no-such-command')).code).toBe(2)
})
