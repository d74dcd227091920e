// Cases by their due day.
import type { CaseSummary } from '../../client/index.ts'
import type { Output } from '../output.ts'

export const isOverdue = ({ due }: Pick<CaseSummary, 'due'>, today: string): boolean =>
  due !== null && due < today

/** Those that have a due day, the first of them first. */
export function dueFirst(cases: readonly CaseSummary[]): CaseSummary[] {
  return cases.filter(({ due }) => due !== null).sort((a, b) => (a.due ?? '').localeCompare(b.due ?? ''))
}

export function dueMark(summary: CaseSummary, today: string, { words, colour }: Output): string[] {
  const { due } = summary
  if (due === null) return []
  return [isOverdue(summary, today) ? colour.bad(words.work.overdueSince(due)) : words.work.due(due)]
}
