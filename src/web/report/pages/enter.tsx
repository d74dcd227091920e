import { useState } from 'preact/hooks'
import type { Connecting, Connection } from '../connection.ts'
import type { ReceiptCodeMistake } from '../engine.ts'
import { type MyReport, type OpeningTrouble, openingTrouble, openReport } from '../my-report.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { LineField } from '../parts/fields.tsx'
import { ConnectionNotice } from '../parts/frame.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface EnterProps {
  readonly connecting: Connecting
  readonly onBack: () => void
  readonly onOpened: (mine: MyReport) => void
}

/** What is hidden as it is typed is not said aloud either. */
function unseen(mistake: ReceiptCodeMistake): ReceiptCodeMistake {
  if (mistake.kind === 'symbol') return { ...mistake, symbol: '•' }
  return mistake.kind === 'word' ? { ...mistake, word: '•••', near: null } : mistake
}

export function EnterPage({ connecting, onBack, onOpened }: EnterProps) {
  const { words } = useSpeech()
  const { enter } = words
  const { state } = connecting
  const [text, setText] = useState('')
  const [hidden, setHidden] = useState(false)
  const [mistake, setMistake] = useState<ReceiptCodeMistake | null>(null)
  const [trouble, setTrouble] = useState<OpeningTrouble | null>(null)
  const [busy, setBusy] = useState(false)
  const open = async (connection: Connection) => {
    const { engine } = connection
    const found = engine.receiptCodeMistake(text)
    setMistake(found)
    setTrouble(null)
    if (found) return document.getElementById('code')?.focus()
    setBusy(true)
    try {
      const reporter = engine.reporterOf(connection.service, connection.trust, engine.parseReceiptCode(text))
      onOpened(await openReport(connection, reporter))
    } catch (error) {
      setTrouble(openingTrouble(engine, error))
      setBusy(false)
    }
  }
  const submit = (event?: Event) => {
    event?.preventDefault()
    if (state.kind === 'ready' && !busy) open(state.connection)
  }
  return (
    <Page heading={enter.heading} lead={enter.lead}>
      <ConnectionNotice {...connecting} />
      <form onSubmit={submit}>
        <LineField
          id="code"
          label={enter.label}
          help={enter.help}
          value={text}
          onChange={value => {
            setText(value)
            setMistake(null)
          }}
          error={mistake && enter.mistake(hidden ? unseen(mistake) : mistake)}
          masked={hidden}
          mono
        />
        <label class="option slim">
          <input
            type="checkbox"
            checked={hidden}
            onChange={event => setHidden(event.currentTarget.checked)}
          />
          <span>{enter.hide}</span>
        </label>
        {trouble && (
          <Notice tone={trouble === 'unproven' ? 'bad' : 'warn'} urgent>
            <p>{enter[trouble]}</p>
          </Notice>
        )}
        <Steps>
          <Button onClick={onBack}>{words.back}</Button>
          <button type="submit" class="button main" disabled={state.kind !== 'ready' || busy}>
            {busy ? enter.opening : enter.open}
          </button>
        </Steps>
      </form>
    </Page>
  )
}
