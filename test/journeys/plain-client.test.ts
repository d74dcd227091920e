// examples/plain-client.mjs, with what is beside it, was written from docs/protocol.md alone: here it meets the SDK, on either side.
// What it refuses of a service that lies is in plain-refusals.test.ts.
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  parseReceiptCode,
  readReplies,
  readStatus,
  reporterOf,
  sendFollowUp,
  sendReply,
} from '../../src/client/index.ts'
import { examples, plain } from '../support/plain.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'
import { deviceIn, openById, reporters, sendReport, trustIn } from './people.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })
const deployment = () => Buffer.from(world.deploymentId).toString('base64url')
const asReporter = () => plain.connect(world.reporterUrl, deployment())
const asAgency = () => plain.connect(world.agencyUrl, deployment())
const keyFile = async (agency: AgencyId) => JSON.parse(await readFile(world.deviceKeyFile(agency), 'utf8'))
const content = (what: string) => ({ version: 1, language: 'ko', what })

/** The only case of an agency that no other test writes to; it appears with the service's beat. */
async function onlyCase(agency: AgencyId): Promise<string> {
  const [service, device] = [await asAgency(), await keyFile(agency)]
  await expect.poll(() => plain.cases(service, device), { timeout: 30_000 }).toHaveLength(1)
  const [{ case: id }] = await plain.cases(service, device)
  return id
}

test('what the plain client reports, the SDK opens and answers, and the answers are read', async () => {
  const service = await asReporter()
  const code = plain.newCode()
  const receipt = await plain.report(service, code, content('도면이 나갔습니다.'), ['nis'])
  expect(await plain.status(service, code)).toMatchObject({
    state: 'received',
    receipt,
    agencies: [{ events: [] }],
  })
  expect(await plain.mailbox(service, code)).toEqual([])

  const intake = await deviceIn(world, 'nis')
  const opened = await openById(intake, await onlyCase('nis'))
  expect(opened.answers?.what).toBe('도면이 나갔습니다.')
  await acknowledge(intake, opened, now())
  for (let number = 1; number <= 5; number++)
    await sendReply(intake, opened, { text: `답변 ${number}`, number }, now())

  const { agencies } = await plain.status(service, code)
  expect(agencies).toMatchObject([{ agency: 'nis', events: [{ kind: 'acknowledged' }] }])
  const replies: { number: number; text: string }[] = await plain.mailbox(service, code)
  expect(replies.map(({ number, text }) => `${number} ${text}`).sort()).toEqual(
    [1, 2, 3, 4, 5].map(number => `${number} 답변 ${number}`),
  )
})

test('what the SDK reports, the plain client opens and answers, and the SDK finds it genuine', async () => {
  const { reporter, prepared } = await sendReport(world, '설비가 팔렸습니다.', ['police'])
  const [service, device, id] = [await asAgency(), await keyFile('police'), await onlyCase('police')]
  expect(await plain.open(service, device, id)).toEqual({
    content: content('설비가 팔렸습니다.'),
    digest: Buffer.from(prepared.digest),
  })
  const opened = await plain.openCase(service, device, id)
  expect(opened.contents).toEqual([content('설비가 팔렸습니다.')])
  expect(opened.digests[0]).toEqual(Buffer.from(prepared.digest))
  await plain.acknowledge(service, device, opened)
  expect((await readStatus(reporter)).agencies).toMatchObject([{ answer: 'acknowledged', chain: 'sound' }])

  await sendFollowUp(reporter, '덧붙입니다.')
  const again = await plain.openCase(service, device, id)
  expect(again.contents).toMatchObject([{}, { version: 1, text: '덧붙입니다.' }])
  await plain.reply(service, device, again, 1, '잘 받았습니다.')
  expect(await readReplies(reporter, await readStatus(reporter))).toMatchObject({
    replies: [{ agencyId: 'police', text: '잘 받았습니다.', number: 1, verdict: 'genuine', followUps: [1] }],
    missing: [],
    unreadable: [],
  })
})

test('what an agency without the report writes to its mailbox is not shown as an answer', async () => {
  const code = plain.newCode()
  await plain.report(await asReporter(), code, content('한 곳에만 보냅니다.'), ['sme-office'])
  const [service, device] = [await asAgency(), await keyFile('sme-office')]
  const opened = await plain.openCase(service, device, await onlyCase('sme-office'))
  const stranger = await keyFile('ip-police')
  await plain.reply(service, stranger, opened, 1, '저희에게 말씀하세요.')
  await plain.reply(service, { ...stranger, agency: 'sme-office' }, opened, 1, '접수했습니다.')
  const unproved = { genuine: false }
  expect(await plain.mailbox(await asReporter(), code)).toEqual([unproved, unproved])
})

test('a code that one of them wrote down opens the same report in the other', async () => {
  const service = await asReporter()
  const { code } = await sendReport(world, '같은 접수 번호입니다.', ['ip-police'])
  expect(plain.formatCode(plain.parseCode(code))).toBe(code)
  expect(await plain.status(service, plain.parseCode(code.toLowerCase()))).toMatchObject({
    state: 'received',
  })

  const own = plain.newCode()
  await plain.report(service, own, content('또 하나입니다.'), ['ip-police', 'nis'])
  const sdk = reporters(world)
  const reporter = reporterOf(sdk, await trustIn(world, sdk), parseReceiptCode(plain.formatCode(own)))
  expect((await readStatus(reporter)).agencies).toHaveLength(2)
})

test('the plain client plays both sides from a command line, without a secret in its arguments', async () => {
  const run = async (url: string, args: string[], input = '') => {
    const child = promisify(execFile)(process.execPath, [
      join(examples, 'plain-command.mjs'),
      ...args,
      '--server',
      url,
      '--deployment',
      deployment(),
    ])
    child.child.stdin?.end(input)
    return (await child).stdout
  }
  const sent = await run(world.reporterUrl, ['report', '--agency', 'serious-crimes'], '명령줄에서 씁니다.')
  const code = sent.split('\n')[0] ?? ''
  const id = await onlyCase('serious-crimes')
  const device = ['--device', world.deviceKeyFile('serious-crimes'), '--case', id]
  expect(await run(world.agencyUrl, ['open', ...device])).toContain('명령줄에서 씁니다.')
  await run(world.agencyUrl, ['acknowledge', ...device])
  await run(world.agencyUrl, ['reply', ...device, '--number', '1'], '명령줄로 답합니다.')
  expect(await run(world.reporterUrl, ['status'], code)).toContain('"kind": "acknowledged"')
  expect(await run(world.reporterUrl, ['mailbox'], code)).toContain('명령줄로 답합니다.')
})

test('the plain client refuses another deployment and a code with a slip of the pen', async () => {
  const service = await asReporter()
  await expect(plain.connect(world.reporterUrl, 'A'.repeat(43))).rejects.toThrow('wrong-deployment')
  const code = plain.formatCode(plain.newCode())
  expect(() => plain.parseCode(code.replace(/.$/, (last: string) => (last === '7' ? '8' : '7')))).toThrow(
    'bad-receipt-code',
  )
  await expect(plain.status(service, plain.newCode())).rejects.toThrow('404 /problems/not-found')
})
