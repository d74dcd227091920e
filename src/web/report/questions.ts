// The questions in their order, and the codes that can be chosen. Only `what` must be answered.
import type { QuestionId } from './answers.ts'

export interface Question {
  readonly id: QuestionId
  /** How many of the codes may be chosen. */
  readonly choose: 'none' | 'one' | 'many'
  readonly codes: readonly string[]
  /** Characters of free text, as `contract/content.ts` has them; 0 where there is none. */
  readonly room: number
}

/** Least said first: what a frightened person can answer at once, then what takes thought. */
export const QUESTIONS: readonly Question[] = [
  { id: 'what', choose: 'none', codes: [], room: 400_000 },
  { id: 'when', choose: 'one', codes: ['U0', 'U1', 'U2', 'U3', 'U4'], room: 4000 },
  {
    id: 'kind',
    choose: 'one',
    codes: [
      ...['K01', 'K02', 'K03', 'K04', 'K05', 'K06', 'K07', 'K08', 'K09', 'K10', 'K11', 'K12', 'K13', 'K14'],
      ...['K15', 'K90'],
    ],
    room: 0,
  },
  {
    id: 'field',
    choose: 'one',
    codes: [
      ...['F01', 'F02', 'F03', 'F04', 'F05', 'F06', 'F07', 'F08', 'F09', 'F10', 'F11', 'F12', 'F13', 'F14'],
      ...['F15', 'F16', 'F90'],
    ],
    room: 0,
  },
  { id: 'who', choose: 'one', codes: ['domestic', 'abroad'], room: 7000 },
  { id: 'source', choose: 'many', codes: ['saw', 'told', 'document', 'record', 'guess'], room: 3000 },
  { id: 'evidence', choose: 'many', codes: ['have', 'lawful', 'hash', 'none'], room: 7000 },
  { id: 'told', choose: 'many', codes: ['nobody', 'company', 'agency', 'near'], room: 3000 },
  { id: 'excluded', choose: 'none', codes: [], room: 4000 },
  { id: 'fear', choose: 'many', codes: ['found-out', 'job', 'people', 'law', 'safety', 'none'], room: 3000 },
  { id: 'contact', choose: 'one', codes: ['here', 'later', 'lawyer'], room: 3000 },
]
