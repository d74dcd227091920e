import { addDays } from '../../../protocol/day.ts'
import { neutralise } from '../../page/untrusted-text.ts'
import type { Connection } from '../connection.ts'
import { leave } from '../leaving.ts'
import type { Engine } from '../load-engine.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { FileName } from '../parts/file-row.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { saveText } from '../parts/saving.ts'
import { useSpeech } from '../parts/speaking.tsx'
import type { Sent } from '../reporting.tsx'

interface DoneProps {
  readonly connection: Connection
  readonly sent: Sent
  readonly readers: readonly string[]
  readonly onStart: () => void
}

export function DonePage({ connection, sent, readers, onStart }: DoneProps) {
  const { words, day } = useSpeech()
  const { done } = words
  const { submitted, kept } = sent
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
      {kept.length > 0 && <KeptFiles engine={connection.engine} kept={kept} />}
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

function KeptFiles({ engine, kept }: Pick<Sent, 'kept'> & { readonly engine: Engine }) {
  const { words, size } = useSpeech()
  return (
    <details class="early">
      <summary>{words.keptFiles.title}</summary>
      <p>{words.keptFiles.text}</p>
      <ul class="plain-list">
        {kept.map((file, i) => (
          <li key={i}>
            <FileName name={neutralise(file.name)} size={size(file.size)} />
            <p class="mono hash">{engine.toHex(file.sha256)}</p>
          </li>
        ))}
      </ul>
    </details>
  )
}
