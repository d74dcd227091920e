// A report's answers under labels in the reader's language. What the reporter wrote is passed on as it is.
import type { ReportContent } from '../../contract/content.ts'
import type { Names } from '../../protocol/directory.ts'
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'

export type Language = 'ko' | 'en'

export const ANSWER_IDS = [
  'what',
  'urgency',
  'when',
  'kind',
  'field',
  'who',
  'source',
  'evidence',
  'told',
  'excluded',
  'notFor',
  'fear',
  'contact',
] as const satisfies (keyof ReportContent)[]

export type AnswerId = (typeof ANSWER_IDS)[number]

const LABELS: Readonly<Record<AnswerId, Names>> = {
  what: { ko: '무슨 일인가', en: 'What happened' },
  urgency: { ko: '얼마나 급한가', en: 'How soon somebody must act' },
  when: { ko: '언제', en: 'When' },
  kind: { ko: '유출의 종류', en: 'Kind of leak' },
  field: { ko: '기술 분야', en: 'Field of technology' },
  who: { ko: '누가 가졌고 어디로 가는가', en: 'Who may have it, and where it is going' },
  source: { ko: '어떻게 알게 되었는가', en: 'How the reporter knows' },
  evidence: { ko: '보여 줄 수 있는 것', en: 'What shows it' },
  told: { ko: '이미 누구에게 말했는가', en: 'Who was told before' },
  excluded: { ko: '알아서는 안 되는 사람·기관', en: 'Who must not learn of it' },
  notFor: { ko: '넘겨서는 안 되는 기관', en: 'Agencies that must never get this' },
  fear: { ko: '걱정하는 것', en: 'What the reporter is afraid of' },
  contact: { ko: '회신 방법', en: 'How to answer' },
}

const URGENCIES: Readonly<Record<string, Names>> = {
  U0: { ko: '사람이 위험함', en: 'somebody is in danger' },
  U1: {
    ko: '사흘 안: 출국·선적·계약·삭제',
    en: 'within three days: departure, shipment, contract, deletion',
  },
  U2: { ko: '지금 진행 중', en: 'going on now' },
  U3: { ko: '이미 일어남, 흔적이 사라질 수 있음', en: 'has happened; traces may vanish' },
  U4: { ko: '지난 일이거나 징후뿐', en: 'past, or only signs' },
}

const CHOICES: Partial<Readonly<Record<AnswerId, Readonly<Record<string, Names>>>>> = {
  urgency: URGENCIES,
  kind: LEAK_KINDS,
  field: TECHNOLOGY_FIELDS,
}

export interface ReadAnswer {
  readonly id: AnswerId
  readonly label: string
  /** Of an answer by code; the label is null where this version does not know the code. */
  readonly choice: { readonly code: string; readonly label: string | null } | null
  /** As the reporter wrote it; null for an answer by code. */
  readonly text: string | null
}

/** In the order of the form; questions that were not answered are left out. `agencies`: names by id. */
export function answersOf(
  content: ReportContent,
  language: Language,
  agencies: ReadonlyMap<string, Names>,
): ReadAnswer[] {
  return ANSWER_IDS.flatMap((id): ReadAnswer[] => {
    const answer = content[id]
    if (answer === undefined) return []
    const given =
      typeof answer === 'string'
        ? answer
        : answer.map(agency => agencies.get(agency)?.[language] ?? agency).join('\n')
    const label = LABELS[id][language]
    const choices = CHOICES[id]
    if (!choices) return [{ id, label, choice: null, text: given }]
    const names = Object.hasOwn(choices, given) ? choices[given] : undefined
    return [{ id, label, choice: { code: given, label: names?.[language] ?? null }, text: null }]
  })
}
