// What became of it: proven states, replies, and what can still be done.
import { useState } from 'preact/hooks'
import { addDays } from '../../../protocol/day.ts'
import type { AgencyStatus } from '../engine.ts'
import { leave } from '../leaving.ts'
import { type MyReport, openReport } from '../my-report.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Replies } from './mine-replies.tsx'
import { Withdrawing } from './mine-withdraw.tsx'
import { Writing } from './mine-write.tsx'

interface MineProps {
  readonly mine: MyReport
  readonly onMine: (mine: MyReport) => void
  /** Something is written that could be lost. */
  readonly onUnsaved: (unsaved: boolean) => void
  readonly onStart: () => void
}

export function MinePage({ mine, onMine, onUnsaved, onStart }: MineProps) {
  const { words, day } = useSpeech()
  const { status } = mine
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const refresh = async () => {
    setState('busy')
    try {
      onMine(await openReport(mine.connection, mine.reporter))
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  const lead = status.state === 'received' ? words.mine.received : words.mine.withdrawn
  return (
    <Page heading={words.mine.heading} lead={lead(day(status.day))}>
      <section aria-labelledby="agencies">
        <h2 id="agencies">{words.mine.agencies}</h2>
        <ul class="cards">
          {status.agencies.map(agency => (
            <AgencyCard key={agency.id} agency={agency} mine={mine} />
          ))}
        </ul>
        <Button onClick={refresh} disabled={state === 'busy'}>
          {state === 'busy' ? words.enter.opening : words.mine.refresh}
        </Button>
        <p class="error" role="status">
          {state === 'failed' ? words.enter.failed : ''}
        </p>
      </section>
      <Replies mine={mine} onChanged={refresh} />
      {status.agencies.some(agency => agency.state === 'assigned') && (
        <Writing mine={mine} onChanged={refresh} onUnsaved={onUnsaved} />
      )}
      {status.state === 'received' && <Withdrawing mine={mine} onChanged={refresh} />}
      <Steps>
        <Button onClick={onStart}>{words.done.startAgain}</Button>
        <Button kind="main" onClick={leave}>
          {words.mine.end}
        </Button>
      </Steps>
    </Page>
  )
}

export const nameOf = (agency: AgencyStatus, language: 'ko' | 'en', unknown: string): string =>
  agency.names?.[language] ?? `${unknown} (${agency.id})`

function AgencyCard({ agency, mine }: { readonly agency: AgencyStatus; readonly mine: MyReport }) {
  const { words, language } = useSpeech()
  const { title, lines, tone } = useStanding(agency, mine)
  return (
    <li class="card standing">
      <p class="card-name">{nameOf(agency, language, words.mine.unknownAgency)}</p>
      <p>
        <span class={`state ${tone}`}>{title}</span>
      </p>
      {lines.map(line => (
        <p key={line}>{line}</p>
      ))}
      {tone === 'bad' && <Notice tone="bad">{words.mine.forgedText}</Notice>}
    </li>
  )
}

interface Standing {
  readonly title: string
  readonly lines: readonly string[]
  readonly tone: 'quiet' | 'good' | 'warn' | 'bad'
}

function useStanding(agency: AgencyStatus, { connection, status }: MyReport): Standing {
  const { words, day } = useSpeech()
  const { mine } = words
  const { timers } = connection.trust.directory
  const answered = agency.events.findLast(({ verdict }) => verdict === agency.answer)?.day
  const on = answered ? day(answered) : ''
  const until = day(addDays(status.receipt.day, timers.acknowledgeDays))
  const wished = agency.withdrawalWished ? [mine.wished] : []
  if (agency.answer === 'forged') return { title: mine.forged, lines: [], tone: 'bad' }
  if (agency.contradicted) {
    return { title: mine.contradicted, lines: [mine.contradictedText], tone: 'warn' }
  }
  if (agency.state === 'withdrawn') {
    return { title: mine.agencyWithdrawn, lines: [mine.agencyWithdrawnText], tone: 'quiet' }
  }
  if (agency.answer === 'acknowledged') {
    const feedback = mine.feedback(day(addDays(status.receipt.day, timers.feedbackDays)))
    return { title: mine.acknowledged, lines: [mine.acknowledgedText(on), ...wished, feedback], tone: 'good' }
  }
  if (agency.answer === 'unopenable') {
    return { title: mine.unopenable, lines: [mine.unopenableText(on), ...wished], tone: 'warn' }
  }
  return agency.overdue
    ? { title: mine.overdue, lines: [mine.overdueText(until), ...wished], tone: 'warn' }
    : { title: mine.waiting, lines: [mine.waitingText(until), ...wished], tone: 'quiet' }
}
