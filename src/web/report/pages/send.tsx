import { useEffect, useRef, useState } from 'preact/hooks'
import type { Connection } from '../connection.ts'
import type { ListedFile, PreparedReport, Submitted } from '../engine.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { FilesTroubleNotice } from '../parts/files-trouble.tsx'
import { CheckIcon } from '../parts/icons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { UploadProgress } from '../parts/upload-progress.tsx'
import { type Outgoing, type Sending, type SendingStep, sealAndSend, sendSealed } from '../sending.ts'
import type { Uploading, UploadView } from '../uploading.ts'

interface SendProps {
  readonly connection: Connection
  readonly outgoing: Outgoing
  readonly uploadingNow: () => Uploading
  readonly onSent: (prepared: PreparedReport, submitted: Submitted, kept: readonly ListedFile[]) => void
  /** Fetches keys anew: those that were used were refused. */
  readonly onAfresh: () => void
  readonly onCheck: () => void
  /** Back to choosing files. */
  readonly onFiles: () => void
}

const BEGIN: Sending = { kind: 'under-way', step: 'prepare', waiting: false }

export function SendPage(props: SendProps) {
  const { connection, outgoing, uploadingNow, onSent, onCheck } = props
  const { words } = useSpeech()
  const { send } = words
  const [sending, setSending] = useState<Sending>(BEGIN)
  const [view, setView] = useState<UploadView | null>(null)
  const controller = useRef(new AbortController())
  // From then on stopping would throw away the code of a report that has perhaps arrived.
  const mayHaveArrived = useRef(false)
  const wasUnclear = useRef(false)
  const run = async (prepared: PreparedReport | null) => {
    const { signal } = controller.current
    const uploading = uploadingNow()
    const onStep = (step: SendingStep, waiting: boolean) => {
      mayHaveArrived.current ||= step === 'send'
      if (!signal.aborted) setSending({ kind: 'under-way', step, waiting })
    }
    const watching = { signal, onStep, onUpload: setView }
    setSending(BEGIN)
    const next = prepared
      ? await sendSealed(connection, prepared, watching)
      : await sealAndSend(connection, outgoing, uploading, watching)
    if (signal.aborted) return
    if (next.kind === 'refused' && next.areFilesGone) uploading.forget()
    wasUnclear.current ||= next.kind === 'maybe' || next.kind === 'unproven'
    if (next.kind !== 'sent') return setSending(next)
    uploading.settle()
    onSent(next.prepared, next.submitted, uploading.kept())
  }
  const stop = () => {
    // The button may still stand on the screen.
    if (mayHaveArrived.current) return
    controller.current.abort()
    uploadingNow().cancel()
    onCheck()
  }
  useEffect(() => {
    run(null)
    // Leaving the page ends what is under way; it is started once.
    return () => {
      controller.current.abort()
      uploadingNow().stop()
    }
  }, [])
  const isUnderWay = sending.kind === 'under-way'
  const isSendingFiles = isUnderWay && sending.step === 'files'
  const stoppable = isUnderWay && !isSendingFiles && !mayHaveArrived.current
  return (
    <Page heading={isUnderWay ? send.heading : send.stopped} lead={isUnderWay ? send.stay : undefined}>
      {isUnderWay && (
        <StepList at={sending.step} waiting={sending.waiting} hasFiles={uploadingNow().chosen.length > 0} />
      )}
      {isSendingFiles && view && (
        <UploadProgress
          view={view}
          onPause={() => uploadingNow().pause()}
          onGoOn={() => uploadingNow().goOn()}
          onCancel={stop}
        />
      )}
      <Failure {...props} sending={sending} wasUnclear={wasUnclear.current} onRetry={run} />
      {stoppable && (
        <Steps>
          <Button onClick={stop}>{send.abort}</Button>
        </Steps>
      )}
    </Page>
  )
}

const ORDER: readonly SendingStep[] = ['prepare', 'files', 'seal', 'work', 'send']

interface StepListProps {
  readonly at: SendingStep
  readonly waiting: boolean
  readonly hasFiles: boolean
}

function StepList({ at, waiting, hasFiles }: StepListProps) {
  const { send } = useSpeech().words
  const order = ORDER.filter(step => hasFiles || step !== 'files')
  const now = order.indexOf(at)
  return (
    <>
      <ol class="sending">
        {order.map((step, i) => (
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
  /** An attempt before this one may have arrived. */
  readonly wasUnclear: boolean
  readonly onRetry: (prepared: PreparedReport | null) => void
}

function Failure({ connection, sending, wasUnclear, onRetry, onAfresh, onCheck, onFiles }: FailureProps) {
  const { send } = useSpeech().words
  switch (sending.kind) {
    case 'files':
      return <FilesTroubleNotice trouble={sending.trouble} onRetry={() => onRetry(null)} onFiles={onFiles} />
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
          <p>{wasUnclear ? send.refused.unclear : send.refused.text}</p>
          {wasUnclear && sending.prepared && (
            <EarlyCode code={connection.engine.formatReceiptCode(sending.prepared.code)} />
          )}
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
