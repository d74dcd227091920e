import { useState } from 'preact/hooks'
import { excessBytes } from '../answers.ts'
import { type MyReport, type WriteOutcome, writeMore } from '../my-report.ts'
import { Button } from '../parts/buttons.tsx'
import { TextField } from '../parts/fields.tsx'
import { Notice } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface WritingProps {
  readonly mine: MyReport
  readonly onChanged: () => void
  readonly onUnsaved: (unsaved: boolean) => void
}

/** Characters that a follow-up has too many of. */
function tooMany(text: string): number {
  if (text.length < 80_000) return 0
  const bytesEach = new TextEncoder().encode(text).length / text.length
  return Math.max(text.length - 400_000, Math.ceil(excessBytes({ version: 1, text }) / bytesEach), 0)
}

export function Writing({ mine, onChanged, onUnsaved }: WritingProps) {
  const { words, number, day } = useSpeech()
  const [text, setText] = useState('')
  const [error, setError] = useState<string | null>(null)
  const [outcome, setOutcome] = useState<WriteOutcome | 'busy' | null>(null)
  const change = (value: string) => {
    setText(value)
    setError(null)
    onUnsaved(value.trim() !== '')
  }
  const send = async () => {
    const over = tooMany(text)
    if (text.trim() === '' || over > 0) {
      setError(over > 0 ? words.tooLong(number(over)) : words.mine.writeEmpty)
      return document.getElementById('more')?.focus()
    }
    const unsure = outcome !== null && outcome !== 'busy' && outcome.kind === 'maybe' ? outcome.known : null
    setOutcome('busy')
    const next = await writeMore(mine, text, unsure)
    setOutcome(next)
    if (next.kind !== 'sent' && next.kind !== 'arrived') return
    change('')
    onChanged()
  }
  const { followUps } = mine.status
  const maybe = outcome !== null && outcome !== 'busy' && outcome.kind === 'maybe'
  return (
    <section aria-labelledby="write">
      <h2 id="write">{words.mine.write}</h2>
      <p>
        {words.mine.writeLead} {followUps.length > 0 && words.mine.followUps(followUps.length)}
      </p>
      <TextField
        id="more"
        label={words.mine.writeLabel}
        rows={6}
        value={text}
        onChange={change}
        error={error}
      />
      {outcome === 'busy' && <p role="status">{words.mine.writeSending}</p>}
      {outcome !== null && outcome !== 'busy' && (
        <Outcome outcome={outcome} day={day(mine.connection.trust.today)} />
      )}
      <Button kind="main" onClick={send} disabled={outcome === 'busy'}>
        {maybe ? words.mine.writeRetry : words.mine.writeSend}
      </Button>
    </section>
  )
}

function Outcome({ outcome, day }: { readonly outcome: WriteOutcome; readonly day: string }) {
  const { mine } = useSpeech().words
  switch (outcome.kind) {
    case 'sent':
      return (
        <Notice tone="good" urgent>
          {mine.writeSent(outcome.index, day)}
        </Notice>
      )
    case 'arrived':
      return (
        <Notice tone="good" urgent>
          {mine.writeArrived}
        </Notice>
      )
    case 'maybe':
      return (
        <Notice tone="warn" urgent>
          {mine.writeMaybe}
        </Notice>
      )
    case 'changed':
      return (
        <Notice tone="bad" urgent>
          {mine.writeChanged}
        </Notice>
      )
    case 'failed':
      return (
        <Notice tone="warn" urgent>
          {mine.writeFailed}
        </Notice>
      )
  }
}
