// `npm run demo`: every story plays to its end, on a service of its own.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { collect } from './run.ts'

vi.setConfig({ testTimeout: 300_000 })

const DEMO = join(import.meta.dirname, '../../scripts/demo.ts')

async function demo(lang: string, ...args: string[]) {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', LANG: lang }
  const child = spawn(process.execPath, [DEMO, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  const code = await new Promise<number | null>(resolve => child.on('close', resolve))
  return { code, out: out(), err: err() }
}

const stepsIn = (out: string) => [...out.matchAll(/^── +(\d+) /gm)].map(([, number]) => Number(number))
const upTo = (last: number) => Array.from({ length: last }, (_, i) => i + 1)

test('the story of a report', async () => {
  const { code, out, err } = await demo('en_US.UTF-8')
  expect([code, err]).toEqual([0, ''])
  expect(stepsIn(out)).toEqual(upTo(10))
  expect(out).toContain('looked for in all of it: not there.')
})

test('the story of a hand-over', async () => {
  const { code, out, err } = await demo('ko_KR.UTF-8', '--story', 'handover')
  expect([code, err]).toEqual([0, ''])
  expect(stepsIn(out)).toEqual(upTo(12))
  expect(out).toContain('(시연)에서는 더는 읽을 수 없습니다.')
  expect(out).toContain('결과를 알립니다 · 수사 후 송치')
  expect(out).not.toContain('undefined')
})

test('a story that nobody wrote is refused', async () => {
  expect(await demo('en_US.UTF-8', '--story', 'heist')).toMatchObject({
    code: 2,
    err: '--story: one of report, handover\n',
  })
})
