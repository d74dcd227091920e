// The lifecycle in words to a reporter; agencies' own words are in the table (lifecycle.ts).
import type { Names } from './directory.ts'
import type { Action } from './lifecycle.ts'
import type { Standing } from './lifecycle-phases.ts'

/** What an agency has done. That it opened the report, or could not, is said elsewhere. */
export const TOLD: Readonly<Partial<Record<Action, Names>>> = {
  'assessment-extended': { ko: '검토 기한을 늘렸습니다', en: 'takes longer to assess' },
  accepted: { ko: '조사·조치를 시작했습니다', en: 'takes the case up' },
  'out-of-scope': { ko: '대상이 아니라고 보아 끝냈습니다', en: 'ended the case as out of its scope' },
  redirected: { ko: '다른 기관에 권한이 있다고 알립니다', en: 'says that another agency has the power' },
  'information-requested': { ko: '보완을 요청합니다', en: 'asks you for information' },
  'information-received': { ko: '보완 요청의 답을 받았습니다', en: 'took your answer' },
  'information-lapsed': { ko: '답 없이 진행합니다', en: 'goes on without an answer' },
  'feedback-given': { ko: '진행 상황을 알립니다', en: 'says how it goes' },
  'feedback-extended': { ko: '진행 상황을 알릴 기한을 늘렸습니다', en: 'takes longer to say how it goes' },
  'petition-registered': { ko: '고충민원으로 등록했습니다', en: 'registered it as a grievance petition' },
  'petition-extended': { ko: '민원 처리 기한을 늘렸습니다', en: 'takes longer over the petition' },
  'outcome-reported': { ko: '결과를 알립니다', en: 'reports the outcome' },
  closed: { ko: '사건을 종결했습니다', en: 'closed the case' },
  objected: { ko: '이의신청을 접수했습니다', en: 'took your objection' },
  'objection-rejected': {
    ko: '이의를 기각하고 종결했습니다',
    en: 'rejected your objection and closed the case',
  },
  reopened: { ko: '사건을 다시 열었습니다', en: 'opened the case again' },
  'hand-over-proposed': { ko: '사건의 이송을 제안했습니다', en: 'proposed to hand the case over' },
  'hand-over-withdrawn': { ko: '이송 제안을 철회했습니다', en: 'took the proposed hand-over back' },
  'hand-over-accepted': { ko: '이송을 수락했습니다', en: 'accepted the hand-over' },
  'hand-over-refused': { ko: '이송을 거절했습니다', en: 'refused the hand-over' },
  'taken-over': { ko: '사건을 인수했습니다', en: 'took the case over' },
  'agency-invited': { ko: '공동 조사를 제안했습니다', en: 'invited an agency to work on it jointly' },
  'invitation-accepted': { ko: '공동 조사에 참여합니다', en: 'joined the work' },
  'invitation-refused': { ko: '공동 조사를 거절했습니다', en: 'refused to join' },
  'invitation-withdrawn': { ko: '공동 조사 제안을 철회했습니다', en: 'took the invitation back' },
  'joint-left': { ko: '공동 조사에서 빠졌습니다', en: 'left the joint work' },
  'joint-ended': { ko: '기관의 공동 조사 참여를 끝냈습니다', en: 'ended an agency’s joint work' },
}

/** How an agency stands to a report. `here`, `left`: it can read it, or no longer, and nothing more is known. */
export type ReportersStanding =
  | Standing
  | 'here'
  | 'handed-over'
  | 'refused'
  | 'offer-withdrawn'
  | 'joint-left'
  | 'joint-ended'
  | 'left'
  | 'withdrawn'

interface Sentence {
  /** The other agency of it. */
  readonly name: string
  readonly day: string
}

interface StandingWords {
  readonly title: string
  readonly text: (of: Sentence) => string
}

type AllStandings = Readonly<Record<ReportersStanding, StandingWords>>

const READS_ALREADY = 'It can read your report already.'
const READS_NO_LONGER =
  'This service gives it nothing of the case any more; what it has read, nobody can make it forget.'
const ALREADY_READS = '이 기관은 신고를 이미 읽을 수 있습니다.'
const NO_LONGER_READS =
  '이제 이 서비스에서는 아무것도 읽을 수 없습니다. 이미 읽은 것까지 잊게 할 수는 없습니다.'

const ENGLISH: AllStandings = {
  here: { title: 'Can read it', text: () => 'It can read your report.' },
  holder: {
    title: 'Has the case now',
    text: ({ name, day }) => `It took the case over from ${name} on ${day}.`,
  },
  proposed: {
    title: 'Asked to take over',
    text: ({ name, day }) =>
      `${name} asked it on ${day} to take the case over. It has not answered. ${READS_ALREADY}`,
  },
  'taking-over': {
    title: 'About to take over',
    text: ({ name, day }) => `On ${day} it agreed to take the case over from ${name}. ${READS_ALREADY}`,
  },
  invited: {
    title: 'Asked to work on it too',
    text: ({ name, day }) =>
      `${name} asked it on ${day} to work on the case too. It has not answered. ${READS_ALREADY}`,
  },
  joined: {
    title: 'Works on it too',
    text: ({ name, day }) => `It works on the case together with ${name}, since ${day}, and reads it.`,
  },
  'handed-over': {
    title: 'No longer has it',
    text: ({ name, day }) => `On ${day} the case went over to ${name}. ${READS_NO_LONGER}`,
  },
  refused: {
    title: 'Did not take it',
    text: ({ name, day }) => `${name} asked it, and it refused on ${day}. ${READS_NO_LONGER}`,
  },
  'offer-withdrawn': {
    title: 'No longer asked',
    text: ({ name, day }) => `${name} had asked it, and took that back on ${day}. ${READS_NO_LONGER}`,
  },
  'joint-left': {
    title: 'No longer works on it',
    text: ({ day }) => `It left the joint work on ${day}. ${READS_NO_LONGER}`,
  },
  'joint-ended': {
    title: 'No longer works on it',
    text: ({ name, day }) => `${name} ended the joint work with it on ${day}. ${READS_NO_LONGER}`,
  },
  left: { title: 'No longer has it', text: () => READS_NO_LONGER },
  withdrawn: {
    title: 'Withdrawn',
    text: () => 'This agency’s key to your report was destroyed. It can no longer open it.',
  },
}

const KOREAN: AllStandings = {
  here: { title: '읽을 수 있음', text: () => '신고를 읽을 수 있습니다.' },
  holder: {
    title: '지금 담당',
    text: ({ name, day }) => `${day}에 ${name}에서 사건을 넘겨받았습니다.`,
  },
  proposed: {
    title: '이송 제안을 받음',
    text: ({ name, day }) =>
      `${day}에 ${name}에서 사건을 맡아 달라고 했습니다. 아직 답하지 않았습니다. ${ALREADY_READS}`,
  },
  'taking-over': {
    title: '곧 넘겨받음',
    text: ({ name, day }) => `${day}에 ${name}의 사건을 맡기로 했습니다. ${ALREADY_READS}`,
  },
  invited: {
    title: '공동 조사 제안을 받음',
    text: ({ name, day }) =>
      `${day}에 ${name}에서 함께 조사하자고 했습니다. 아직 답하지 않았습니다. ${ALREADY_READS}`,
  },
  joined: {
    title: '함께 조사함',
    text: ({ name, day }) => `${day}부터 ${name}의 조사에 함께하며 신고를 읽습니다.`,
  },
  'handed-over': {
    title: '더는 담당하지 않음',
    text: ({ name, day }) => `${day}에 사건이 ${name}에 넘어갔습니다. ${NO_LONGER_READS}`,
  },
  refused: {
    title: '맡지 않음',
    text: ({ name, day }) => `${name}의 제안을 ${day}에 거절했습니다. ${NO_LONGER_READS}`,
  },
  'offer-withdrawn': {
    title: '제안이 거두어짐',
    text: ({ name, day }) => `${day}에 ${name}에서 제안을 거두었습니다. ${NO_LONGER_READS}`,
  },
  'joint-left': {
    title: '더는 함께하지 않음',
    text: ({ day }) => `${day}에 공동 조사에서 빠졌습니다. ${NO_LONGER_READS}`,
  },
  'joint-ended': {
    title: '더는 함께하지 않음',
    text: ({ name, day }) => `${day}에 ${name}에서 공동 조사를 끝냈습니다. ${NO_LONGER_READS}`,
  },
  left: { title: '더는 담당하지 않음', text: () => NO_LONGER_READS },
  withdrawn: { title: '철회됨', text: () => '이 기관의 열쇠를 없앴습니다. 더는 열 수 없습니다.' },
}

export const REPORTERS_STANDINGS: Readonly<Record<'ko' | 'en', AllStandings>> = { ko: KOREAN, en: ENGLISH }

/** Above all agencies, once the case has changed hands. */
export const CASE_MOVED: Readonly<Record<'ko' | 'en', (now: string, before: string) => string>> = {
  ko: (now, before) => `사건은 지금 ${now}에 있습니다. ${before}에서는 더는 읽을 수 없습니다.`,
  en: (now, before) => `The case is now with ${now}; ${before} can no longer read it here.`,
}
