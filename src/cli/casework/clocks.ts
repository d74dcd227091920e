// The clocks of a case: what is due first, what is overdue, what is done.
import type { CaseClock } from '../../protocol/case-clocks.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'

const dueDay = ({ state }: CaseClock) => (state.due.known ? state.due.day : state.due.notBefore)
const isOpen = ({ state }: CaseClock) => state.stopped === null

/** Open ones by their due day, then those that were stopped. */
export function clockLines(clocks: readonly CaseClock[], output: Output): string[] {
  const sorted = [...clocks].sort(
    (a, b) => Number(isOpen(b)) - Number(isOpen(a)) || dueDay(a).localeCompare(dueDay(b)),
  )
  return sorted.map(clock => clockLine(clock, output))
}

function clockLine(clock: CaseClock, { words, colour, lang }: Output): string {
  const { policy, state } = clock
  const { force, duty } = policy
  const line = [
    `  ${dueDay(clock)}  ${neutralise(policy.names[lang])}`,
    words.work.clock(state),
    ...state.escalated.slice(-1).map(step => words.work.escalation[step]),
    ...(duty === 'reporter' ? [words.work.reportersDuty] : []),
    ...(force === 'target' ? [words.work.target] : []),
  ].join(' · ')
  if (!isOpen(clock)) return colour.faint(line)
  return state.condition === 'missed' && duty === 'agency' ? colour.bad(line) : line
}

export const clockJson = ({ policy, state }: CaseClock) => ({
  clock: policy.id,
  force: policy.force,
  duty: policy.duty,
  condition: state.condition,
  started: state.started,
  stopped: state.stopped,
  due: state.due.known ? state.due.day : null,
  daysLeft: state.daysLeft,
  escalated: state.escalated,
})
