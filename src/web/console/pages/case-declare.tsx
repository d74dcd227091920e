import { useState } from 'preact/hooks'
import type { Room } from '../case-room.ts'
import { Button } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface DeclarePageProps {
  readonly room: Room
  readonly isBusy: boolean
}

/** Before anything is fetched: who must not open it, and what opening does. */
export function DeclarePage({ room, isBusy }: DeclarePageProps) {
  const { declare } = useSpeech().words.case
  const [isConfirmed, setConfirmed] = useState(room.current().isDeclared)
  const [isMissing, setMissing] = useState(false)
  const open = () => {
    if (!isConfirmed) return setMissing(true)
    room.declare()
    void room.open()
  }
  return (
    <div class="case-body declare">
      <h3>{declare.heading}</h3>
      <p>{declare.lead}</p>
      <ul class="grounds">
        {declare.grounds.map(ground => (
          <li key={ground}>{ground}</li>
        ))}
      </ul>
      <div class="confirm">
        <label class="option">
          <input
            type="checkbox"
            checked={isConfirmed}
            aria-describedby="declare-note declare-missing"
            onChange={event => {
              setConfirmed(event.currentTarget.checked)
              setMissing(false)
            }}
          />
          <span>{declare.confirm}</span>
        </label>
        <p id="declare-note" class="help">
          {declare.confirmNote}
        </p>
        <p id="declare-missing" class="error" aria-live="polite">
          {isMissing && declare.confirmFirst}
        </p>
      </div>
      <h3>{declare.happens}</h3>
      <ul>
        {declare.happensList.map(what => (
          <li key={what}>{what}</li>
        ))}
      </ul>
      <div class="button-row">
        <Button kind="main" onClick={open} disabled={isBusy}>
          {declare.open}
        </Button>
      </div>
      <h3>{declare.conflictHeading}</h3>
      <p>{declare.conflictText}</p>
      <div class="button-row">
        <Button onClick={() => void room.declareConflict()} disabled={isBusy}>
          {declare.conflict}
        </Button>
      </div>
    </div>
  )
}
