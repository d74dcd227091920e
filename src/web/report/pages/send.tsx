import { useEffect, useRef, useState } from 'preact/hooks'
import type { Connection } from '../connection.ts'
import type { PreparedReport, Submitted } from '../engine.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { CheckIcon } from '../parts/icons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { type Outgoing, type Sending, type SendingStep, sealAndSend, sendSealed } from '../sending.ts'

interface SendProps {
  readonly connection: Connection
  readonly outgoing: Outgoing
  readonly onSent: (prepared: PreparedReport, submitted: Submitted) => void
  /** Fetches keys anew: those that were used were refused. */
  readonly onAfresh: () => void
  readonly onCheck: () => void
}

const BEGIN: Sending = { kind: 'under-way', step: 'prepare', waiting: false }

export function SendPage(props: SendProps) {
  const { connection, outgoing, onSent, onCheck } = props
  const { words } = useSpeech()
  const { send } = words
  const [sending, setSending] = useState<Sending>(BEGIN)
  const controller = useRef(new AbortController())
  const run = async (prepared: PreparedReport | null) => {
    const { signal } = controller.current
    const onStep = (step: SendingStep, waiting: boolean) => {
      if (!signal.aborted) setSending({ kind: 'under-way', step, waiting })
    }
    const watching = { signal, onStep }
    setSending(BEGIN)
    const next = prepared
      ? await sendSealed(connection, prepared, watching)
      : await sealAndSend(connection, outgoing, watching)
    if (next.kind === 'sent') onSent(next.prepared, next.submitted)
    else if (next.kind === 'stopped') onCheck()
    else setSending(next)
  }
  useEffect(() => {
    run(null)
    // Leaving the page ends what is under way; it is started once.
    return () => controller.current.abort()
  }, [])
  const isUnderWay = sending.kind === 'under-way'
  const stoppable = isUnderWay && sending.step !== 'send'
  return (
    <Page heading={isUnderWay ? send.heading : send.stopped} lead={isUnderWay ? send.stay : undefined}>
      {isUnderWay && <StepList at={sending.step} waiting={sending.waiting} />}
      <Failure {...props} sending={sending} onRetry={run} />
      {stoppable && (
        <Steps>
          <Button onClick={() => controller.current.abort()}>{send.abort}</Button>
        </Steps>
      )}
    </Page>
  )
}

const ORDER: readonly SendingStep[] = ['prepare', 'seal', 'work', 'send']

function StepList({ at, waiting }: { readonly at: SendingStep; readonly waiting: boolean }) {
  const { send } = useSpeech().words
  const now = ORDER.indexOf(at)
  return (
    <>
      <ol class="sending">
        {ORDER.map((step, i) => (
          <li key={step} class={i < now ? 'past' : i === now ? 'here' : ''}>
            <span class="dot">{i < now && <CheckIcon />}</span>
            {send.steps[step]}
            <span class="unseen">{i < now ? send.done : i === now ? send.now : ''}</span>
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {send.steps[at]}
      </p>
      {waiting && (
        <p class="help" role="status">
          {send.waiting}
        </p>
      )}
    </>
  )
}

interface FailureProps extends SendProps {
  readonly sending: Sending
  readonly onRetry: (prepared: PreparedReport | null) => void
}

function Failure({ connection, sending, onRetry, onAfresh, onCheck }: FailureProps) {
  const { send } = useSpeech().words
  switch (sending.kind) {
    case 'maybe':
    case 'unproven': {
      const { title, text } = send[sending.kind]
      const offline = sending.kind === 'maybe' && !navigator.onLine
      return (
        <Notice tone="warn" title={title} urgent>
          <p>{text}</p>
          {offline && <p>{send.maybe.offline}</p>}
          <Button kind="main" onClick={() => onRetry(sending.prepared)}>
            {send.retry}
          </Button>
          <EarlyCode code={connection.engine.formatReceiptCode(sending.prepared.code)} />
        </Notice>
      )
    }
    case 'busy':
      return (
        <Notice tone="warn" title={send.refused.busy} urgent>
          <Button kind="main" onClick={() => onRetry(sending.prepared)}>
            {send.retry}
          </Button>
          <EarlyCode code={connection.engine.formatReceiptCode(sending.prepared.code)} />
        </Notice>
      )
    case 'refused':
      return (
        <Notice tone="warn" title={send.refused.title} urgent>
          <p>{send.refused.text}</p>
          <Button kind="main" onClick={onAfresh}>
            {send.refused.again}
          </Button>
          <Button onClick={onCheck}>{send.backToCheck}</Button>
        </Notice>
      )
    case 'too-long':
      return (
        <Notice tone="warn" title={send.tooLong} urgent>
          <Button kind="main" onClick={onCheck}>
            {send.backToCheck}
          </Button>
        </Notice>
      )
    default:
      return null
  }
}

/** For whoever must go before an answer comes. */
function EarlyCode({ code }: { readonly code: string }) {
  const { send } = useSpeech().words
  return (
    <details class="early">
      <summary>{send.maybe.code}</summary>
      <p>{send.maybe.codeText}</p>
      <p class="code-line mono">{code}</p>
    </details>
  )
}
