import type { InboxCase } from '../inbox.ts'
import { useAtWork } from '../parts/at-work.ts'
import { Id } from '../parts/elements.tsx'
import { FlameIcon } from '../parts/icons.tsx'
import { dayInSeoul, daysLeft, kibibytes } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'

/** From here on the number of days that are left is shown. */
const SOON_DAYS = 7

export function CaseRow({ entry }: { readonly entry: InboxCase }) {
  const { words, shortDay, time } = useSpeech()
  const { inbox } = words
  const { session } = useAtWork()
  const left = daysLeft(entry.day, session.timers.acknowledgeDays, dayInSeoul(session.now()))
  const isDue = entry.state === 'new' && left <= SOON_DAYS
  return (
    <>
      <span class="row-line">
        <span class={`state ${entry.state}`}>{inbox.state[entry.state]}</span>
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
        {isDue && <span class={left < 0 ? 'due late' : 'due'}>{inbox.due(left)}</span>}
        {entry.changedAt !== null && <span class="row-changed">{inbox.changed(time(entry.changedAt))}</span>}
      </span>
    </>
  )
}
