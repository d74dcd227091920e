// What a case can come to, and why an agency does what needs a reason. Plain words in both languages; the codes
// are for good.
import type { Names } from './directory.ts'

/** After so many requests for information in a row without an answer, a case may end for want of one. */
export const UNANSWERED_BEFORE_ENDING = 2

/** `ended`: the matter was not taken further. `withheld`: there is a result, of which nothing may be said. */
export type OutcomeGroup = 'acted' | 'ended' | 'withheld'

export const OUTCOMES = {
  prosecution: { group: 'acted', ko: '수사 후 송치', en: 'investigated and sent to the prosecution' },
  sanction: { group: 'acted', ko: '행정처분·시정권고', en: 'administrative order or recommendation' },
  prevented: { group: 'acted', ko: '유출 차단', en: 'the leak was prevented' },
  protection: { group: 'acted', ko: '보호조치 시행', en: 'protective measures were taken' },
  support: { group: 'acted', ko: '기술보호 지원', en: 'advice or support was given' },
  'no-evidence': { group: 'ended', ko: '증거를 찾지 못함', en: 'no evidence was found' },
  'no-leak': { group: 'ended', ko: '유출이 아닌 것으로 확인됨', en: 'found not to be a leak' },
  'already-public': { group: 'ended', ko: '이미 공개된 내용', en: 'already public' },
  duplicate: { group: 'ended', ko: '새 증거 없는 중복 신고', en: 'known already, with no new evidence' },
  'other-procedure': {
    group: 'ended',
    ko: '다른 법률에 따른 절차가 진행 중',
    en: 'a procedure under another law is under way',
  },
  unanswered: { group: 'ended', ko: '보완 요청에 답이 없음', en: 'requests stayed without an answer' },
  'withdrawal-wished': { group: 'ended', ko: '신고자가 철회를 바람', en: 'the reporter wished to withdraw' },
  'clearly-false': { group: 'ended', ko: '거짓임이 명백함', en: 'clearly false' },
  'national-security': {
    group: 'withheld',
    ko: '국가안보상 결과를 알릴 수 없음',
    en: 'the result is withheld for national security',
  },
} as const satisfies Readonly<Record<string, Names & { readonly group: OutcomeGroup }>>

const OUT_OF_SCOPE = {
  'not-technology': { ko: '산업기술에 관한 것이 아님', en: 'not about industrial technology' },
  'no-leak-described': { ko: '유출이라 할 사실이 없음', en: 'describes nothing that is a leak' },
  'too-vague': { ko: '내용이 분명하지 않음', en: 'too vague to act on' },
  'private-dispute': { ko: '당사자 사이의 분쟁', en: 'a dispute between parties' },
  'known-already': { ko: '새 증거 없는 중복 신고', en: 'known already, with no new evidence' },
  unanswered: { ko: '보완 요청에 답이 없음', en: 'requests stayed without an answer' },
  'withdrawal-wished': { ko: '신고자가 철회를 바람', en: 'the reporter wished to withdraw' },
  'clearly-false': { ko: '거짓임이 명백함', en: 'clearly false' },
} as const satisfies Readonly<Record<string, Names>>

const REDIRECT = {
  'no-power': { ko: '이 기관에 권한이 없음', en: 'this agency lacks the power' },
  'no-territory': { ko: '관할 지역이 아님', en: 'outside this agency’s territory' },
} as const satisfies Readonly<Record<string, Names>>

/** Why another agency may read what was not sealed for it. */
const SHARING = {
  'reporter-agreed': { ko: '신고자가 동의함', en: 'the reporter agreed' },
  'legal-duty': { ko: '법률상 의무', en: 'a duty by law' },
  'power-needed': { ko: '그 기관의 권한이 필요함', en: 'the other agency’s power is needed' },
  'danger-imminent': { ko: '급박한 유출 또는 위험', en: 'a leak or danger is imminent' },
} as const satisfies Readonly<Record<string, Names>>

const REFUSAL = {
  'no-power': { ko: '권한이 없음', en: 'no power in the matter' },
  'no-territory': { ko: '관할 지역이 아님', en: 'outside its territory' },
  conflict: { ko: '이해충돌', en: 'a conflict of interest' },
  'already-handled': { ko: '이미 처리 중인 사건', en: 'it handles the matter already' },
  'no-capacity': { ko: '맡을 여력이 없음', en: 'it cannot take more on' },
} as const satisfies Readonly<Record<string, Names>>

/** The grounds on which the law has a member step aside. */
const CONFLICT = {
  party: { ko: '당사자이거나 당사자의 배우자', en: 'a party, or married to one' },
  kin: { ko: '당사자의 친족', en: 'kin of a party' },
  witness: { ko: '증언이나 감정을 함', en: 'a witness or expert in the matter' },
  representative: { ko: '당사자의 대리인이거나 임직원', en: 'acts or works for a party, or did' },
  challenged: { ko: '공정성에 대한 기피 신청', en: 'challenged as partial' },
  other: { ko: '그 밖에 공정을 해칠 사정', en: 'another reason to doubt impartiality' },
} as const satisfies Readonly<Record<string, Names>>

const EXTENSION = {
  'awaiting-information': { ko: '보완을 기다림', en: 'information is awaited' },
  'another-authority': { ko: '다른 기관의 회신을 기다림', en: 'another authority has to answer first' },
  'expert-opinion': { ko: '전문 감정이 필요함', en: 'an expert’s opinion is needed' },
  complexity: { ko: '사안이 복잡함', en: 'the matter is complex' },
} as const satisfies Readonly<Record<string, Names>>

const REOPENING = {
  'objection-upheld': { ko: '이의신청을 받아들임', en: 'the objection is upheld' },
  'new-evidence': { ko: '새 증거', en: 'new evidence' },
  mistake: { ko: '처리에 잘못이 있었음', en: 'the case was handled wrongly' },
} as const satisfies Readonly<Record<string, Names>>

const REJECTION = {
  'nothing-new': { ko: '새로운 사정이 없음', en: 'nothing new' },
  unfounded: { ko: '이유 없음', en: 'not founded' },
  late: { ko: '기한이 지남', en: 'too late' },
} as const satisfies Readonly<Record<string, Names>>

/** By the name under which a transition asks for one of its codes. */
export const CODES = {
  outcome: OUTCOMES,
  'out-of-scope': OUT_OF_SCOPE,
  redirect: REDIRECT,
  sharing: SHARING,
  refusal: REFUSAL,
  conflict: CONFLICT,
  extension: EXTENSION,
  reopening: REOPENING,
  rejection: REJECTION,
} as const satisfies Readonly<Record<string, Readonly<Record<string, Names>>>>

export type CodeSet = keyof typeof CODES

/** The codes of a set that may be given after so many requests in a row without an answer. */
export function codesAfter(set: CodeSet, unanswered: number): readonly string[] {
  const isEarned = unanswered >= UNANSWERED_BEFORE_ENDING
  return Object.keys(CODES[set]).filter(code => code !== 'unanswered' || isEarned)
}
