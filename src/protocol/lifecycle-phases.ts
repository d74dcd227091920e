// The words of the lifecycle: phases as ISO 37002 names them, states of a case, how an agency stands to a case.
import type { Names } from './directory.ts'

export const PHASES = {
  receive: { ko: '접수', en: 'receive' },
  assess: { ko: '검토', en: 'assess' },
  address: { ko: '조사·조치', en: 'address' },
  conclude: { ko: '종결', en: 'conclude' },
} as const satisfies Readonly<Record<string, Names>>
export type Phase = keyof typeof PHASES

interface StateWords extends Names {
  readonly phase: Phase
  /** A case may rest here. */
  readonly ended: boolean
}

export const STATES = {
  new: { phase: 'receive', ended: false, ko: '새 사건', en: 'new' },
  unopenable: { phase: 'receive', ended: false, ko: '열지 못함', en: 'unopenable' },
  acknowledged: { phase: 'receive', ended: false, ko: '열람 확인', en: 'acknowledged' },
  assessing: { phase: 'assess', ended: false, ko: '검토 중', en: 'assessing' },
  addressing: { phase: 'address', ended: false, ko: '조사·조치 중', en: 'addressing' },
  concluded: { phase: 'conclude', ended: false, ko: '결과 통지', en: 'concluded' },
  objected: { phase: 'conclude', ended: false, ko: '이의 심사 중', en: 'objected' },
  closed: { phase: 'conclude', ended: true, ko: '종결', en: 'closed' },
  'out-of-scope': { phase: 'conclude', ended: true, ko: '대상 아님', en: 'out of scope' },
  redirected: { phase: 'conclude', ended: true, ko: '다른 기관 안내', en: 'redirected' },
} as const satisfies Readonly<Record<string, StateWords>>
export type State = keyof typeof STATES
export const STAGES = Object.keys(STATES) as readonly State[] as readonly [State, ...State[]]

/** How an agency can stand to a case; it can be in two ways at once. */
export const STANDINGS = {
  holder: { ko: '담당 기관', en: 'holds the case, leads joint work' },
  joined: { ko: '공동 기관', en: 'works jointly' },
  invited: { ko: '공동 조사 제안을 받은 기관', en: 'was invited' },
  proposed: { ko: '이송 제안을 받은 기관', en: 'was proposed the case' },
  'taking-over': { ko: '이송을 수락한 기관', en: 'accepted the hand-over, has not taken over yet' },
} as const satisfies Readonly<Record<string, Names>>
export type Standing = keyof typeof STANDINGS
export const STANDING_NAMES = Object.keys(STANDINGS) as readonly Standing[] as readonly [
  Standing,
  ...Standing[],
]
