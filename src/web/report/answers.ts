// What was answered so far, in memory only, and the report that it becomes.
import type { ReportContent } from '../../contract/content.ts'
import { type ChosenFile, listedBytes } from './evidence.ts'

export type Language = 'ko' | 'en'

export const QUESTION_IDS = [
  'what',
  'when',
  'kind',
  'field',
  'who',
  'source',
  'evidence',
  'told',
  'excluded',
  'fear',
  'contact',
] as const

export type QuestionId = (typeof QUESTION_IDS)[number]

export interface Answer {
  readonly codes: readonly string[]
  readonly text: string
}

export interface Draft {
  readonly answers: Readonly<Record<QuestionId, Answer>>
  readonly files: readonly ChosenFile[]
  /** Wake somebody now. */
  readonly wake: boolean
  /** Null: those that the route table recommends. */
  readonly agencies: readonly string[] | null
  /** «Not this one». */
  readonly refused: readonly string[]
}

const UNANSWERED: Answer = { codes: [], text: '' }

export const EMPTY_DRAFT: Draft = {
  answers: {
    what: UNANSWERED,
    when: UNANSWERED,
    kind: UNANSWERED,
    field: UNANSWERED,
    who: UNANSWERED,
    source: UNANSWERED,
    evidence: UNANSWERED,
    told: UNANSWERED,
    excluded: UNANSWERED,
    fear: UNANSWERED,
    contact: UNANSWERED,
  },
  files: [],
  wake: false,
  agencies: null,
  refused: [],
}

export const isAnswered = ({ codes, text }: Answer): boolean => codes.length > 0 || text.trim() !== ''

/** Whether there is anything to lose. */
export const isStarted = ({ answers, files, wake, refused, agencies }: Draft): boolean =>
  wake ||
  files.length > 0 ||
  refused.length > 0 ||
  agencies !== null ||
  QUESTION_IDS.some(id => isAnswered(answers[id]))

export function withAnswer(draft: Draft, id: QuestionId, change: Partial<Answer>): Draft {
  return { ...draft, answers: { ...draft.answers, [id]: { ...draft.answers[id], ...change } } }
}

/** What the route table is asked with. */
export function routedBy({ answers }: Draft): { kind?: string; field?: string } {
  const [kind] = answers.kind.codes
  const [field] = answers.field.codes
  return { ...(kind ? { kind } : {}), ...(field ? { field } : {}) }
}

/** Four at most; without a choice of the reporter's own, what is recommended and not refused. */
export function chosenAgencies({ agencies, refused }: Draft, recommended: readonly string[]): string[] {
  return (agencies ?? recommended).filter(id => !refused.includes(id)).slice(0, 4)
}

const URGENCIES = ['U0', 'U1', 'U2', 'U3', 'U4'] as const

/** The words of a chosen code. */
export type ChoiceLabel = (id: QuestionId, code: string) => string

/** Choices that the contract has no code for are written as lines, in the reporter's language. */
export function contentOf(draft: Draft, language: Language, choiceLabel: ChoiceLabel): ReportContent {
  const { answers, refused } = draft
  const written = (id: QuestionId) => {
    const chosen = answers[id].codes.map(code => choiceLabel(id, code))
    return [...chosen.map(line => `· ${line}`), answers[id].text.trim()].filter(Boolean).join('\n')
  }
  const urgency = URGENCIES.find(code => answers.when.codes.includes(code))
  const optional = {
    when: answers.when.text.trim(),
    urgency,
    ...routedBy(draft),
    who: written('who'),
    source: written('source'),
    evidence: written('evidence'),
    told: written('told'),
    excluded: written('excluded'),
    notFor: refused.length > 0 ? refused : undefined,
    fear: written('fear'),
    contact: written('contact'),
  }
  const given = Object.entries(optional).filter(([, value]) => value !== '' && value !== undefined)
  return { version: 1, language, what: answers.what.text.trim(), ...Object.fromEntries(given) }
}

/** The largest bucket, less the keys and frames that travel beside the answers. */
export const MAX_CONTENT_BYTES = 512 * 1024 - 2048
const encoder = new TextEncoder()

/** Bytes of what will be sealed that are too many; 0 where it fits. */
export function excessBytes(content: object, files: readonly ChosenFile[] = []): number {
  const length = encoder.encode(JSON.stringify(content)).length + listedBytes(files)
  return Math.max(0, length - MAX_CONTENT_BYTES)
}
