import { useEffect, useState } from 'preact/hooks'
import { excessBytes } from '../answers.ts'
import type { ChosenFile } from '../evidence.ts'
import { type MyReport, type Objecting, type WriteOutcome, writeMore } from '../my-report.ts'
import { Button } from '../parts/buttons.tsx'
import { EvidenceFiles, type EvidenceFilesProps, useFilesError } from '../parts/evidence-files.tsx'
import { TextField } from '../parts/fields.tsx'
import { FilesTroubleNotice } from '../parts/files-trouble.tsx'
import { Notice } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { UploadProgress } from '../parts/upload-progress.tsx'
import type { FilesTrouble } from '../sending.ts'
import { type UploadView, useUploading } from '../uploading.ts'
import { ObjectingNotice } from './mine-object.tsx'

interface WritingProps {
  readonly mine: MyReport
  readonly objecting: Objecting | null
  readonly onObjecting: (objecting: Objecting | null) => void
  readonly onChanged: () => void
  readonly onUnsaved: (unsaved: boolean) => void
}

/** Characters that a follow-up has too many of. */
function tooMany(text: string, files: readonly ChosenFile[]): number {
  if (text.length < 80_000) return 0
  const bytesEach = new TextEncoder().encode(text).length / text.length
  const excess = excessBytes({ version: 1, text }, files)
  return Math.max(text.length - 400_000, Math.ceil(excess / bytesEach), 0)
}

type State =
  | { readonly kind: 'idle' | 'busy' }
  | { readonly kind: 'uploading'; readonly view: UploadView | null }
  | { readonly kind: 'trouble'; readonly trouble: FilesTrouble }
  | { readonly kind: 'outcome'; readonly outcome: WriteOutcome }

/** What is being written, and its way to the agencies: files first, as a whole; then the text that names them. */
function useFollowUp({ mine, objecting, onObjecting, onChanged, onUnsaved }: WritingProps) {
  const [text, setText] = useState('')
  const [files, setFiles] = useState<readonly ChosenFile[]>([])
  const [state, setState] = useState<State>({ kind: 'idle' })
  /** The highest number before an answer that did not come back. */
  const [unsure, setUnsure] = useState<number | null>(null)
  const uploadingFor = useUploading()
  const uploading = () => uploadingFor(mine.connection, files)
  useEffect(() => onUnsaved(text.trim() !== '' || files.length > 0), [text, files])
  // Withdrawn meanwhile: nobody is left to write to.
  useEffect(() => () => onUnsaved(false), [])
  const send = async () => {
    const upload = uploading()
    setState(files.length > 0 ? { kind: 'uploading', view: null } : { kind: 'busy' })
    const uploaded = await upload.run(view => setState({ kind: 'uploading', view }))
    if (uploaded.kind === 'stopped') return
    if (uploaded.kind !== 'ready') return setState({ kind: 'trouble', trouble: uploaded })
    setState({ kind: 'busy' })
    const outcome = await writeMore(mine, { text, files: uploaded.files, objecting }, unsure)
    setState({ kind: 'outcome', outcome })
    setUnsure(outcome.kind === 'maybe' ? outcome.known : null)
    if (outcome.kind === 'files-gone') upload.forget()
    if (outcome.kind !== 'sent' && outcome.kind !== 'arrived') return
    upload.settle()
    setText('')
    setFiles([])
    onObjecting(null)
    onChanged()
  }
  const stop = () => {
    uploading().cancel()
    setState({ kind: 'idle' })
  }
  return { text, setText, files, setFiles, state, uploading, send, stop }
}

export function Writing(props: WritingProps) {
  const { mine, objecting, onObjecting } = props
  const { words, number } = useSpeech()
  const [error, setError] = useState<string | null>(null)
  const writing = useFollowUp(props)
  const { text, files, state } = writing
  const filesError = useFilesError(mine.connection, files)
  const isBusy = state.kind === 'busy' || state.kind === 'uploading'
  const isUnsure = state.kind === 'outcome' && state.outcome.kind === 'maybe'
  const send = () => {
    const over = tooMany(text, files)
    const isEmpty = text.trim() === ''
    setError(over > 0 ? words.tooLong(number(over)) : isEmpty ? words.mine.writeEmpty : null)
    if (over > 0 || isEmpty) document.getElementById('more')?.focus()
    else if (filesError !== null) document.getElementById('files')?.focus()
    else void writing.send()
  }
  useEffect(() => {
    if (!objecting) return
    document.getElementById('write')?.scrollIntoView()
    document.getElementById('more')?.focus({ preventScroll: true })
  }, [objecting])
  const { followUps } = mine.status
  return (
    <section aria-labelledby="write">
      <h2 id="write">{words.mine.write}</h2>
      <p>
        {words.mine.writeLead} {followUps.length > 0 && words.mine.followUps(followUps.length)}
      </p>
      {objecting && (
        <ObjectingNotice mine={mine} objecting={objecting} busy={isBusy} onStop={() => onObjecting(null)} />
      )}
      <TextField
        id="more"
        label={objecting ? words.objecting.label : words.mine.writeLabel}
        rows={6}
        value={text}
        onChange={value => {
          writing.setText(value)
          setError(null)
        }}
        error={error}
        readOnly={isBusy}
      />
      <MoreFiles hidden={isBusy} files={files} onFiles={writing.setFiles} connection={mine.connection} />
      <Standing {...writing} mine={mine} onRetry={send} />
      <Button kind="main" onClick={send} disabled={isBusy}>
        {isUnsure ? words.mine.writeRetry : words.mine.writeSend}
      </Button>
    </section>
  )
}

/** Behind a line of its own: most of what is added later is words. */
function MoreFiles({ hidden, ...props }: EvidenceFilesProps & { readonly hidden: boolean }) {
  const { mine } = useSpeech().words
  const [isOpen, setOpen] = useState(false)
  if (hidden) return null
  return (
    <details class="more-files" open={isOpen} onToggle={event => setOpen(event.currentTarget.open)}>
      <summary>{mine.writeFiles}</summary>
      <EvidenceFiles {...props} />
    </details>
  )
}

type StandingProps = Pick<ReturnType<typeof useFollowUp>, 'state' | 'uploading' | 'stop'> & {
  readonly mine: MyReport
  readonly onRetry: () => void
}

function Standing({ state, uploading, stop, mine, onRetry }: StandingProps) {
  const { words, day } = useSpeech()
  switch (state.kind) {
    case 'idle':
      return null
    case 'busy':
      return <p role="status">{words.mine.writeSending}</p>
    case 'uploading':
      return state.view ? (
        <UploadProgress
          view={state.view}
          onPause={() => uploading().pause()}
          onGoOn={() => uploading().goOn()}
          onCancel={stop}
        />
      ) : null
    case 'trouble': {
      const toFiles = () => document.getElementById('files')?.focus()
      return <FilesTroubleNotice trouble={state.trouble} onRetry={onRetry} onFiles={toFiles} />
    }
    case 'outcome':
      return <Outcome outcome={state.outcome} day={day(mine.connection.trust.today)} />
  }
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
    case 'files-gone':
      return (
        <Notice tone="warn" urgent>
          {mine.writeFilesGone}
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
