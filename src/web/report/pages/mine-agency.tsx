// One agency of the report: how it stands to it, what it told, and what can be objected to.
import { addDays } from '../../../protocol/day.ts'
import { neutralise } from '../../page/untrusted-text.ts'
import type { AgencyStanding, AgencyStatus, ToldEvent } from '../engine.ts'
import type { MyReport, Objecting } from '../my-report.ts'
import { Apart } from '../parts/apart.tsx'
import { Button } from '../parts/buttons.tsx'
import { Notice } from '../parts/page.tsx'
import { type Speech, useSpeech } from '../parts/speaking.tsx'

interface CardProps {
  readonly agency: AgencyStatus
  readonly mine: MyReport
  readonly onObject: (objecting: Objecting) => void
}

export function nameIn(mine: MyReport, id: string, { words, language }: Speech): string {
  const agency = mine.connection.trust.directory.agencies.find(one => one.id === id)
  return agency?.names[language] ?? `${words.mine.unknownAgency} (${id})`
}

/** Said above all agencies, once the case has changed hands. */
export function Moved({ mine }: { readonly mine: MyReport }) {
  const speech = useSpeech()
  const { engine } = mine.connection
  const moved = engine.whereMoved(mine.status)
  if (!moved) return null
  const names = (ids: readonly string[]) => ids.map(id => nameIn(mine, id, speech)).join(', ')
  return (
    <Notice tone="plain">
      <p>{engine.CASE_MOVED[speech.language](names(moved.now), names(moved.before))}</p>
    </Notice>
  )
}

export function AgencyCard(props: CardProps) {
  const { agency, mine } = props
  const speech = useSpeech()
  const { unshown, unshownText } = speech.words.mine
  return (
    <li class="card standing">
      <p class="card-name">{nameIn(mine, agency.id, speech)}</p>
      <Apart of={mine} instead={<Shown title={unshown} lines={[unshownText]} tone="warn" />}>
        <CardContent {...props} />
      </Apart>
    </li>
  )
}

function CardContent({ agency, mine, onObject }: CardProps) {
  const speech = useSpeech()
  const { words } = speech
  const { engine, trust } = mine.connection
  const isForged = agency.answer === 'forged'
  const isContradicted = !isForged && agency.contradicted
  const standings = isForged || isContradicted ? [] : engine.agencyStandings(mine.status, agency)
  return (
    <>
      {isForged && <Shown title={words.mine.forged} lines={[]} tone="bad" />}
      {isForged && <Notice tone="bad">{words.mine.forgedText}</Notice>}
      {isContradicted && (
        <Shown title={words.mine.contradicted} lines={[words.mine.contradictedText]} tone="warn" />
      )}
      {standings.map(standing => (
        <Shown key={standing.kind} {...shownStanding(standing, agency, mine, speech)} />
      ))}
      {agency.withdrawalWished && agency.state === 'assigned' && <p>{words.mine.wished}</p>}
      {!isForged && <Told agency={agency} mine={mine} />}
      {engine.objectableIn(trust, mine.status, agency).map(event => (
        <Button
          key={event.head}
          label={`${words.objecting.begin[kindOf(event)]}: ${deedOf(mine, event, speech)}`}
          onClick={() => onObject({ agency, event })}
        >
          {words.objecting.begin[kindOf(event)]}
        </Button>
      ))}
    </>
  )
}

interface ShownStanding {
  readonly title: string
  readonly lines: readonly string[]
  readonly tone: 'quiet' | 'good' | 'warn' | 'bad'
}

const Shown = ({ title, lines, tone }: ShownStanding) => (
  <>
    <p>
      <span class={`state ${tone}`}>{title}</span>
    </p>
    {lines.map(line => (
      <p key={line}>{line}</p>
    ))}
  </>
)

const TONES: Readonly<Partial<Record<AgencyStanding['kind'], ShownStanding['tone']>>> = {
  here: 'warn',
  holder: 'good',
  joined: 'good',
  proposed: 'warn',
  'taking-over': 'warn',
  invited: 'warn',
}

function shownStanding(
  standing: AgencyStanding,
  agency: AgencyStatus,
  mine: MyReport,
  speech: Speech,
): ShownStanding {
  const { kind, agency: other, day } = standing
  if (kind === 'holder' && other === null) return ownStanding(agency, mine, speech)
  const { title, text } = mine.connection.engine.REPORTERS_STANDINGS[speech.language][kind]
  const name = other === null ? speech.words.mine.anotherAgency : nameIn(mine, other, speech)
  const { acknowledgedText, unopenable } = speech.words.mine
  const opened =
    agency.answer === 'acknowledged'
      ? [acknowledgedText(answeredOn(agency, speech))]
      : agency.answer === 'unopenable'
        ? [`${unopenable}.`]
        : []
  const said = text({ name, day: day === null ? '' : speech.day(day) })
  return { title, lines: [said, ...opened], tone: TONES[kind] ?? 'quiet' }
}

const answeredOn = ({ events, answer }: AgencyStatus, { day }: Speech): string => {
  const on = events.findLast(({ verdict }) => verdict === answer)?.day
  return on ? day(on) : ''
}

/** Of an agency that the reporter chose, and that has the case since. */
function ownStanding(agency: AgencyStatus, { connection, status }: MyReport, speech: Speech): ShownStanding {
  const { day } = speech
  const { mine } = speech.words
  const { timers } = connection.trust.directory
  const on = answeredOn(agency, speech)
  const until = day(addDays(status.receipt.day, timers.acknowledgeDays))
  if (agency.answer === 'acknowledged') {
    const isDecided = connection.engine.toldBy(connection.trust, status, agency).state.decision !== null
    const feedback = mine.feedback(day(addDays(status.receipt.day, timers.feedbackDays)))
    const lines = [mine.acknowledgedText(on), ...(isDecided ? [] : [feedback])]
    return { title: mine.acknowledged, lines, tone: 'good' }
  }
  if (agency.answer === 'unopenable') {
    return { title: mine.unopenable, lines: [mine.unopenableText(on)], tone: 'warn' }
  }
  return agency.overdue
    ? { title: mine.overdue, lines: [mine.overdueText(until)], tone: 'warn' }
    : { title: mine.waiting, lines: [mine.waitingText(until)], tone: 'quiet' }
}

/** The state itself says that it opened the report. */
const SAID_ALREADY: readonly ToldEvent['action'][] = ['acknowledged', 'unopenable']

function Told({ agency, mine }: Omit<CardProps, 'onObject'>) {
  const speech = useSpeech()
  const { words, day, language } = speech
  const { engine, trust } = mine.connection
  const told = engine.toldBy(trust, mine.status, agency)
  const events = told.events.filter(({ action }) => !SAID_ALREADY.includes(action))
  const until = engine.lastDayFor(told, 'information-received')
  return (
    <>
      {events.length > 0 && (
        <details class="told">
          <summary>{words.mine.told(events.length)}</summary>
          <ol class="timeline">
            {events.map(event => (
              <li key={event.head}>
                <p class="told-day">{day(event.day)}</p>
                <p class="deed">{deedOf(mine, event, speech)}</p>
                {event.code !== null && (
                  <p>{engine.codeWords(event.action, event.code)?.[language] ?? neutralise(event.code)}</p>
                )}
                {event.text !== null && (
                  <p class="reply-text" dir="auto">
                    {neutralise(event.text)}
                  </p>
                )}
              </li>
            ))}
          </ol>
        </details>
      )}
      {told.state.request && agency.state === 'assigned' && (
        <Notice tone="warn">
          <p>{words.mine.answerAsked(until === null ? null : day(until))}</p>
        </Notice>
      )}
    </>
  )
}

/** What was done, and to whom. */
export function deedOf(mine: MyReport, { action, subject }: ToldEvent, speech: Speech): string {
  const { engine } = mine.connection
  const agency = engine.rowsOf(action)[0]?.names === 'agency' ? [nameIn(mine, subject, speech)] : []
  return [engine.TOLD[action]?.[speech.language] ?? action, ...agency].join(' · ')
}

const NO_DECISIONS = ['hand-over-proposed', 'agency-invited', 'taken-over'] as const

/** As what it is objected to. */
export const kindOf = ({ action }: ToldEvent): (typeof NO_DECISIONS)[number] | 'decision' =>
  NO_DECISIONS.find(kind => kind === action) ?? 'decision'
