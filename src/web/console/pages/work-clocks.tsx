import type { CaseClock } from '../../../protocol/case-clocks.ts'
import type { CaseWork } from '../case-work.ts'
import { useSpeech } from '../parts/speaking.tsx'

const isOver = ({ state }: CaseClock) => state.stopped !== null

/** Of the verified history: the inbox shows what the service counts. */
export function ClocksView({ work: { clocks } }: { readonly work: CaseWork }) {
  const { words, number } = useSpeech()
  const said = words.work.clocks
  const open = clocks.filter(clock => !isOver(clock)).sort((a, b) => (dayOf(a) < dayOf(b) ? -1 : 1))
  const over = clocks.filter(isOver)
  return (
    <section class="clocks" aria-labelledby="clocks-heading">
      <h3 id="clocks-heading">{said.heading}</h3>
      {open.length === 0 ? <p>{said.none}</p> : <ClockList clocks={open} />}
      {over.length > 0 && (
        <details>
          <summary>{said.over(number(over.length))}</summary>
          <ClockList clocks={over} />
        </details>
      )}
    </section>
  )
}

const dayOf = ({ state: { due } }: CaseClock) => (due.known ? due.day : due.notBefore)

const ClockList = ({ clocks }: { readonly clocks: readonly CaseClock[] }) => (
  <ul class="plain clock-list">
    {clocks.map(clock => (
      <Clock key={`${clock.policy.id}-${clock.state.started}`} clock={clock} />
    ))}
  </ul>
)

function Clock({ clock: { policy, state } }: { readonly clock: CaseClock }) {
  const { words, language, day } = useSpeech()
  const said = words.work.clocks
  const { condition, due, daysLeft, stopped, escalated, extended } = state
  const isMissed = condition === 'missed'
  return (
    <li class={isMissed ? 'missed' : undefined}>
      <p>
        <strong>{policy.names[language]}</strong> <span class="badge">{said[policy.force]}</span>
        {policy.duty === 'reporter' && <span class="badge">{said.reporter}</span>}
      </p>
      <p class="clock-due">
        <span>{due.known ? said.due(day(due.day)) : said.notBefore(day(due.notBefore))}</span>
        {stopped === null && condition !== 'paused' && daysLeft !== null && (
          <strong>{daysLeft < 0 ? said.late(-daysLeft) : said.left(daysLeft)}</strong>
        )}
        <span>{said.condition[condition]}</span>
        {stopped !== null && <span>{said.stopped(day(stopped))}</span>}
        {extended > 0 && <span>{said.extended(extended)}</span>}
      </p>
      {escalated.length > 0 && (
        <p class="clock-due">
          {said.escalated}: {escalated.map(step => said.escalation[step]).join(' → ')}
        </p>
      )}
      <p class="help">{policy.basis}</p>
    </li>
  )
}
