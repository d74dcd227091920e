// The story of a case that changes hands: an office without the power, the police, the intelligence service beside them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { clockLines } from '../src/cli/casework/clocks.ts'
import { historyLines } from '../src/cli/casework/history.ts'
import { codeLabel } from '../src/cli/casework/names.ts'
import { offerLines } from '../src/cli/casework/offer.ts'
import { agencyLines, movedLines } from '../src/cli/casework/told.ts'
import { failureOf } from '../src/cli/exit.ts'
import { createOutput } from '../src/cli/output.ts'
import {
  type Act,
  acknowledge,
  act as actOn,
  actorOf,
  caseStateOf,
  clocksOf,
  type Device,
  formatReceiptCode,
  NotAllowed,
  NotOpened,
  type OpenedCase,
  openCase,
  parseReceiptCode,
  prepareReport,
  type Reporter,
  type ReportStatus,
  readCase,
  readCases,
  readReplies,
  readStatus,
  reporterOf,
  sendFollowUp,
  sendReply,
  submitReport,
} from '../src/client/index.ts'
import { equalBytes, toHex } from '../src/protocol/encoding.ts'
import { OBSTACLES } from '../src/protocol/lifecycle-obstacles.ts'
import { PHASES, STATES } from '../src/protocol/lifecycle-phases.ts'
import { HANDOVER } from './demo-handover-words.ts'
import { beside, hexLines, line, quoted, step, textLines } from './demo-screen.ts'
import { answerTo, deviceFor, EXAMPLE, lang, nameOf, type Stage, waitForCase } from './demo-stage.ts'
import { readStoredEvent } from './demo-store.ts'

const say = HANDOVER[lang]
const output = createOutput({ json: false, lang })
const now = () => ({ now: Date.now() })

const [OFFICE, POLICE, SERVICE, NOBODY] = ['sme-office', 'police', 'nis', 'ip-police'] as const

export async function playHandover(stage: Stage): Promise<void> {
  const reporter = await report(stage)
  const id = await intake(stage)
  await offer(stage, id)
  await look(stage, reporter, say.reporterSees, 5)
  const taken = await takeOver(stage, id, await readStatus(reporter))
  await workJointly(stage, taken)
  await addMore(stage, reporter, taken)
  await answerReporter(stage, reporter, taken)
  await conclude(stage, taken)
  await look(stage, reporter, say.last, 11)
  line(say.noteHidden)
  await step(12, say.end)
  for (const sentence of say.ending) line(sentence)
}

const opened = async (device: Device, id: string): Promise<OpenedCase> =>
  openCase(device, await readCase(device, id))

async function act(device: Device, id: string, wanted: Act): Promise<OpenedCase> {
  const after = await actOn(device, await opened(device, id), wanted, now())
  if (!after) throw new Error('the case is gone')
  return after
}

const shortId = (device: Device) => actorOf(device).device.slice(0, 8)

async function report({ reporters, trust }: Stage): Promise<Reporter> {
  await step(2, say.write)
  const what = await readFile(EXAMPLE, 'utf8')
  for (const text of textLines(what, 76).slice(0, 3)) quoted(text)
  const content = { version: 1 as const, language: 'ko' as const, what, kind: 'K01', field: 'F03' }
  const prepared = await prepareReport(trust, { content, agencies: [OFFICE] })
  await submitReport(reporters, trust, prepared)
  const code = formatReceiptCode(prepared.code)
  line(say.sent(nameOf(trust, OFFICE), code))
  return reporterOf(reporters, trust, parseReceiptCode(code))
}

async function intake(stage: Stage): Promise<string> {
  const device = await deviceFor(stage, OFFICE)
  const id = await waitForCase(device)
  await step(3, say.intake)
  await acknowledge(device, await opened(device, id), now())
  line(say.intakeDone(shortId(device)))
  const assessed = await act(device, id, { action: 'assessment-started' })
  const { state } = caseStateOf(device, assessed)
  line(say.state(STATES[state][lang], PHASES[STATES[state].phase][lang]))
  line(say.due)
  for (const text of clockLines(clocksOf(device, assessed), output)) line(text)
  return id
}

async function offer(stage: Stage, id: string): Promise<void> {
  await step(4, say.offer)
  const device = await deviceFor(stage, OFFICE, 'investigator')
  const code = 'power-needed'
  line(say.offerSeen)
  const offered = { action: 'hand-over-proposed', agencyId: POLICE, code } as const
  for (const text of offerLines(device, await opened(device, id), offered, output)) line(`  ${text}`)
  await act(device, id, { action: 'hand-over-proposed', subject: POLICE, code, text: say.why })
  line(say.offered)
  const stored = await readStoredEvent(join(stage.folder, 'data'))
  const names = [
    say.storedKind(stored.kind),
    say.storedDay(stored.day),
    say.storedSubject(stored.subject),
    say.storedKeys(stored.keys),
    say.storedSaid,
  ]
  beside(
    { title: say.serverSees, lines: [...names, ...hexLines(stored.particulars, 4)] },
    {
      title: say.othersRead,
      lines: [codeLabel('hand-over-proposed', code, lang), '', ...textLines(say.why, 56)],
    },
  )
}

async function look({ trust }: Stage, reporter: Reporter, title: string, number: number): Promise<void> {
  await step(number, title)
  const status = await readStatus(reporter)
  for (const text of movedLines(trust, status, output)) line(text)
  for (const agency of status.agencies) {
    for (const text of agencyLines(trust, status, agency, output)) line(text)
  }
}

async function takeOver(stage: Stage, id: string, proven: ReportStatus): Promise<string> {
  await step(6, say.answer)
  const device = await deviceFor(stage, POLICE)
  const theirs = await waitForCase(device)
  const { digest, followUps } = await opened(device, theirs)
  if (!equalBytes(digest, proven.digest)) throw new Error('another report')
  line(say.checked(toHex(digest).slice(0, 16), followUps.length))
  await act(device, theirs, { action: 'hand-over-accepted' })
  await act(device, theirs, { action: 'taken-over' })
  // The investigators get their keys.
  await acknowledge(device, await opened(device, theirs), now())
  line(say.takenOver)
  line(say.oldAnswer(await refusalOf(opened(await deviceFor(stage, OFFICE), id))))
  return theirs
}

/** As the command would say it. */
const refusalOf = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => '200',
    (error: unknown) =>
      error instanceof NotOpened ? output.words.failure(failureOf(error)) : answerTo(Promise.reject(error)),
  )

async function workJointly(stage: Stage, id: string): Promise<void> {
  await step(7, say.joint)
  const supervisor = await deviceFor(stage, POLICE, 'supervisor')
  await act(supervisor, id, { action: 'agency-invited', subject: SERVICE, code: 'legal-duty' })
  const device = await deviceFor(stage, SERVICE)
  const joint = await waitForCase(device)
  await act(device, joint, { action: 'invitation-accepted' })
  line(say.joined(nameOf(stage.trust, SERVICE)))
  const uninvolved = await readCases(await deviceFor(stage, NOBODY))
  line(say.uninvolved(nameOf(stage.trust, NOBODY), uninvolved?.cases.length ?? 0))
}

async function addMore(stage: Stage, reporter: Reporter, id: string): Promise<void> {
  await step(8, say.followUpTitle)
  for (const text of textLines(say.followUp, 76)) quoted(text)
  const { agencies } = await sendFollowUp(reporter, say.followUp)
  line(say.followUpSent(agencies.map(agency => nameOf(stage.trust, agency))))
  const [police, service] = [await deviceFor(stage, POLICE), await deviceFor(stage, SERVICE)]
  for (const [device, own] of [
    [police, id],
    [service, await waitForCase(service)],
  ] as const) {
    const read = await opened(device, own)
    await acknowledge(device, read, now())
    if (read.followUps.at(-1)?.text === say.followUp)
      line(say.followUpRead(nameOf(stage.trust, device.agency.id)))
  }
}

async function answerReporter(stage: Stage, reporter: Reporter, id: string): Promise<void> {
  await step(9, say.replyTitle)
  const device = await deviceFor(stage, POLICE, 'investigator')
  await sendReply(device, await opened(device, id), { number: 1, text: say.reply }, now())
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  for (const reply of replies) {
    line(say.replyRead(reply.names[lang], reply.verdict))
    for (const text of textLines(reply.text, 76)) quoted(text)
  }
  await act(device, id, { action: 'noted', text: say.note })
  line(say.noted)
  quoted(say.note)
}

async function conclude(stage: Stage, id: string): Promise<void> {
  await step(10, say.conclude)
  const investigator = await deviceFor(stage, POLICE, 'investigator')
  await act(investigator, id, { action: 'accepted' })
  await act(investigator, id, { action: 'outcome-reported', code: 'prosecution', text: say.outcome })
  await act(investigator, id, { action: 'closed' }).catch((error: unknown) => {
    if (!(error instanceof NotAllowed)) throw error
    line(say.tries(OBSTACLES[error.obstacle][lang]))
  })
  const supervisor = await deviceFor(stage, POLICE, 'supervisor')
  const closed = await act(supervisor, id, { action: 'closed' })
  line(say.closed(shortId(supervisor)))
  line(say.history)
  for (const text of historyLines(supervisor, closed, output)) line(text)
}
