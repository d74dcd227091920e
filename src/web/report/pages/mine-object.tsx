// What is about to be objected to, above the text that says why.
import type { MyReport, Objecting } from '../my-report.ts'
import { Button } from '../parts/buttons.tsx'
import { Notice } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { deedOf, kindOf, nameIn } from './mine-agency.tsx'

interface ObjectingNoticeProps {
  readonly mine: MyReport
  readonly objecting: Objecting
  readonly busy: boolean
  readonly onStop: () => void
}

export function ObjectingNotice({ mine, objecting, busy, onStop }: ObjectingNoticeProps) {
  const speech = useSpeech()
  const { words, day } = speech
  const said = words.objecting
  const { agency, event } = objecting
  const { engine, trust } = mine.connection
  const kind = kindOf(event)
  const until =
    kind === 'decision' ? engine.lastDayFor(engine.toldBy(trust, mine.status, agency), 'objected') : null
  const readers = mine.status.agencies
    .filter(({ state }) => state === 'assigned')
    .map(({ id }) => nameIn(mine, id, speech))
  return (
    <Notice tone="plain" title={said.title}>
      <p>
        {nameIn(mine, agency.id, speech)}: {deedOf(mine, event, speech)} ({day(event.day)})
      </p>
      <p>
        {said.effect[kind]} {until !== null && said.until(day(until))}
      </p>
      {readers.length > 1 && <p>{said.readers(readers.join(', '))}</p>}
      <Button kind="quiet" onClick={onStop} disabled={busy}>
        {said.stop}
      </Button>
    </Notice>
  )
}
