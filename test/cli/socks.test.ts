// The command through a SOCKS proxy. Through Tor itself: test/onion.
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { freePorts } from '../../scripts/free-ports.ts'
import { proxyOf } from '../../src/cli/context.ts'
import { startSocksProxy } from '../support/socks-proxy.ts'
import { createWorld, type World } from '../support/world.ts'
import { bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

const ONION = `${'a'.repeat(56)}.onion`
const NO_LOOKUPS = { NODE_OPTIONS: `--import ${join(import.meta.dirname, 'no-lookups.mjs')}` }

let world: World
let folder: string
beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'bongsu-socks-'))
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true, force: true })
})

async function proxyToReporters(refusal?: number) {
  const proxy = await startSocksProxy(Number(new URL(world.reporterUrl).port), refusal)
  onTestFinished(() => proxy.stop())
  return proxy
}

test('a report with a file, and what comes after it, through a proxy that alone sees the name', async () => {
  const proxy = await proxyToReporters()
  const through = ['--server', `http://${ONION}`, '--socks', proxy.address, '--json']
  const [text, attached] = [join(folder, 'text.md'), join(folder, 'drawing.bin')]
  await writeFile(text, '도면이 나갔습니다.')
  await writeFile(attached, Buffer.alloc(3_000_000, 7))
  const sent = await bongsu(['report', text, '--to', 'nis', '--attach', attached, '--yes', ...through], {
    env: NO_LOOKUPS,
  })
  expect([sent.code, sent.err]).toEqual([0, ''])
  const byCode = { input: String(sent.json.code), env: NO_LOOKUPS }
  const looked = await bongsu(['status', '--code-file', '-', ...through], byCode)
  expect(looked.json).toMatchObject({ agencies: [{ id: 'nis', answer: 'waiting' }] })
  expect(new Set(proxy.asked.map(({ name, port }) => `${name}:${port}`))).toEqual(new Set([`${ONION}:80`]))
  // Two commands, and nothing by which the proxy keeps them on one way.
  expect(new Set(proxy.asked.map(({ credentials }) => credentials)).size).toBe(2)
})

test('where no proxy answers, it says so and looks nothing up', async () => {
  const [port] = await freePorts(1)
  const through = ['--server', `http://${ONION}`, '--socks', `127.0.0.1:${port}`]
  const { code, err } = await bongsu(['verify', ...through], { env: NO_LOOKUPS })
  expect(code).toBe(3)
  expect(err).toMatch(/^No SOCKS proxy answers/)
})

test('a proxy that cannot reach the service is no answer', async () => {
  const proxy = await proxyToReporters(4)
  const { code, json } = await bongsu([
    'verify',
    '--server',
    `http://${ONION}`,
    '--socks',
    proxy.address,
    '--json',
  ])
  expect(code).toBe(3)
  expect(json).toMatchObject({ error: { kind: 'unreachable' } })
})

test('what listens and is no proxy is told from one', async () => {
  const through = ['--server', `http://${ONION}`, '--socks', new URL(world.reporterUrl).host, '--json']
  const { code, json } = await bongsu(['verify', ...through])
  expect(code).toBe(3)
  expect(json).toMatchObject({ error: { kind: 'no-proxy' } })
})

test('a proxy that says nothing is not waited for longer than was said', async () => {
  const silent = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const bound = silent.address()
  const port = typeof bound === 'object' && bound ? bound.port : 0
  const through = ['--server', `http://${ONION}`, '--socks', `127.0.0.1:${port}`, '--timeout', '1', '--json']
  const { code, json } = await bongsu(['verify', ...through])
  expect([code, json]).toMatchObject([3, { error: { kind: 'unreachable', detail: 'no answer in time' } }])
})

test('an onion goes through Tor without being told, in any spelling; other addresses do not', () => {
  const tor = { host: '127.0.0.1', port: 9050 }
  for (const server of [`http://${ONION}`, `http://${ONION.toUpperCase()}:80`, `http://www.${ONION}.`])
    expect(proxyOf({ server })).toEqual(tor)
  expect(proxyOf({ server: 'https://onion.example' })).toBe(null)
  const socks = { host: '127.0.0.1', port: 9150 }
  for (const server of [`http://${ONION}`, 'https://onion.example'])
    expect(proxyOf({ server, socks })).toEqual(socks)
})

test.each(['9050', 'localhost', 'a b:1', '127.0.0.1:0', '127.0.0.1:70000'])(
  '«%s» is not a proxy',
  async socks => {
    const { code } = await bongsu(['verify', '--server', `http://${ONION}`, '--socks', socks])
    expect(code).toBe(2)
  },
)

test('the help of every command that asks a service names the way', async () => {
  for (const command of ['report', 'status', 'mailbox', 'write', 'withdraw', 'cases', 'verify'])
    expect((await bongsu([command, '--help'])).out).toContain('--socks')
})
