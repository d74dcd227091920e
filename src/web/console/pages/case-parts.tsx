import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { CaseContent } from '../case-content.ts'
import type { Room, RoomState } from '../case-room.ts'
import type { InboxCase } from '../inbox.ts'
import { useAtWork } from '../parts/at-work.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { useKeys } from '../parts/keyboard.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { HistoryView } from './history.tsx'
import { ReportView } from './report.tsx'
import { TalkView } from './talk.tsx'
import { TechnicalView } from './technical.tsx'
import { WorkView } from './work.tsx'

const PARTS = ['report', 'talk', 'work', 'history', 'technical'] as const
type Part = (typeof PARTS)[number]

export type Opened = Extract<CaseContent, { kind: 'opened' }>

interface CasePartsProps {
  readonly room: Room
  readonly state: RoomState
  readonly content: Opened
  readonly entry: InboxCase | null
  readonly hasLetters: boolean
}

export function CaseParts({ room, state, content, entry, hasLetters }: CasePartsProps) {
  const [part, setPart] = useState<Part>('report')
  const wasAcknowledged = useRef(content.isAcknowledged)
  useLayoutEffect(() => {
    // The button that did it is gone, and the focus with it.
    if (content.isAcknowledged && !wasAcknowledged.current) document.getElementById(`tab-${part}`)?.focus()
    wasAcknowledged.current = content.isAcknowledged
  }, [content.isAcknowledged, part])
  const write = () => {
    setPart('talk')
    // It is in the page only afterwards.
    setTimeout(() => document.getElementById('reply')?.focus())
  }
  useKeys(
    {
      1: () => setPart('report'),
      2: () => setPart('talk'),
      3: () => setPart('work'),
      4: () => setPart('history'),
      5: () => setPart('technical'),
      r: write,
    },
    hasLetters,
  )
  return (
    <>
      {part !== 'history' && <HistoryWarning verdict={content.history.verdict} />}
      <Wish withdrawal={content.opened.withdrawal} />
      <Acknowledging room={room} content={content} isBusy={state.busy !== null} />
      <Tabs part={part} onPart={setPart} content={content} />
      <div class="case-body" role="tabpanel" id="case-panel" aria-labelledby={`tab-${part}`} tabIndex={-1}>
        {part === 'report' && <ReportView room={room} works={state.files} content={content} entry={entry} />}
        {part === 'talk' && <TalkView room={room} state={state} content={content} />}
        {part === 'work' && <WorkView room={room} state={state} content={content} />}
        {part === 'history' && <HistoryView history={content.history} wasOpened />}
        {part === 'technical' && <TechnicalView read={content.opened} isOpened />}
      </div>
    </>
  )
}

interface TabsProps {
  readonly part: Part
  readonly onPart: (part: Part) => void
  readonly content: Opened
}

function Tabs({ part, onPart, content }: TabsProps) {
  const { words, number } = useSpeech()
  const counts: Partial<Record<Part, number>> = {
    talk: content.opened.followUps.length,
    history: content.history.entries.length,
  }
  const isBad = content.history.verdict !== 'sound'
  const move = (by: number) => {
    const next = PARTS[(PARTS.indexOf(part) + by + PARTS.length) % PARTS.length] ?? 'report'
    onPart(next)
    document.getElementById(`tab-${next}`)?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={words.case.tabsLabel}>
      {PARTS.map(name => (
        <button
          key={name}
          id={`tab-${name}`}
          type="button"
          role="tab"
          class={name === 'history' && isBad ? 'bad' : undefined}
          aria-selected={part === name}
          aria-controls="case-panel"
          tabIndex={part === name ? 0 : -1}
          onClick={() => onPart(name)}
          onKeyDown={event => {
            if (event.key === 'ArrowRight') move(1)
            if (event.key === 'ArrowLeft') move(-1)
          }}
        >
          {words.case.tabs[name]}
          {(counts[name] ?? 0) > 0 && <span class="tab-count">{number(counts[name] ?? 0)}</span>}
        </button>
      ))}
    </div>
  )
}

/** On every part: whoever reads only the report must not miss it. */
function HistoryWarning({ verdict }: { readonly verdict: Opened['history']['verdict'] }) {
  const { history } = useSpeech().words.case
  if (verdict === 'sound') return null
  const isBroken = verdict === 'broken'
  return (
    <Notice tone="bad" title={isBroken ? history.brokenTitle : history.forgedTitle} urgent>
      <p>{isBroken ? history.brokenText : history.forgedText}</p>
    </Notice>
  )
}

function Wish({ withdrawal }: { readonly withdrawal: Opened['opened']['withdrawal'] }) {
  const { wish } = useSpeech().words.case
  if (withdrawal === 'none') return null
  return withdrawal === 'wished' ? (
    <Notice tone="warn" title={wish.wished}>
      <p>{wish.wishedText}</p>
    </Notice>
  ) : (
    <Notice tone="bad" title={wish.forged}>
      <p>{wish.forgedText}</p>
    </Notice>
  )
}

interface AcknowledgingProps {
  readonly room: Room
  readonly content: Opened
  readonly isBusy: boolean
}

/** What it tells is said before it is done. */
function Acknowledging({ room, content, isBusy }: AcknowledgingProps) {
  const { words, language } = useSpeech()
  const { acknowledge } = words.case
  const { session } = useAtWork()
  const choice = content.work.choices.find(({ action }) => action === 'acknowledged')
  // Not by an auditor, and not where the case is only offered.
  if (choice?.obstacle !== null) return null
  if (!content.isAcknowledged) {
    return (
      <Notice tone="plain" title={acknowledge.heading}>
        <p>{acknowledge.tells}</p>
        <ul>
          {acknowledge.tellsList(session.agency.names[language]).map(what => (
            <li key={what}>{what}</li>
          ))}
        </ul>
        <p>{acknowledge.also}</p>
        <Button kind="main" onClick={() => void room.acknowledge()} disabled={isBusy}>
          {acknowledge.go}
        </Button>
      </Notice>
    )
  }
  if (!content.isHandOnDue) return null
  return (
    <Notice tone="warn" title={acknowledge.handOn}>
      <p>{acknowledge.handOnText}</p>
      <Button onClick={() => void room.acknowledge()} disabled={isBusy}>
        {acknowledge.handOnGo}
      </Button>
    </Notice>
  )
}
