// Where standard output goes may be full, or gone. A receipt code is shown once: it must not be lost there.
import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Offices, openOffices } from '../support/offices.ts'
import { bongsu, collect, start } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let offices: Offices
let text: string
beforeAll(async () => {
  offices = await openOffices()
  text = join(offices.folder, 'text.md')
  await writeFile(text, '한 번만 보이는 코드')
})
afterAll(() => offices.stop())

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts')
const report = (...more: string[]) => [
  ...['report', text, '--to', 'nis', '--server', offices.world.reporterUrl, ...more],
]
const ended = (child: ReturnType<typeof spawn>) =>
  new Promise<number | null>(resolve => child.on('close', resolve))

/** Standard output is a device on which every write fails, as on a full disk. */
async function onFullDisk(args: readonly string[]) {
  const full = openSync('/dev/full', 'w')
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: 'en_US.UTF-8' }
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', full, 'pipe'] })
  if (!child.stderr) throw new Error('no standard error')
  const err = collect(child.stderr)
  const code = await ended(child)
  closeSync(full)
  return { code, err: err() }
}

/** Whoever read standard output went away before anything was written there. */
async function withoutReader(args: readonly string[]) {
  const child = start(args)
  const err = collect(child.stderr)
  child.stdin.end()
  child.stdout.destroy()
  return { code: await ended(child), err: err() }
}

const CODE = /[0-9A-Z]{4}(?:-[0-9A-Z]{4}){6}/
async function expectReceived(err: string): Promise<void> {
  const [code = 'none'] = CODE.exec(err) ?? []
  expect(await offices.reporter(code).json('status')).toMatchObject({ code: 0, json: { state: 'received' } })
}

test('on a full disk the receipt code of a report that was sent is told on standard error', async () => {
  const { code, err } = await onFullDisk(report())
  await expectReceived(err)
  expect([code, err]).toEqual([2, expect.stringMatching(/A file cannot be used\. \(ENOSPC.*\)\n$/)])
  const json = await onFullDisk(report('--json'))
  await expectReceived(json.err)
  expect(json.code).toBe(2)
})

test('so it is where nobody reads standard output any more', async () => {
  const { code, err } = await withoutReader(report())
  await expectReceived(err)
  expect(code).toBe(0)
})

test('what can be had again ends without a stack trace, and without a word where its reader left', async () => {
  const full = await onFullDisk(['--help'])
  expect(full).toEqual({ code: 2, err: expect.stringMatching(/^A file cannot be used\. \(ENOSPC.*\)\n$/) })
  expect(await withoutReader(['--help'])).toEqual({ code: 0, err: '' })
})

test('a receipt that cannot be saved is found out before the report is sent', async () => {
  for (const path of [join(offices.folder, 'no', 'such', 'folder'), offices.folder, join(text, 'below')]) {
    const { code, out, err } = await bongsu(report('--receipt', path))
    expect([code, out, err]).toEqual([2, '', expect.stringMatching(/A file cannot be used/)])
  }
  expect(await offices.casesOf('nis')).toHaveLength(3)
})
