// A buffer is another answer's only when its own has gone out: on a real connection that is read late.
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAnswerBuffers } from '../../src/server/http/answer-buffers.ts'

/** More than the system takes of a connection that nobody reads. */
const LENGTH = 24 * 1024 * 1024
const take = createAnswerBuffers(LENGTH)
const taken: Buffer[] = []
const server = createServer((request, response) => {
  const buffer = take(response)
  taken.push(buffer)
  response.end(buffer.fill(Number(request.url?.slice(1))))
})
beforeAll(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function begin(value: number): Promise<IncomingMessage> {
  const { port } = server.address() as AddressInfo
  const [answer] = await once(get({ port, path: `/${value}`, agent: false }), 'response')
  return answer as IncomingMessage
}

async function read(answer: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part)
  return Buffer.concat(parts)
}

test('an answer that is read late is whole, whatever is answered meanwhile', async () => {
  const late = await begin(1)
  for (const value of [2, 3])
    expect((await read(await begin(value))).every(byte => byte === value)).toBe(true)
  const body = await read(late)
  expect(body.length).toBe(LENGTH)
  expect(body.every(byte => byte === 1)).toBe(true)
})

test('a buffer is used again after its answer, and after its reader has hung up', async () => {
  const before = new Set(taken)
  await read(await begin(4))
  const hangsUp = await begin(5)
  hangsUp.destroy()
  await once(hangsUp, 'close')
  await read(await begin(6))
  expect(taken.slice(-3).every(buffer => before.has(buffer))).toBe(true)
})
