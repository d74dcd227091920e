// What the program says of cases at work, machines and epochs, in English. Korean has the same members.
import type { EpochStage, PickUpOutcome } from '../../client/index.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import type { ClockState } from '../../protocol/clock-state.ts'
import type { EscalationStep } from '../../protocol/clocks.ts'
import { OBSTACLES, type Obstacle } from '../../protocol/lifecycle-obstacles.ts'

interface Amount {
  readonly followUps: number
  readonly attached: number
  readonly kept: number
}

const count = (number: number, one: string, many = `${one}s`) => `${number} ${number === 1 ? one : many}`
const days = (number: number) => count(number, 'day')

const role: Readonly<Record<DeviceRole, string>> = {
  intake: 'intake',
  investigator: 'investigator',
  supervisor: 'supervisor',
  auditor: 'auditor',
  machine: 'machine',
}

const escalation: Readonly<Record<EscalationStep, string>> = {
  handler: 'goes to its team',
  supervisor: 'goes to a supervisor',
  auditor: 'goes to an auditor',
  'yearly-figure': 'is counted in the yearly figure',
}

const powers: Readonly<Record<string, string>> = {
  'criminal-investigation': 'investigates crimes',
  'administrative-investigation': 'inspects firms',
  'fact-finding': 'gathers facts, passes on to investigators',
  support: 'helps small firms',
}

function clock({ condition, daysLeft, stopped, due }: ClockState): string {
  if (stopped !== null) return condition === 'missed' ? `done late, on ${stopped}` : `done on ${stopped}`
  if (condition === 'paused') return 'paused: a request is open'
  if (!due.known) return 'not before that day; later holidays are not known'
  const left = daysLeft ?? 0
  if (left < 0) return `OVERDUE by ${days(-left)}`
  return left === 0 ? 'due today' : `${days(left)} left`
}

const offer = {
  willRead: 'This agency will be able to read the case, on its own devices:',
  powers: (list: string, territory: string) => `Powers: ${list}. Territory: ${territory}.`,
  all: ({ followUps, attached, kept }: Amount) =>
    `All of it: the report, ${count(followUps, 'follow-up')}, ${count(attached, 'attached file')}${
      kept > 0 ? ` (and the names of ${kept} that the reporter kept)` : ''
    }. Case notes stay here.`,
  reason: (code: string) => `Reason: ${code}.`,
  losing: 'Once it takes the case over, your agency can read nothing of it any more.',
  leading: 'Your agency goes on holding the case, and can end the joint work.',
  told: 'That agency and the reporter are told why; the reporter can object.',
  exclusionsUnknown:
    'This program cannot read the form’s answers: whether the reporter excluded this agency is not known.',
  excludedInWords: 'Whom the reporter wants kept away from it, in their own words:',
  ask: 'Sign the offer? [y/N]',
}

const outcome: Readonly<Record<PickUpOutcome, string>> = {
  'handed-on': 'acknowledged; its keys are handed on.',
  'nothing-new': 'nothing to record.',
  'not-ours': 'not here, or only offered.',
  'no-key': 'sealed to an epoch key that is not on this machine: a person has to look.',
  unopenable: 'does not open: a person has to look.',
  unproven: 'something does not hold: a person has to look.',
}

const stage: Readonly<Record<EpochStage, string>> = {
  ahead: 'ahead',
  sealing: 'in use',
  accepting: 'still accepted',
  kept: 'kept',
  over: 'over',
}

const hanging = (total: number, alone: number) =>
  alone === 0
    ? `${count(total, 'case')}, none of them hangs on it`
    : `${count(total, 'case')}, ${alone} ${alone === 1 ? 'opens' : 'open'} with it only`

const epochs = {
  none: 'There are no epoch seeds in this key file.',
  stage,
  accepted: (day: string) => `accepted until ${day}`,
  unpublished: 'not in the published statement',
  destroyable: 'may be destroyed',
  destroyableFrom: (day: string, left: number) => `may be destroyed from ${day}, in ${days(left)}`,
  cases: hanging,
  sealable: (day: string | null) =>
    day === null
      ? 'Nobody can seal to this agency: there is no epoch key for today. Make one: bongsu authority rotate-epochs'
      : `Reporters can seal to this agency until ${day}.`,
  askDestroy: 'Destroy these seeds for good? [y/N]',
  destroyed: (list: readonly string[]) =>
    list.length === 0 ? 'Nothing was destroyed.' : `Destroyed: the seeds from ${list.join(', ')}.`,
  stillHanging: (day: string, cases: number) =>
    `Kept: the seed from ${day}. ${count(cases, 'case')} would be lost with it. Hand ${cases === 1 ? 'it' : 'them'} on first:`,
  copies: 'Copies and backups of the key file still have them.',
}

const rotate = {
  published: (version: number, added: readonly string[]) =>
    `Published statement ${version}, with epoch keys from ${added.join(', ')} added.`,
  enough: (last: string | null) => `Enough is published: the last epoch key begins on ${last ?? '-'}.`,
  withoutSeed: (list: readonly string[]) =>
    `None of these files has the seeds of the published keys from ${list.join(', ')}.`,
}

export const englishWork = {
  role,
  escalation,
  powers,
  clock,
  offer,
  epochs,
  rotate,
  pickup: {
    outcome,
    unopened: (indexes: readonly number[]) =>
      `Follow-up ${indexes.join(', ')} does not open: a person has to look.`,
    done: (number: number) => `Handed on: ${count(number, 'case')}.`,
  },

  due: (day: string) => `due ${day}`,
  overdueSince: (day: string) => `OVERDUE since ${day}`,
  nothingDue: 'Nothing is due.',

  stateLine: (state: string, phase: string) => `It stands at: ${state} (phase: ${phase}).`,
  ownStanding: (standing: readonly string[]) =>
    standing.length === 0 ? 'Your agency has no part in it.' : `Your agency: ${standing.join('; ')}.`,
  asked: 'What your agency was asked, and why',
  partners: 'Other agencies',
  workOf: (name: string) => `in the work of ${name}`,
  clocks: 'Clocks',
  reportersDuty: 'the reporter’s',
  target: 'a target, not law',
  history: 'History',
  nothingYet: '  nothing yet',
  proposal: (label: string) => `proposed: ${label}`,
  pending: (label: string, code: string, by: readonly string[]) =>
    `Waits for a second person: ${label} · ${code} (proposed by ${by.join(', ')})`,
  conflicts: (by: readonly string[]) => `A conflict of interest was declared by ${by.join(', ')}.`,
  recused: (list: readonly string[]) => `Taken off the case: ${list.join(', ')}.`,
  followUp: (index: string) => `follow-up ${index}`,
  forged: 'DOES NOT VERIFY',
  unreadable: 'UNREADABLE',

  openNow: (asRole: string, device: string) => `Open to this device now (${asRole} ${device}):`,
  notNow: 'Not open to it:',
  needsSecond: 'a second person confirms',
  tellsReporter: 'tells the reporter',
  recorded: (label: string) => `Recorded: ${label}.`,
  nothingToRecord: 'There was nothing left to record.',
  waitsForSecond: 'It happens when a second person confirms.',
  reporterSees: 'The reporter sees it.',
  stateNow: (state: string) => `The case stands at: ${state}.`,
  gone: 'The case is not at your agency any more.',
  conflictDeclared:
    'Recorded: you have a part in this case. Nothing of it was decrypted, and this device does nothing more with it.',
  conflictKnown: 'That was recorded before.',

  onlyOffered:
    'Only offered to your agency so far: `bongsu act` accepts or refuses it. Nothing was recorded.',

  contradicted: (state: string): string =>
    state === 'left'
      ? 'The service says that this agency left the case; nothing that agencies signed shows it. Nothing is sent.'
      : 'The service says that this agency has the case; by what agencies signed, it gave it away. Nothing is sent.',
  anotherAgency: 'another agency',
  answerAsked: (until: string | null) =>
    `Answer with \`bongsu write\`${until === null ? '.' : ` by ${until}.`}`,
  howToObject: (agency: string, until: string | null) =>
    `If you disagree, object with \`bongsu write FILE --object ${agency}\`${until === null ? '' : ` by ${until}`}. About a decision, somebody who had no part in it looks again; an offer, the agency can take back.`,
  objection: (what: string, day: string) => `OBJECTION to: ${what}, ${day}`,
  objecting: (what: string, day: string) => `You object to this: ${what} (${day}).`,
  objectionElsewhere: 'OBJECTION to what another agency did, not this one',
  objectionAnswer: (label: string, command: string) => `  ${label}: \`${command}\``,
}

export const ENGLISH_WORK_FAILURES: Readonly<Record<string, (detail: string) => string>> = {
  'not-allowed': obstacle => `That is not open now. ${OBSTACLES[obstacle as Obstacle]?.en ?? obstacle}`,
  'keys-missing': missing =>
    `A case is offered as a whole, and these follow-ups do not open on this device (behind each: devices that have its key): ${missing}. A colleague whose device opens them runs \`bongsu act CASE acknowledged\`, then try again.`,
  excluded: agency => `The reporter wrote that ${agency} must not get this report. Nothing was sent.`,
}
