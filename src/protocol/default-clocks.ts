// The clocks of the demonstration. A deployment of its own writes what its lawyers say into its directory.
import type { ClockPolicy } from './clocks.ts'

/** What ends a request for information. */
const ANSWERED = ['information-received', 'information-lapsed'] as const

const NO_CHANGE = { extension: null, pause: null } as const

/** A period of law that is missed goes up, and in the end into the yearly figure. */
const LAW = {
  force: 'law',
  duty: 'agency',
  escalation: [
    { after: 0, to: 'handler' },
    { after: 0, to: 'supervisor' },
    { after: 7, to: 'auditor' },
    { after: 30, to: 'yearly-figure' },
  ],
} as const

const TARGET = {
  force: 'target',
  duty: 'agency',
  escalation: [
    { after: 0, to: 'handler' },
    { after: 3, to: 'supervisor' },
  ],
} as const

/** What a reporter lets pass has no consequence here: whether to close is for an agency to decide and to answer for. */
const REPORTERS = { duty: 'reporter', escalation: [] } as const

const EU: readonly ClockPolicy[] = [
  {
    ...LAW,
    ...NO_CHANGE,
    id: 'eu-acknowledgement',
    names: { ko: '열람 확인 (7일)', en: 'Acknowledgement (7 days)' },
    basis: 'Directive (EU) 2019/1937 art. 11(2)(b)',
    starts: ['received'],
    stops: ['acknowledged', 'unopenable'],
    period: { length: 7, unit: 'days', rule: 'calendar' },
  },
  {
    // The directive counts from the acknowledgement in art. 9(1)(f) and leaves it open in art. 11(2)(d). Counted from
    // receipt it is never late, and needs no second start where nobody acknowledges.
    ...LAW,
    id: 'eu-feedback',
    names: { ko: '진행 상황 통지 (3개월)', en: 'Feedback (3 months)' },
    basis: 'Directive (EU) 2019/1937 art. 11(2)(d)',
    starts: ['received'],
    stops: ['feedback-given', 'outcome-reported', 'out-of-scope', 'redirected'],
    period: { length: 3, unit: 'months', rule: 'calendar' },
    extension: { on: 'feedback-extended', length: 3, times: 1 },
    pause: null,
  },
]

const KOREAN_LAW: readonly ClockPolicy[] = [
  {
    // Art. 8(2) gives the 30 days for supplements: an open request does not pause the clock on top of that.
    ...LAW,
    id: 'kr-assessment',
    names: { ko: '확인 후 이첩·송부·종결 (60일)', en: 'Checked, then referred or closed (60 days)' },
    basis: '공익신고자 보호법 시행령 제8조제1항·제2항',
    starts: ['received'],
    stops: ['accepted', 'hand-over-accepted', 'redirected', 'out-of-scope'],
    period: { length: 60, unit: 'days', rule: 'kr-civil' },
    extension: { on: 'assessment-extended', length: 30, times: 1 },
    pause: null,
  },
  {
    // For an agency that handles a report as a grievance petition (고충민원).
    ...LAW,
    id: 'kr-petition',
    names: { ko: '고충민원 처리 (7일)', en: 'Grievance petition (7 days)' },
    basis: '민원 처리에 관한 법률 제19조제2항, 같은 법 시행령 제17조·제20조·제21조',
    starts: ['petition-registered'],
    stops: ['outcome-reported', 'out-of-scope', 'redirected'],
    period: { length: 7, unit: 'days', rule: 'kr-petition' },
    extension: { on: 'petition-extended', length: 7, times: 1 },
    pause: { from: 'information-requested', until: ANSWERED, days: 30, times: 2 },
  },
  {
    ...LAW,
    ...NO_CHANGE,
    id: 'kr-referral-result',
    names: { ko: '이첩 결과 통보 (10일)', en: 'Result of a referral (10 days)' },
    basis: '공익신고자 보호법 시행령 제11조제2항',
    starts: ['investigation-finished'],
    stops: ['result-returned'],
    period: { length: 10, unit: 'days', rule: 'kr-civil' },
  },
  {
    // The service does not know when a reporter reads. The reporter's own device does, and can ask this clock.
    ...REPORTERS,
    ...NO_CHANGE,
    force: 'law',
    id: 'kr-objection',
    names: { ko: '이의신청 (7일)', en: 'Objection (7 days)' },
    basis: '공익신고자 보호법 시행령 제11조의3제1항',
    starts: ['outcome-read'],
    stops: ['objected'],
    period: { length: 7, unit: 'days', rule: 'kr-civil' },
  },
  {
    ...LAW,
    ...NO_CHANGE,
    id: 'kr-objection-answer',
    names: { ko: '이의신청 처리 결과 통지 (60일)', en: 'Answer to an objection (60 days)' },
    basis: '공익신고자 보호법 시행령 제11조의3제3항',
    starts: ['objected'],
    stops: ['objection-rejected', 'reopened'],
    period: { length: 60, unit: 'days', rule: 'kr-civil' },
  },
]

const TARGETS: readonly ClockPolicy[] = [
  {
    ...TARGET,
    ...NO_CHANGE,
    id: 'assessment-start',
    names: { ko: '검토 시작 (3근무일)', en: 'Assessment begins (3 working days)' },
    basis: '자체 목표',
    starts: ['acknowledged'],
    stops: ['assessment-started'],
    period: { length: 3, unit: 'days', rule: 'kr-working' },
  },
  {
    // Two of them unanswered, 60 days together, before anybody may close for want of an answer.
    ...REPORTERS,
    ...NO_CHANGE,
    force: 'target',
    id: 'supplement',
    names: { ko: '보완 요청에 대한 답 (30일)', en: 'Answer to a request for information (30 days)' },
    basis: '자체 목표; 공익신고자 보호법 제10조제2항',
    starts: ['information-requested'],
    stops: ANSWERED,
    period: { length: 30, unit: 'days', rule: 'kr-civil' },
  },
  {
    // Longer than the 7 days of law, since an outcome may wait in the mailbox unread.
    ...REPORTERS,
    ...NO_CHANGE,
    force: 'target',
    id: 'objection-window',
    names: { ko: '이의신청을 받는 기간 (30일)', en: 'Objections are taken (30 days)' },
    basis: '자체 목표',
    starts: ['outcome-reported', 'out-of-scope', 'redirected'],
    stops: ['objected'],
    period: { length: 30, unit: 'days', rule: 'kr-civil' },
  },
]

export const DEFAULT_CLOCKS: readonly ClockPolicy[] = [...EU, ...KOREAN_LAW, ...TARGETS]
