// Whoever is interrupted, or loses the connection, is told whether the report or follow-up is there.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sendReport } from '../journeys/people.ts'
import { createWorld, type World } from '../support/world.ts'
import { bongsu, collect, start } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let world: World
let folder: string
const at = (file: string) => join(folder, file)
beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'bongsu-not-sent-'))
  await writeFile(at('text.md'), '내용')
  await writeFile(at('photo.jpg'), 'a photo')
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await world.stop()
})

type Holds = (method: string, path: string) => boolean

/** The real service, but for requests that it holds without an answer, and then, where it is told so, breaks off. */
async function holding(isHeld: Holds, then: 'hold' | 'break') {
  let held = () => {}
  const firstHeld = new Promise<void>(resolve => {
    held = resolve
  })
  const pass: RequestListener = async (incoming, answer) => {
    const { method = 'GET', url = '/', headers } = incoming
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part)
    if (isHeld(method, url)) {
      held()
      if (then === 'break') incoming.socket.destroy()
      return
    }
    const asked = Object.entries(headers).filter(
      ([name]) => !['host', 'connection', 'content-length'].includes(name),
    )
    const body = parts.length > 0 ? { body: Buffer.concat(parts) } : {}
    const from = await fetch(new URL(url, world.reporterUrl), {
      method,
      headers: asked as [string, string][],
      ...body,
    })
    const told = [...from.headers].filter(
      ([name]) => !['content-encoding', 'transfer-encoding', 'connection'].includes(name),
    )
    answer.writeHead(from.status, Object.fromEntries(told))
    answer.end(Buffer.from(await from.arrayBuffer()))
  }
  const server: Server = createServer((incoming, answer) => void pass(incoming, answer))
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    firstHeld,
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Ctrl-C as soon as such a request is under way. */
async function interruptedAt(isHeld: Holds, args: readonly string[], input = '') {
  const service = await holding(isHeld, 'hold')
  const child = start([...args, '--server', service.url])
  const [out, err] = [collect(child.stdout), collect(child.stderr)]
  child.stdin.end(input)
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  await service.firstHeld
  child.kill('SIGINT')
  const code = await ended
  service.stop()
  return { code, out: out(), err: err() }
}

const uploading: Holds = (method, path) => method === 'PATCH' && path.startsWith('/v1/uploads/')
const report = () => ['report', at('text.md'), '--to', 'nis']

test('a report that is interrupted while its files go was not sent, and says so', async () => {
  const { code, out, err } = await interruptedAt(uploading, [...report(), '--attach', at('photo.jpg')])
  expect([code, out, err]).toEqual([
    130,
    '',
    expect.stringMatching(/The report was not sent\.\nInterrupted\.\n$/),
  ])
})

test('one that is interrupted on its way may have arrived: its code is told', async () => {
  const sending: Holds = (method, path) => method === 'PUT' && path === '/v1/report'
  const { code, out } = await interruptedAt(sending, report())
  expect([code, out]).toEqual([130, expect.stringContaining('the report may have arrived or not')])
})

test('a follow-up that is interrupted on its way may have arrived: status tells', async () => {
  const { code: receiptCode } = await sendReport(world, '덧붙일 신고', ['nis'])
  await writeFile(at('code'), receiptCode, { mode: 0o600 })
  const adding: Holds = (method, path) => method === 'POST' && path === '/v1/report/messages'
  const write = ['write', at('text.md'), '--code-file', at('code')]
  const maybe =
    /The follow-up may have arrived or not: `bongsu status` counts those that did\.\nInterrupted\.\n$/
  const { code, out, err } = await interruptedAt(adding, write)
  expect([code, out, err]).toEqual([130, '', expect.stringMatching(maybe)])
  const before = await interruptedAt(uploading, [...write, '--attach', at('photo.jpg')])
  expect([before.code, before.err]).toEqual([
    130,
    expect.stringMatching(/The follow-up was not sent\.\nInterrupted\.\n$/),
  ])
})

test('a withdrawal that is interrupted on its way may have happened: status tells, and again does no harm', async () => {
  const { code: receiptCode } = await sendReport(world, '철회할 신고', ['nis'])
  await writeFile(at('code'), receiptCode, { mode: 0o600 })
  const withdraw = ['withdraw', '--yes', '--code-file', at('code')]
  const { code, out, err } = await interruptedAt(method => method === 'DELETE', withdraw)
  expect([code, out, err]).toEqual([
    130,
    '',
    expect.stringMatching(/The report may have been withdrawn or not.*\nInterrupted\.\n$/),
  ])
  const service = await holding(() => true, 'break')
  const before = await bongsu([...withdraw, '--server', service.url, '--lang', 'ko'])
  service.stop()
  expect([before.code, before.err]).toEqual([
    3,
    expect.stringMatching(/신고를 철회하지 않았습니다\.\n서비스에 연결할 수 없습니다/),
  ])
  for (let i = 0; i < 2; i++) {
    const again = await bongsu([...withdraw, '--server', world.reporterUrl])
    expect([again.code, again.out]).toEqual([0, expect.stringContaining('Withdrawn')])
  }
})

test('where nobody answers at all, nothing was sent', async () => {
  const service = await holding(() => true, 'break')
  const en = await bongsu([...report(), '--server', service.url])
  const ko = await bongsu([...report(), '--server', service.url, '--lang', 'ko'])
  service.stop()
  expect([en.code, en.err]).toEqual([
    3,
    expect.stringMatching(/The report was not sent\.\nThe service cannot be reached/),
  ])
  expect([ko.code, ko.err]).toEqual([
    3,
    expect.stringMatching(/신고서를 보내지 않았습니다\.\n서비스에 연결할 수 없습니다/),
  ])
})
