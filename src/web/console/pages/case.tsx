// One case: closed, with what opening it means; then its report, conversation, history and proofs.
import type { ComponentChildren } from 'preact'
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks'
import type { Room, RoomState } from '../case-room.ts'
import type { History } from '../history.ts'
import type { InboxCase } from '../inbox.ts'
import { useAtWork, useObserved, useRefusal } from '../parts/at-work.ts'
import { Button, Id, Notice } from '../parts/elements.tsx'
import { AgainIcon, BackIcon, FlameIcon } from '../parts/icons.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { StateName } from '../parts/state-name.tsx'
import { DeclarePage } from './case-declare.tsx'
import { CaseParts } from './case-parts.tsx'
import { UnopenablePage } from './case-unopenable.tsx'
import { HistoryView } from './history.tsx'

interface CasePageProps {
  readonly id: string | null
  readonly hasLetters: boolean
  readonly onBack: () => void
}

export function CasePage({ id, hasLetters, onBack }: CasePageProps) {
  const { words } = useSpeech()
  const { inbox, room } = useAtWork()
  const { cases } = useObserved(inbox)
  if (id === null) {
    return (
      <section class="case none" aria-label={words.inbox.pick}>
        <p class="pick">{words.inbox.pick}</p>
        <p>{words.inbox.pickText}</p>
      </section>
    )
  }
  return <OneCase room={room(id)} entry={cases.get(id) ?? null} hasLetters={hasLetters} onBack={onBack} />
}

interface OneCaseProps {
  readonly room: Room
  /** Null where the inbox does not know it. */
  readonly entry: InboxCase | null
  readonly hasLetters: boolean
  readonly onBack: () => void
}

function OneCase({ room, entry, hasLetters, onBack }: OneCaseProps) {
  const { words, day } = useSpeech()
  const state = useObserved(room)
  const title = useRef<HTMLHeadingElement>(null)
  useEffect(() => () => room.leave(), [room])
  // What had the focus is gone with what was there before.
  useLayoutEffect(() => title.current?.focus(), [state.content.kind])
  const shown = entry?.shown ?? ''
  const { content } = state
  // The list learns of it a moment later.
  const isJustAcknowledged = entry?.state === 'new' && content.kind === 'opened' && content.isAcknowledged
  const caseState = isJustAcknowledged ? 'acknowledged' : entry?.state
  const { stage = 'new', standing = [] } =
    content.kind === 'opened' ? { ...content.work, stage: content.work.state.state } : (entry ?? {})
  return (
    <section class="case" aria-labelledby="case-heading">
      <header class="case-head">
        <span class="only-narrow">
          <Button kind="quiet" onClick={onBack}>
            <BackIcon />
            {words.case.backToList}
          </Button>
        </span>
        <h2 id="case-heading" ref={title} tabIndex={-1} aria-label={words.case.label(shown)}>
          <Id of={shown} />
        </h2>
        {entry && (
          <p class="case-facts">
            {caseState && <StateName state={caseState} stage={stage} standing={standing} />}
            {entry.urgent && (
              <span class="badge urgent">
                <FlameIcon />
                {words.inbox.urgentBadge}
              </span>
            )}
            <span>{words.case.received(day(entry.day))}</span>
          </p>
        )}
        {content.kind !== 'closed' && (
          <span class="case-again">
            <Button kind="quiet" onClick={() => void room.open()} disabled={state.busy !== null}>
              <AgainIcon />
              {words.case.refresh}
            </Button>
          </span>
        )}
      </header>
      <Doing state={state} />
      <Content room={room} state={state} entry={entry} hasLetters={hasLetters} />
    </section>
  )
}

/** What is under way, and what did not work. */
function Doing({ state: { busy, trouble } }: { readonly state: RoomState }) {
  const { words } = useSpeech()
  useRefusal(trouble === 'refused')
  return (
    <>
      <p class={busy === null ? 'unseen' : 'busy'} role="status">
        {busy !== null && words.case.busy[busy]}
      </p>
      {trouble !== null && busy === null && (
        <Notice tone={trouble === 'away' ? 'warn' : 'bad'} urgent>
          <p>{words.troubles[trouble]}</p>
        </Notice>
      )}
    </>
  )
}

export interface ContentProps {
  readonly room: Room
  readonly state: RoomState
  readonly entry: InboxCase | null
  readonly hasLetters: boolean
}

function Content({ room, state, entry, hasLetters }: ContentProps) {
  const { words } = useSpeech()
  const { session } = useAtWork()
  const { content } = state
  const said = words.case
  switch (content.kind) {
    case 'closed':
      return <DeclarePage room={room} isBusy={state.busy !== null} />
    case 'opened':
      return <CaseParts room={room} state={state} content={content} entry={entry} hasLetters={hasLetters} />
    case 'barred':
      return (
        <State title={said.barred.heading[content.reason]} history={content.history}>
          <p>{said.barred.text}</p>
        </State>
      )
    case 'unopenable':
      return <UnopenablePage room={room} content={content} isBusy={state.busy !== null} />
    case 'no-key':
      return (
        <State title={said.noKey.heading} history={content.history}>
          <p>{session.scopes.includes('intake') ? said.noKey.intake : said.noKey.other}</p>
        </State>
      )
    case 'withdrawn':
      return (
        <State title={said.withdrawn.heading}>
          <p>{said.withdrawn.text}</p>
        </State>
      )
    case 'left':
      return (
        <State title={words.work.left.heading}>
          <p>{words.work.left.text}</p>
        </State>
      )
    case 'not-found':
      return (
        <State title={said.notFound.heading}>
          <p>{said.notFound.text}</p>
        </State>
      )
    case 'unproven':
      return (
        <State title={said.unproven.heading} tone="bad" history={content.history}>
          <p>
            <strong>{said.unproven.subjects[content.subject]}</strong>
          </p>
          <p>{said.unproven.text}</p>
        </State>
      )
  }
}

interface StateProps {
  readonly title: string
  readonly tone?: 'warn' | 'bad'
  readonly history?: History | null
  readonly children: ComponentChildren
}

function State({ title, tone = 'warn', history = null, children }: StateProps) {
  return (
    <div class="case-body">
      <Notice tone={tone} title={title} urgent>
        {children}
      </Notice>
      {history && <HistoryView history={history} wasOpened={false} />}
    </div>
  )
}
