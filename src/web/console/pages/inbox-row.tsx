import { SOON_DAYS } from '../case-filter.ts'
import type { InboxCase } from '../inbox.ts'
import { useAtWork } from '../parts/at-work.ts'
import { Id } from '../parts/elements.tsx'
import { FlameIcon } from '../parts/icons.tsx'
import { dayInSeoul, daysLeft, kibibytes } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { StateName } from '../parts/state-name.tsx'

export function CaseRow({ entry }: { readonly entry: InboxCase }) {
  const { words, shortDay, time } = useSpeech()
  const { inbox } = words
  const { session } = useAtWork()
  return (
    <>
      <span class="row-line">
        <StateName {...entry} />
        {entry.urgent && (
          <span class="badge urgent">
            <FlameIcon />
            {inbox.urgentBadge}
          </span>
        )}
        {entry.withdrawalWished && <span class="badge">{inbox.wishedBadge}</span>}
        <span class="row-day">{shortDay(entry.day)}</span>
      </span>
      <span class="row-line under">
        <Id of={entry.shown} short />
        <span>{kibibytes(entry.bucket)}</span>
        {entry.followUps > 0 && <span>{inbox.followUps(entry.followUps)}</span>}
        <Due entry={entry} today={dayInSeoul(session.now())} />
        {entry.changedAt !== null && <span class="row-changed">{inbox.changed(time(entry.changedAt))}</span>}
      </span>
    </>
  )
}

interface DueProps {
  readonly entry: InboxCase
  readonly today: string
}

/** As the service counts; for a new one, how long there is to open it. */
function Due({ entry: { state, day, due }, today }: DueProps) {
  const { words, shortDay } = useSpeech()
  const { session } = useAtWork()
  const { inbox } = words
  if (state === 'new') {
    const left = daysLeft(day, session.timers.acknowledgeDays, today)
    return left > SOON_DAYS ? null : <span class={left < 0 ? 'due late' : 'due'}>{inbox.due(left)}</span>
  }
  if (due === null) return null
  const left = daysLeft(due, 0, today)
  const urgency = left < 0 ? 'due late' : left <= SOON_DAYS ? 'due' : undefined
  return <span class={urgency}>{inbox.dueDay(shortDay(due), left)}</span>
}
