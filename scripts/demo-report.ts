// The story of a report: written, sealed, opened by one agency and no other, answered.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  acknowledge,
  type Device,
  formatReceiptCode,
  type OpenedCase,
  openCase,
  parseReceiptCode,
  prepareReport,
  type Reporter,
  readCase,
  readCases,
  readReplies,
  readStatus,
  reporterOf,
  sendFollowUp,
  sendReply,
  submitReport,
} from '../src/client/index.ts'
import { recommendAgencies } from '../src/protocol/directory.ts'
import { beside, bytes, hexLines, line, quoted, step, textLines, unwrapped } from './demo-screen.ts'
import { answerTo, deviceFor, EXAMPLE, lang, nameOf, type Stage, waitForCase } from './demo-stage.ts'
import { readStored, type StoredReport } from './demo-store.ts'
import { SCRIPT } from './demo-words.ts'

const say = SCRIPT[lang]

export async function playReport(stage: Stage): Promise<void> {
  const { code, agency } = await report(stage)
  const device = await deviceFor(stage, agency)
  const id = await waitForCase(device)
  const opened = await showBothSides(stage, device, id)
  await askAsAnother(stage, agency, id)
  const reporter = reporterOf(stage.reporters, stage.trust, parseReceiptCode(code))
  await acknowledgement(device, opened, reporter)
  await exchange(device, id, reporter, { number: 1, title: say.firstReply, text: say.replyText })
  await followUp(device, id, reporter)
  await exchange(device, id, reporter, { number: 2, title: say.secondReply, text: say.secondReplyText })
  await step(10, say.end)
  for (const sentence of say.ending) line(sentence)
}

async function report({ reporters, trust }: Stage): Promise<{ code: string; agency: string }> {
  await step(2, say.write)
  const what = await readFile(EXAMPLE, 'utf8')
  for (const text of textLines(unwrapped(what), 76).slice(0, 6)) quoted(text)
  line(say.written(bytes(what), what.length))
  const answers = { kind: 'K01', field: 'F03' }
  const [agency = 'police', ...others] = recommendAgencies(trust.directory, answers, trust.today)
  line(
    say.chosen(
      nameOf(trust, agency),
      others.map(id => nameOf(trust, id)),
    ),
  )

  await step(3, say.seal)
  const content = { version: 1 as const, language: 'ko' as const, what, ...answers }
  const prepared = await prepareReport(trust, { content, agencies: [agency], urgent: true })
  line(say.sealed(prepared.submission.body.length, JSON.stringify(prepared.submission).length))
  const { receipt } = await submitReport(reporters, trust, prepared)
  const code = formatReceiptCode(prepared.code)
  line(say.submitted(receipt.day))
  line(say.code(code))
  return { code, agency }
}

async function showBothSides(stage: Stage, device: Device, id: string): Promise<OpenedCase> {
  const opened = await openCase(device, await readCase(device, id))
  await step(4, say.bothSides)
  const stored: StoredReport = await readStored(join(stage.folder, 'data'))
  const text = opened.answers?.what ?? ''
  beside(
    { title: say.serverStored, lines: hexLines(stored.body, 14) },
    {
      title: say.agencyRead(nameOf(stage.trust, device.agency.id)),
      lines: textLines(unwrapped(text), 60).slice(0, 14),
    },
  )
  line(say.storedSizes(stored.body.length, stored.wrappedKey.length, stored.digest))
  line(say.searched(stored.findsText(text.slice(0, 20))))
  return opened
}

async function askAsAnother(stage: Stage, agency: string, id: string): Promise<void> {
  await step(5, say.another)
  for (const other of stage.trust.directory.agencies.filter(entry => entry.id !== agency).slice(0, 2)) {
    const device = await deviceFor(stage, other.id)
    const list = await readCases(device)
    line(say.othersList(other.names[lang], list?.cases.length ?? 0))
    line(
      say.othersCase(await answerTo(readCase(device, id)), await answerTo(readCase(device, 'A'.repeat(22)))),
    )
  }
}

async function acknowledgement(device: Device, opened: OpenedCase, reporter: Reporter): Promise<void> {
  await step(6, say.acknowledge)
  const before = await readStatus(reporter)
  line(say.statusBefore(before.agencies.map(agency => agency.answer).join()))
  await acknowledge(device, opened, { now: Date.now() })
  const [agency] = (await readStatus(reporter)).agencies
  line(say.statusAfter(agency?.answer ?? '', agency?.events[0]?.deviceId ?? ''))
}

interface Reply {
  readonly number: number
  readonly title: string
  readonly text: string
}

async function exchange(device: Device, id: string, reporter: Reporter, reply: Reply): Promise<void> {
  await step(reply.number === 1 ? 7 : 9, reply.title)
  const opened = await openCase(device, await readCase(device, id))
  await sendReply(device, opened, reply, { now: Date.now() })
  line(say.replySent)
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  const found = replies.find(({ number }) => number === reply.number)
  if (!found) throw new Error('the reply did not arrive')
  line(say.replyRead(found.names[lang], found.verdict, found.followUps))
  for (const text of textLines(found.text, 76)) quoted(text)
}

async function followUp(device: Device, id: string, reporter: Reporter): Promise<void> {
  await step(8, say.followUp)
  const { index, agencies } = await sendFollowUp(reporter, say.followUpText)
  line(say.followUpSent(index, agencies.length))
  const opened = await openCase(device, await readCase(device, id))
  await acknowledge(device, opened, { now: Date.now() })
  line(say.followUpRead)
  for (const text of textLines(opened.followUps.at(-1)?.text ?? '', 76)) quoted(text)
}
