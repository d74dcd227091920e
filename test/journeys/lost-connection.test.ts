// The request arrives, the answer does not.
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  prepareReport,
  readReplies,
  readStatus,
  sendFollowUp,
  sendReply,
  serviceAt,
  submitReport,
  Unreachable,
  withdrawReport,
} from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, reporters, sendReport, trustIn } from './people.ts'

let world: World
const open: Server[] = []

beforeAll(async () => {
  world = await createWorld()
})
afterAll(async () => {
  for (const server of open) server.close()
  await world.stop()
})

/** Passes bytes on; of requests that match, the first `times` lose their answers. */
async function losing(target: string, request: RegExp, times = 1) {
  const counted = { lost: 0, passed: 0 }
  const { hostname, port } = new URL(target)
  const server = createServer(client => {
    const service = connect(Number(port), hostname)
    let cut = false
    const end = () => [client, service].map((socket: Socket) => socket.destroy())
    for (const socket of [client, service]) socket.on('error', end).on('close', end)
    client.on('data', bytes => {
      if (request.test(bytes.toString('latin1'))) {
        cut = counted.lost < times
        if (cut) counted.lost++
        else counted.passed++
      }
      service.write(bytes)
    })
    // The service has answered: it did what was asked.
    service.on('data', bytes => (cut ? end() : client.write(bytes)))
  })
  open.push(server)
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('not listening')
  return { url: `http://127.0.0.1:${address.port}`, counted }
}

const count = async (table: 'reports' | 'messages' | 'events' | 'replies') => {
  const [row] = await world.database.query<{ count: string }>({
    name: `count-${table}`,
    text: `select count(*) from ${table}`,
  })
  return Number(row?.count)
}

const content = { version: 1, language: 'ko', what: '끊긴 연결' } as const

test('a submission whose answer was lost is sent again, and is one report with one receipt', async () => {
  const { url, counted } = await losing(world.reporterUrl, /^PUT \/v1\/report /)
  const service = serviceAt(url, { freshConnections: true })
  const trust = await trustIn(world)
  const prepared = await prepareReport(trust, { content, agencies: ['nis'] })
  const before = await count('reports')
  const first = await submitReport(service, trust, prepared)
  expect(counted).toEqual({ lost: 1, passed: 1 })
  expect((await submitReport(reporters(world), trust, prepared)).note).toBe(first.note)
  expect(await count('reports')).toBe(before + 1)
})

test('when it stays lost the caller knows, and the same bytes later get the receipt', async () => {
  const { url, counted } = await losing(world.reporterUrl, /^PUT \/v1\/report /, 3)
  const trust = await trustIn(world)
  const prepared = await prepareReport(trust, { content, agencies: ['police'] })
  await expect(submitReport(serviceAt(url), trust, prepared)).rejects.toBeInstanceOf(Unreachable)
  expect(counted).toEqual({ lost: 3, passed: 0 })
  await submitReport(reporters(world), trust, prepared)
})

test('a follow-up whose answer was lost is one follow-up', async () => {
  const { reporter } = await sendReport(world, '덧붙일 신고', ['ip-police'])
  const { url, counted } = await losing(world.reporterUrl, /^POST \/v1\/report\/messages /)
  const before = await count('messages')
  const sent = await sendFollowUp({ ...reporter, service: serviceAt(url) }, '한 번만 남아야 합니다.')
  expect([counted.lost, sent.index]).toEqual([1, 1])
  expect(await count('messages')).toBe(before + 1)
})

test('a withdrawal whose answer was lost is a withdrawal', async () => {
  const { reporter } = await sendReport(world, '철회할 신고', ['ip-police'])
  const { url, counted } = await losing(world.reporterUrl, /^DELETE \/v1\/report /)
  expect(await withdrawReport({ ...reporter, service: serviceAt(url) })).toBe('withdrawn')
  expect(counted.lost).toBe(1)
})

test('an acknowledgement and a reply whose answers were lost are one of each', async () => {
  const sent = await sendReport(world, '답변받을 신고', ['serious-crimes'])
  const { reporter } = sent
  const intake = await deviceIn(world, 'serious-crimes')
  const opened = await openById(intake, await caseOf(intake, sent))
  const [events, replies] = [await count('events'), await count('replies')]
  const toEvents = await losing(world.agencyUrl, /^POST \/v1\/cases\/[^ ]+\/events /)
  await acknowledge({ ...intake, service: serviceAt(toEvents.url) }, opened, { now: world.now() })
  const toReplies = await losing(world.agencyUrl, /^POST \/v1\/mailboxes\//)
  const overReplies = { ...intake, service: serviceAt(toReplies.url) }
  await sendReply(overReplies, opened, { text: '하나', number: 1 }, { now: world.now() })
  expect([toEvents.counted.lost, toReplies.counted.lost]).toEqual([1, 1])
  expect([await count('events'), await count('replies')]).toEqual([events + 1, replies + 1])
  const view = await readReplies(reporter, await readStatus(reporter))
  expect(view.replies.map(({ text }) => text)).toEqual(['하나'])
})
