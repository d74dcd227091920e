// Why an action is not open, in words for a button that is greyed out.
import type { Names } from './directory.ts'

/** What follows from the columns of the table; in the order in which they are looked at. */
const COLUMN_OBSTACLES = {
  role: { ko: '다른 역할을 맡은 사람이 합니다.', en: 'Somebody with another role does this.' },
  state: { ko: '지금 단계에서는 하지 않습니다.', en: 'The case is not at a step where this is done.' },
  standing: { ko: '다른 기관이 합니다.', en: 'Another agency does this.' },
  recused: { ko: '이 사건에서 배제되었습니다.', en: 'You were taken off this case.' },
  conflict: { ko: '이해충돌을 신고하였습니다.', en: 'You declared a conflict of interest.' },
  pending: {
    ko: '다른 사람의 동의를 기다리는 결정이 있습니다.',
    en: 'A decision waits for a second person.',
  },
} as const satisfies Readonly<Record<string, Names>>

/** What a row names under `unless`. */
const CASE_OBSTACLES = {
  'nothing-pending': { ko: '동의할 결정이 없습니다.', en: 'No decision waits for a second person.' },
  'own-proposal': {
    ko: '결정을 낸 사람이 아닌 다른 사람이 동의합니다.',
    en: 'Somebody other than who proposed it confirms.',
  },
  'own-decision': {
    ko: '결과를 정하지 않은 사람이 합니다.',
    en: 'Somebody who had no part in the decision does this.',
  },
  'request-open': { ko: '답을 기다리는 보완 요청이 있습니다.', en: 'A request for information is open.' },
  'no-request': { ko: '답을 기다리는 보완 요청이 없습니다.', en: 'No request for information is open.' },
  'hand-over-open': { ko: '이송이 진행 중입니다.', en: 'A hand-over is under way.' },
  'no-hand-over': { ko: '진행 중인 이송이 없습니다.', en: 'No hand-over is under way.' },
  'invitation-open': {
    ko: '제안을 받은 기관이 아직 답하지 않았습니다.',
    en: 'An invited agency has not answered.',
  },
  'no-invitation': { ko: '답을 기다리는 제안이 없습니다.', en: 'No invitation waits for an answer.' },
  'nobody-joined': { ko: '공동 기관이 없습니다.', en: 'No agency works jointly.' },
  'objected-before': {
    ko: '이 결정에 대한 이의신청을 이미 다루었습니다.',
    en: 'An objection to this decision was taken before.',
  },
  'petition-open': {
    ko: '이미 고충민원으로 등록하였습니다.',
    en: 'It is registered as a grievance petition already.',
  },
  'no-petition': {
    ko: '고충민원으로 등록하지 않았습니다.',
    en: 'It is not registered as a grievance petition.',
  },
  'no-referral': {
    ko: '이송받아 조사하고 있는 사건이 아닙니다.',
    en: 'It is no case that was handed over and is still being investigated.',
  },
  'no-result-due': {
    ko: '이송한 기관에 알릴 조사 결과가 없습니다.',
    en: 'No result waits to be returned to an agency that handed the case over.',
  },
  'no-conflict': { ko: '다른 사람이 신고한 이해충돌이 없습니다.', en: 'Nobody else declared a conflict.' },
} as const satisfies Readonly<Record<string, Names>>

/** Of the chain, not of the case: looked at last (chain-length.ts). */
const CHAIN_OBSTACLES = {
  full: {
    ko: '이 사건의 기록이 거의 다 찼습니다. 남은 자리는 사건을 끝내는 데에만 씁니다.',
    en: 'The record of this case is nearly full: what is left of it is for ending the case.',
  },
} as const satisfies Readonly<Record<string, Names>>

export const OBSTACLES = { ...COLUMN_OBSTACLES, ...CASE_OBSTACLES, ...CHAIN_OBSTACLES }

export type CaseObstacle = keyof typeof CASE_OBSTACLES
export type Obstacle = keyof typeof OBSTACLES
