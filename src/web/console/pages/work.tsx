// Handling a case: where it stands, what is due, what may be done, and notes for colleagues.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { rowsOf } from '../../../protocol/lifecycle.ts'
import type { Choice } from '../../../protocol/lifecycle-guards.ts'
import { OBSTACLES } from '../../../protocol/lifecycle-obstacles.ts'
import type { Acted } from '../case-acting.ts'
import type { Room, RoomState } from '../case-room.ts'
import { Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { Opened } from './case-parts.tsx'
import { OpenObjections, objectingFollowUp } from './objections.tsx'
import { ActionPanel } from './work-actions.tsx'
import { ClocksView } from './work-clocks.tsx'
import { ActionForm } from './work-form.tsx'
import { NoteBox } from './work-notes.tsx'
import { StandingView } from './work-standing.tsx'

export interface WorkProps {
  readonly room: Room
  readonly state: RoomState
  readonly content: Opened
}

interface Chosen {
  readonly action: Choice['action']
  readonly subject: string
}

export function WorkView({ room, state, content }: WorkProps) {
  const { work: said } = useSpeech().words
  const [chosen, setChosen] = useState<Chosen | null>(null)
  const choose = (action: Chosen['action'], subject = objectingFollowUp(content, action)) =>
    setChosen({ action, subject })
  const choice = content.work.choices.find(({ action }) => action === chosen?.action) ?? null
  // Somebody else was first: what it says now is why it is not open any more.
  const isOpen = choice !== null && choice.obstacle === null
  const heading = useRef<HTMLHeadingElement>(null)
  const last = useRef<string | null>(null)
  const close = () => {
    last.current = chosen?.action ?? null
    setChosen(null)
  }
  useLayoutEffect(() => {
    if (isOpen || last.current === null) return
    // Back to the button that was pressed, or where it stood.
    const button = document.getElementById(`act-${last.current}`)
    last.current = null
    const around = button?.closest('details')
    if (around) around.open = true
    ;(button ?? heading.current)?.focus()
  }, [isOpen])
  return (
    <section class="work" aria-label={said.label}>
      <StandingView work={content.work} />
      <ClocksView work={content.work} />
      <section class="actions" aria-labelledby="actions-heading">
        <h3 id="actions-heading" ref={heading} tabIndex={-1}>
          {said.actions.heading}
        </h3>
        <Outcome acted={state.acted} />
        {choice && isOpen ? (
          <ActionForm
            key={choice.action}
            room={room}
            state={state}
            content={content}
            choice={choice}
            subject={chosen?.subject ?? ''}
            onClose={close}
          />
        ) : (
          <>
            <OpenObjections content={content} isBusy={state.busy !== null} onChoose={choose} />
            <ActionPanel choices={content.work.choices} isBusy={state.busy !== null} onChoose={choose} />
          </>
        )}
      </section>
      <NoteBox room={room} state={state} content={content} />
    </section>
  )
}

/** What came of the last action: said aloud, and there until the next. */
function Outcome({ acted }: { readonly acted: Acted | null }) {
  const { words, language } = useSpeech()
  const said = words.work.actions
  const label = acted ? (rowsOf(acted.action)[0]?.label[language] ?? acted.action) : ''
  const notDone = acted?.notDone ?? null
  return (
    <div role="status">
      {acted && !notDone && acted.action !== 'noted' && (
        <Notice tone="good">
          <p>{said.done(label)}</p>
        </Notice>
      )}
      {notDone && (
        <Notice tone="warn" title={said.notDone(label)}>
          <p>{notDone.kind === 'obstacle' ? OBSTACLES[notDone.obstacle][language] : said[notDone.kind]}</p>
        </Notice>
      )}
    </div>
  )
}
