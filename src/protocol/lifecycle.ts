// The lifecycle of a case at an agency, as one table. Guards (lifecycle-guards.ts), the fold (lifecycle-state.ts),
// docs/lifecycle.md with its diagram, and the console's buttons follow from it; nothing else decides what may happen.
// Which clocks an action moves is for the directory's policies to say, kind by kind (clocks.ts, lifecycle-clocks.ts).
import type { DeviceRole } from './agency-documents.ts'
import type { Names } from './directory.ts'
import type { CaseObstacle } from './lifecycle-obstacles.ts'
import type { Standing, State } from './lifecycle-phases.ts'
import { CODES, type CodeSet } from './outcome-codes.ts'

export interface Transition {
  readonly from: readonly State[]
  /** The event's kind. */
  readonly action: string
  /** `as-proposed`: where the decision that is confirmed leads. */
  readonly to: State | 'same' | 'as-proposed'
  readonly by: readonly DeviceRole[]
  readonly label: Names
  /** How the device's agency must stand to the case: one of these. The holder where nothing is said. */
  readonly standing?: readonly Standing[]
  /** Only proposes; it happens when a second device confirms. */
  readonly twoPeople?: true
  /** Stays allowed to a device with a conflict of interest, and to one that was taken off the case. */
  readonly despiteConflict?: true
  /** Stays allowed while a decision waits for its second person. */
  readonly whilePending?: true
  /** Needs a code of this set. */
  readonly code?: CodeSet
  /** Names another agency, another device, or the follow-up that it rests on. */
  readonly names?: 'agency' | 'device' | 'message'
  readonly unless?: readonly CaseObstacle[]
  /** Says again what was said before: no clock hears it. */
  readonly again?: true
  /** The reporter is told. */
  readonly tells?: true
  /** Of its kind alone: what it says beside that is for its agency, and for the one that asked. */
  readonly saysInside?: true
}

// An auditor is nowhere among them: who watches does not act.
const SUPERVISOR = ['supervisor'] as const
const CASE_LEADS = ['investigator', 'supervisor'] as const
const HANDLERS = ['intake', 'investigator', 'supervisor'] as const
const OPENERS = ['intake', 'investigator', 'supervisor', 'machine'] as const

const UNOPENED = ['new', 'unopenable'] as const
const WORKING = ['assessing', 'addressing'] as const
const DECIDED = ['concluded', 'closed', 'out-of-scope', 'redirected'] as const
const ENDED = ['closed', 'out-of-scope', 'redirected'] as const
const OPENED = ['acknowledged', ...WORKING, ...DECIDED, 'objected'] as const
const EVERY = [...UNOPENED, ...OPENED] as const

const TEAMS = ['holder', 'joined'] as const
const READERS = ['holder', 'joined', 'taking-over'] as const
const INVOLVED = ['holder', 'joined', 'invited', 'proposed', 'taking-over'] as const
/** What leaves an answer of somebody else's in the air. */
const UNSETTLED = ['request-open', 'hand-over-open', 'invitation-open'] as const

// biome-ignore format: a table
export const TRANSITIONS = [
  // receive
  { from: UNOPENED, action: 'acknowledged', to: 'acknowledged', by: OPENERS, despiteConflict: true,
    label: { ko: '열람 확인', en: 'acknowledge' }, tells: true },
  { from: OPENED, action: 'acknowledged', to: 'same', by: OPENERS, standing: READERS, again: true,
    label: { ko: '열람 확인·열쇠 나누기', en: 'acknowledge, hand on keys' },
    despiteConflict: true, whilePending: true, tells: true },
  { from: UNOPENED, action: 'unopenable', to: 'unopenable', by: OPENERS, despiteConflict: true,
    label: { ko: '열지 못함', en: 'say that it does not open' }, tells: true },
  { from: OPENED, action: 'unopenable', to: 'same', by: OPENERS, standing: INVOLVED, again: true,
    label: { ko: '열지 못한 것이 있음', en: 'say that something does not open' },
    despiteConflict: true, whilePending: true, tells: true },

  // assess
  { from: ['acknowledged'], action: 'assessment-started', to: 'assessing', by: HANDLERS,
    label: { ko: '검토 시작', en: 'start to assess' } },
  { from: ['assessing'], action: 'assessment-extended', to: 'same', by: SUPERVISOR,
    label: { ko: '검토 기한 연장', en: 'take longer to assess' }, code: 'extension', tells: true },
  { from: ['assessing'], action: 'accepted', to: 'addressing', by: HANDLERS,
    label: { ko: '조사·조치 시작', en: 'take the case up' }, unless: ['request-open'], tells: true },
  { from: ['assessing'], action: 'out-of-scope', to: 'out-of-scope', by: HANDLERS, twoPeople: true,
    label: { ko: '대상 아님으로 끝내기', en: 'end as out of scope' }, code: 'out-of-scope', unless: UNSETTLED, tells: true },
  { from: ['assessing'], action: 'redirected', to: 'redirected', by: HANDLERS, twoPeople: true,
    label: { ko: '권한 있는 기관 안내', en: 'redirect to the agency with the power' },
    code: 'redirect', names: 'agency', unless: UNSETTLED, tells: true },
  { from: ['assessing'], action: 'confirmed', to: 'as-proposed', by: CASE_LEADS, whilePending: true,
    label: { ko: '결정에 동의', en: 'confirm the decision' }, unless: ['nothing-pending', 'own-proposal'], tells: true },
  { from: ['assessing'], action: 'declined', to: 'same', by: HANDLERS, whilePending: true,
    label: { ko: '결정안 거두기', en: 'drop the proposed decision' }, unless: ['nothing-pending'] },

  // assess and address
  { from: WORKING, action: 'information-requested', to: 'same', by: HANDLERS,
    label: { ko: '보완 요청', en: 'ask the reporter' }, unless: ['request-open', 'hand-over-open'], tells: true },
  { from: WORKING, action: 'information-received', to: 'same', by: HANDLERS,
    label: { ko: '보완 요청의 답 받음', en: 'take the answer' }, names: 'message', unless: ['no-request'], tells: true },
  { from: WORKING, action: 'information-lapsed', to: 'same', by: HANDLERS,
    label: { ko: '답 없이 진행', en: 'go on without an answer' }, unless: ['no-request'], tells: true },
  { from: WORKING, action: 'feedback-given', to: 'same', by: HANDLERS,
    label: { ko: '진행 상황 통지', en: 'say how it goes' }, tells: true },
  { from: WORKING, action: 'feedback-extended', to: 'same', by: SUPERVISOR,
    label: { ko: '통지 기한 연장', en: 'take longer to say how it goes' }, code: 'extension', tells: true },

  // a grievance petition has a period of its own, once an agency registers the report as one
  { from: ['acknowledged', ...WORKING], action: 'petition-registered', to: 'same', by: HANDLERS,
    label: { ko: '고충민원으로 등록', en: 'register as a grievance petition' }, unless: ['petition-open'], tells: true },
  { from: ['acknowledged', ...WORKING], action: 'petition-extended', to: 'same', by: SUPERVISOR,
    label: { ko: '민원 처리 기한 연장', en: 'take longer over the petition' }, code: 'extension', unless: ['no-petition'],
    tells: true },

  // who took a case over owes the agency that handed it over a result
  { from: ['addressing'], action: 'investigation-finished', to: 'same', by: CASE_LEADS,
    label: { ko: '이송받은 사건의 조사 종료', en: 'finish what was handed over' }, unless: ['no-referral'] },
  { from: ['addressing', 'concluded', 'closed'], action: 'result-returned', to: 'same', by: CASE_LEADS,
    label: { ko: '이송한 기관에 결과 통보', en: 'return the result to the agency that handed it over' },
    unless: ['no-result-due'] },

  // address
  { from: ['addressing'], action: 'outcome-reported', to: 'concluded', by: CASE_LEADS,
    label: { ko: '결과 통지', en: 'report the outcome' }, code: 'outcome', unless: UNSETTLED, tells: true },

  // conclude
  { from: ['concluded'], action: 'closed', to: 'closed', by: SUPERVISOR,
    label: { ko: '종결', en: 'close' }, unless: ['own-decision'], tells: true },
  { from: DECIDED, action: 'objected', to: 'objected', by: HANDLERS,
    label: { ko: '이의신청 접수', en: 'take an objection' }, names: 'message', unless: ['objected-before'], tells: true },
  { from: ['objected'], action: 'objection-rejected', to: 'closed', by: SUPERVISOR,
    label: { ko: '이의 기각·종결', en: 'reject the objection and close' }, code: 'rejection', unless: ['own-decision'],
    tells: true },
  { from: [...ENDED, 'objected'], action: 'reopened', to: 'assessing', by: SUPERVISOR,
    label: { ko: '다시 열기', en: 'reopen' }, code: 'reopening', unless: ['own-decision'], tells: true },

  // at any time
  { from: OPENED, action: 'noted', to: 'same', by: HANDLERS, standing: TEAMS, whilePending: true,
    label: { ko: '사건 메모', en: 'add a case note' } },
  { from: EVERY, action: 'conflict-declared', to: 'same', by: HANDLERS, standing: INVOLVED, whilePending: true,
    label: { ko: '이해충돌 신고', en: 'declare a conflict of interest' }, code: 'conflict' },
  { from: EVERY, action: 'conflict-cleared', to: 'same', by: SUPERVISOR, standing: INVOLVED, whilePending: true,
    label: { ko: '이해충돌 아님 결정', en: 'find that there is no conflict' }, names: 'device', unless: ['no-conflict'] },
  { from: EVERY, action: 'recused', to: 'same', by: SUPERVISOR, standing: INVOLVED, whilePending: true,
    label: { ko: '사건에서 배제', en: 'take a device off the case' }, code: 'conflict', names: 'device' },

  // hand-over
  { from: WORKING, action: 'hand-over-proposed', to: 'same', by: CASE_LEADS,
    label: { ko: '이송 제안', en: 'propose a hand-over' }, code: 'sharing', names: 'agency', unless: UNSETTLED,
    tells: true },
  { from: WORKING, action: 'hand-over-withdrawn', to: 'same', by: CASE_LEADS,
    label: { ko: '이송 제안 철회', en: 'withdraw the hand-over' }, unless: ['no-hand-over'], tells: true },
  { from: WORKING, action: 'hand-over-accepted', to: 'same', by: HANDLERS, standing: ['proposed'],
    label: { ko: '이송 수락', en: 'accept the hand-over' }, tells: true },
  { from: WORKING, action: 'hand-over-refused', to: 'same', by: HANDLERS, standing: ['proposed'],
    label: { ko: '이송 거절', en: 'refuse the hand-over' }, code: 'refusal', tells: true, saysInside: true },
  { from: WORKING, action: 'taken-over', to: 'assessing', by: HANDLERS, standing: ['taking-over'],
    label: { ko: '인수', en: 'take over' }, tells: true },

  // joint work
  { from: WORKING, action: 'agency-invited', to: 'same', by: CASE_LEADS,
    label: { ko: '공동 조사 제안', en: 'invite an agency' }, code: 'sharing', names: 'agency',
    unless: ['hand-over-open', 'invitation-open'], tells: true },
  { from: WORKING, action: 'invitation-accepted', to: 'same', by: HANDLERS, standing: ['invited'],
    label: { ko: '공동 조사 참여', en: 'join' }, tells: true },
  { from: WORKING, action: 'invitation-refused', to: 'same', by: HANDLERS, standing: ['invited'],
    label: { ko: '공동 조사 거절', en: 'refuse to join' }, code: 'refusal', tells: true, saysInside: true },
  { from: WORKING, action: 'invitation-withdrawn', to: 'same', by: CASE_LEADS,
    label: { ko: '공동 조사 제안 철회', en: 'withdraw the invitation' }, unless: ['no-invitation'], tells: true },
  { from: OPENED, action: 'joint-left', to: 'same', by: CASE_LEADS, standing: ['joined'], whilePending: true,
    label: { ko: '공동 조사에서 빠지기', en: 'leave joint work' }, tells: true },
  { from: OPENED, action: 'joint-ended', to: 'same', by: CASE_LEADS, whilePending: true,
    label: { ko: '기관의 공동 조사 참여 끝내기', en: 'end an agency’s joint work' }, names: 'agency',
    unless: ['nobody-joined'], tells: true },
] as const satisfies readonly Transition[]

/** Every kind of event that a case can have. */
export type Action = (typeof TRANSITIONS)[number]['action']

export const ACTIONS: readonly Action[] = [...new Set(TRANSITIONS.map(({ action }) => action))]

export interface Row extends Transition {
  readonly action: Action
}

const ROWS: readonly Row[] = TRANSITIONS

/** Every row of an action; there is at most one for each state. */
export function rowsOf(action: Action): readonly Row[] {
  return ROWS.filter(row => row.action === action)
}

export function rowIn(action: Action, state: State): Row | null {
  return rowsOf(action).find(({ from }) => from.includes(state)) ?? null
}

/** Open to a device that has no part in the case, too. */
export const isDespiteConflict = (action: string): boolean =>
  ROWS.some(row => row.action === action && row.despiteConflict)

/**
 * Whether the reporter can read what an event of this kind says beside it. A decision that waits for its second person is
 * told by the event that confirms it, and by none before.
 */
export function isTold(action: Action): boolean {
  return rowsOf(action).some(({ tells, twoPeople, saysInside }) => tells && !twoPeople && !saysInside)
}

/** Confirms what another device proposed, and says it to the reporter. */
export const confirmsDecision = (action: Action): boolean =>
  rowsOf(action).some(({ to }) => to === 'as-proposed')

/** In words; null for a code that this version does not know. A confirmation repeats that of what it confirms. */
export function codeWords(action: Action, code: string): Names | null {
  const rows = confirmsDecision(action) ? ROWS.filter(({ twoPeople }) => twoPeople) : rowsOf(action)
  const known = rows.flatMap(row => (row.code ? Object.entries<Names>(CODES[row.code]) : []))
  return known.find(([name]) => name === code)?.[1] ?? null
}
