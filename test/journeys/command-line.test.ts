// The whole story through the command, each step a process of its own.
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bongsu, collect, start } from '../cli/run.ts'
import { createWorld, type World } from '../support/world.ts'

const EXAMPLE = join(import.meta.dirname, '../../examples/battery-report.ko.md')

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let world: World
let folder: string

beforeAll(async () => {
  world = await createWorld()
  folder = await mkdtemp(join(tmpdir(), 'bongsu-journey-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await world.stop()
})

const pin = () => ['--deployment', Buffer.from(world.deploymentId).toString('base64url'), '--json']
const toReporters = () => ['--server', world.reporterUrl, ...pin()]
const toAgencies = (file: string) => ['--server', world.agencyUrl, '--key', file, ...pin()]

async function report(agency: string, ...more: string[]) {
  const { code, json } = await bongsu(['report', EXAMPLE, '--to', agency, ...toReporters(), ...more])
  expect(code).toBe(0)
  return json as { code: string; words?: string; digest: string }
}

/** Waits for the beat that lets the case appear. */
async function caseOf(key: string, digest: string): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { json } = await bongsu(['cases', ...toAgencies(key)])
    for (const entry of (json as { cases: { case: string }[] }).cases) {
      const seen = await bongsu(['open', entry.case, '--no-record', ...toAgencies(key)])
      if (seen.json.digest === digest) return entry.case
    }
  }
  throw new Error('no case appeared')
}

test('report, open, reply, follow-up, second reply', async () => {
  const intake = world.deviceKeyFile('nis')
  const receipt = join(folder, 'receipt.note')
  const sent = await report('nis', '--kind', 'K01', '--field', 'F03', '--receipt', receipt)
  expect(await readFile(receipt, 'utf8')).toMatch(/^bongsu\/v1\/receipt /)
  const id = await caseOf(intake, sent.digest)
  const opened = await bongsu(['open', id, ...toAgencies(intake)])
  expect(opened.json).toMatchObject({
    recorded: true,
    answers: { what: await readFile(EXAMPLE, 'utf8'), kind: 'K01', field: 'F03', language: 'ko' },
  })

  const byCode = (...args: string[]) => bongsu([...args, ...toReporters()], { input: sent.code })
  expect((await byCode('status')).json).toMatchObject({ agencies: [{ id: 'nis', answer: 'acknowledged' }] })

  const investigator = world.deviceKeyFile('nis', 'investigator')
  const reply = (text: string) => bongsu(['reply', id, '-', ...toAgencies(investigator)], { input: text })
  expect((await reply('첫 답변')).json).toMatchObject({ numbers: [1] })
  const codeFile = join(folder, 'code')
  await writeFile(codeFile, `${sent.code}\n`, { mode: 0o600 })
  const written = await bongsu(['write', '-', '--code-file', codeFile, ...toReporters()], {
    input: '덧붙입니다.',
  })
  expect(written.json).toMatchObject({ index: 1, agencies: ['nis'] })
  await bongsu(['open', id, ...toAgencies(intake)])
  expect((await reply('둘째 답변')).json).toMatchObject({ numbers: [2] })
  expect((await stat(`${investigator}.numbers.json`)).mode & 0o777).toBe(0o600)

  const { json } = await byCode('mailbox')
  const { replies } = json as { replies: { id: string; text: string; followUps: number[] }[] }
  expect(replies.map(({ text, followUps }) => [text, followUps])).toEqual([
    ['첫 답변', []],
    ['둘째 답변', [1]],
  ])
  expect((await byCode('mailbox', '--delete', replies[0]?.id ?? '')).code).toBe(0)
  expect((await byCode('mailbox')).json).toMatchObject({ replies: [{ text: '둘째 답변' }] })
})

test('twelve Korean words open what they were given for', async () => {
  const { words = '' } = await report('police', '--words', 'ko')
  expect(words.split(' ')).toHaveLength(12)
  expect(words).toMatch(/^[가-힣 ]+$/)
  for (const typed of [words, `  ${words.normalize('NFD').replaceAll(' ', ',\n')} `]) {
    const { code, json } = await bongsu(['status', ...toReporters()], { input: typed })
    expect([code, json.state]).toEqual([0, 'received'])
  }
  const swapped = words.split(' ').reverse().join(' ')
  expect((await bongsu(['status', ...toReporters()], { input: swapped })).code).not.toBe(0)
})

test('what a stranger wrote cannot act on an officer’s terminal', async () => {
  const key = world.deviceKeyFile('ip-police')
  const args = ['report', '-', '--to', 'ip-police', ...toReporters()]
  const { json } = await bongsu(args, {
    input: '보십시오\u001b]0;x\u0007\u001b[2J\u202etxt\nAcknowledged: no',
  })
  const id = await caseOf(key, String(json.digest))
  const shown = await bongsu(['open', id, '--server', world.agencyUrl, '--key', key])
  expect(shown.out).toContain('  │ 보십시오␛]0;x␇␛[2J‹U+202E›txt\n  │ Acknowledged: no\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
  expect(shown.out).not.toMatch(/[\u001b\u0007\u202e]/)
})

test('withdrawal needs a yes, and is final', async () => {
  const { code: receipt } = await report('serious-crimes')
  const asked = await bongsu(['withdraw', ...toReporters()], { input: receipt })
  expect(asked.code).toBe(2)
  const done = await bongsu(['withdraw', '--yes', ...toReporters()], { input: receipt })
  expect(done.json).toMatchObject({ outcome: 'withdrawn' })
  expect((await bongsu(['status', ...toReporters()], { input: receipt })).json).toMatchObject({
    state: 'withdrawn',
  })
})

test('an agency that asks for another’s case is told that there is nothing', async () => {
  const { digest } = await report('nis')
  const id = await caseOf(world.deviceKeyFile('nis'), digest)
  const elsewhere = await bongsu(['open', id, ...toAgencies(world.deviceKeyFile('sme-office'))])
  expect([elsewhere.code, elsewhere.json]).toMatchObject([1, { error: { kind: 'not-found' } }])
})

test('another deployment than the pinned one is refused with 4', async () => {
  const other = ['--deployment', Buffer.alloc(32, 1).toString('base64url')]
  const args = ['report', EXAMPLE, '--to', 'nis', '--server', world.reporterUrl, '--json', ...other]
  const { code, json } = await bongsu(args)
  expect([code, json]).toMatchObject([4, { error: { kind: 'unproven' } }])
})

test('a watch prints a line for each case and ends with 0 on Ctrl-C', async () => {
  const child = start(['cases', '--watch', ...toAgencies(world.deviceKeyFile('sme-office'))])
  const out = collect(child.stdout)
  const ended = new Promise(resolve => child.on('close', (code, signal) => resolve([code, signal])))
  await report('sme-office')
  for (let i = 0; i < 100 && !out().includes('\n'); i++)
    await new Promise(resolve => setTimeout(resolve, 100))
  const asked = Date.now()
  child.kill('SIGINT')
  expect(await ended).toEqual([0, null])
  expect(Date.now() - asked).toBeLessThan(2000)
  expect(JSON.parse(out())).toMatchObject({ agency: 'sme-office', state: 'new', followUps: 0 })
})

test('what a service publishes is verified and shown', async () => {
  const args = ['verify', '--server', world.agencyUrl, ...pin()]
  const { code, json } = await bongsu(args)
  expect(code).toBe(0)
  expect(json).toMatchObject({ pinned: true, stale: false, directory: { demonstration: true } })
})
