import { useLayoutEffect, useRef } from 'preact/hooks'
import { Button } from './buttons.tsx'

interface SureProps {
  readonly question: string
  readonly no: string
  readonly yes: string
  readonly busy?: boolean
  readonly onNo: () => void
  readonly onYes: () => void
}

/** Asks before what cannot be undone. The focus comes here: the button that asked is gone. */
export function Sure({ question, no, yes, busy = false, onNo, onYes }: SureProps) {
  const box = useRef<HTMLFieldSetElement>(null)
  useLayoutEffect(() => box.current?.focus(), [])
  return (
    <fieldset ref={box} class="sure" tabIndex={-1}>
      <legend class="unseen">{question}</legend>
      <p aria-hidden="true">{question}</p>
      <div class="button-row">
        <Button onClick={onNo} disabled={busy}>
          {no}
        </Button>
        <Button kind="danger" onClick={onYes} disabled={busy}>
          {yes}
        </Button>
      </div>
    </fieldset>
  )
}
