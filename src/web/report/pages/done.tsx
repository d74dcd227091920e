import { addDays } from '../../../protocol/day.ts'
import type { Connection } from '../connection.ts'
import type { Submitted } from '../engine.ts'
import { leave } from '../leaving.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { saveText } from '../parts/saving.ts'
import { useSpeech } from '../parts/speaking.tsx'

interface DoneProps {
  readonly connection: Connection
  readonly submitted: Submitted
  readonly readers: readonly string[]
  readonly onStart: () => void
}

export function DonePage({ connection, submitted, readers, onStart }: DoneProps) {
  const { words, day } = useSpeech()
  const { done } = words
  const { timers } = connection.trust.directory
  const received = submitted.receipt.day
  const acknowledged = day(addDays(received, timers.acknowledgeDays))
  return (
    <Page heading={done.heading} lead={done.received(day(received))}>
      <p class="aside">
        {done.to}: {readers.join(', ')}
      </p>
      <h2>{done.nextHeading}</h2>
      <ol class="timeline">
        <li>{done.acknowledged(acknowledged)}</li>
        <li>{done.look(day(addDays(received, timers.acknowledgeDays + 1)))}</li>
        <li>{done.feedback(day(addDays(received, timers.feedbackDays)))}</li>
      </ol>
      <Notice tone="warn">
        <p>{done.never}</p>
        <p>{done.tell}</p>
      </Notice>
      <details class="early">
        <summary>{done.receipt}</summary>
        <p>{done.receiptNote}</p>
        <Button onClick={() => saveText(done.receiptName, submitted.note)}>{done.receipt}</Button>
      </details>
      <Steps>
        <Button onClick={onStart}>{done.startAgain}</Button>
        <Button kind="main" onClick={leave}>
          {done.end}
        </Button>
      </Steps>
    </Page>
  )
}
