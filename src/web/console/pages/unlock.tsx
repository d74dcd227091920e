import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { buildInfo } from '../../page/build-info.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { Outside } from '../parts/frame.tsx'
import { LockIcon } from '../parts/icons.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { type Desk, serviceAddress, type UnlockProblem, unlockWith } from '../unlocking.ts'

/** Why there is a page to unlock where cases were before. */
export type LockReason = 'idle' | 'locked' | 'refused'

interface UnlockPageProps {
  readonly reason: LockReason | null
  readonly aside: ComponentChildren
  readonly onEnrol: () => void
  readonly onUnlocked: (desk: Desk) => void
}

export function UnlockPage({ reason, aside, onEnrol, onUnlocked }: UnlockPageProps) {
  const { words } = useSpeech()
  const { unlock } = words
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    if (reason !== null) title.current?.focus()
  }, [reason])
  return (
    <Outside aside={aside}>
      <div class="card unlock">
        <h1 ref={title} tabIndex={-1}>
          {unlock.heading}
        </h1>
        <p class="lead">{unlock.lead}</p>
        {reason !== null && (
          <Notice tone={reason === 'refused' ? 'bad' : 'plain'} urgent>
            <p>{unlock.reasons[reason]}</p>
          </Notice>
        )}
        <UnlockForm onUnlocked={onUnlocked} />
        <ul class="facts-list">
          {unlock.facts.map(fact => (
            <li key={fact}>{fact}</li>
          ))}
        </ul>
        <p class="first-time">
          {unlock.first} <Button onClick={onEnrol}>{unlock.enrol}</Button>
        </p>
        <AboutPage />
      </div>
    </Outside>
  )
}

function UnlockForm({ onUnlocked }: Pick<UnlockPageProps, 'onUnlocked'>) {
  const { unlock } = useSpeech().words
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  const [isShown, setShown] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<UnlockProblem | 'no-file' | null>(null)
  const field = useRef<HTMLInputElement>(null)
  const start = async (allowStale = false) => {
    if (!file) return setProblem('no-file')
    setBusy(true)
    setProblem(null)
    const outcome = await unlockWith(file, passphrase, allowStale)
    setBusy(false)
    if (outcome.kind === 'unlocked') return onUnlocked(outcome.desk)
    setProblem(outcome.kind)
    if (outcome.kind === 'passphrase-wrong' || outcome.kind === 'passphrase-needed') field.current?.focus()
  }
  const isAboutPassphrase = problem === 'passphrase-wrong' || problem === 'passphrase-needed'
  return (
    <form
      class="unlock-form"
      onSubmit={event => {
        event.preventDefault()
        if (!isBusy) void start()
      }}
    >
      <KeyFileField file={file} onFile={setFile} />
      <div class="field">
        <label for="passphrase">{unlock.passphrase}</label>
        <input
          ref={field}
          id="passphrase"
          {...(isShown ? { type: 'text' as const } : { type: 'password' as const })}
          value={passphrase}
          onInput={event => setPassphrase(event.currentTarget.value)}
          aria-describedby="passphrase-help"
          aria-invalid={isAboutPassphrase ? true : undefined}
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
        />
        <p id="passphrase-help" class="help">
          {unlock.passphraseHelp}
        </p>
        <label class="option">
          <input type="checkbox" checked={isShown} onChange={() => setShown(!isShown)} />
          <span>{unlock.show}</span>
        </label>
      </div>
      <button type="submit" class="button main" aria-disabled={isBusy}>
        <LockIcon />
        {unlock.go}
      </button>
      <div aria-live="polite">{isBusy && <p class="busy">{unlock.busy}</p>}</div>
      <div role="alert">
        {problem !== null && <Problem problem={problem} onStale={() => void start(true)} />}
      </div>
    </form>
  )
}

interface ProblemProps {
  readonly problem: UnlockProblem | 'no-file'
  /** Goes on with an expired directory. */
  readonly onStale: () => void
}

function Problem({ problem, onStale }: ProblemProps) {
  const { words } = useSpeech()
  if (problem === 'no-file') return <Notice tone="warn" title={words.unlock.fileFirst} />
  const { title, text } = words.unlock.problems[problem]
  const isGrave = ['other-deployment', 'unproven', 'certificate-wrong', 'refused'].includes(problem)
  return (
    <Notice tone={isGrave ? 'bad' : 'warn'} title={title}>
      <p>{text}</p>
      {problem === 'directory-expired' && <Button onClick={onStale}>{words.unlock.goOnStale}</Button>}
      {(problem === 'outdated' || problem === 'broken') && (
        <Button onClick={() => location.reload()}>{words.reload}</Button>
      )}
    </Notice>
  )
}

interface KeyFileFieldProps {
  readonly file: File | null
  readonly onFile: (file: File | null) => void
}

function KeyFileField({ file, onFile }: KeyFileFieldProps) {
  const { unlock } = useSpeech().words
  const [isOver, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way beside the button in it.
    <div
      class={isOver ? 'file-field over' : 'file-field'}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        onFile(event.dataTransfer?.files[0] ?? null)
      }}
    >
      <label for="key-file">{unlock.file}</label>
      <input
        id="key-file"
        class="unseen"
        type="file"
        aria-describedby="key-file-name"
        onChange={event => onFile(event.currentTarget.files?.[0] ?? null)}
      />
      <label for="key-file" class="button" aria-hidden="true">
        {file ? unlock.change : unlock.choose}
      </label>
      <p id="key-file-name" class={file ? 'file-name mono' : 'file-name'}>
        {file ? <bdi>{file.name}</bdi> : unlock.noFile}
      </p>
    </div>
  )
}

/** What this page is, to be compared before it is trusted with a passphrase. */
function AboutPage() {
  const { unlock } = useSpeech().words
  const { version, source, deployment } = buildInfo()
  const { words } = useSpeech()
  return (
    <details class="about">
      <summary>{unlock.check}</summary>
      <dl class="pairs">
        <dt>{unlock.service}</dt>
        <dd class="mono">{serviceAddress()}</dd>
        <dt>{unlock.version}</dt>
        <dd class="mono">{version}</dd>
        <dt>{unlock.source}</dt>
        <dd class="mono">{source}</dd>
        {deployment !== null && (
          <>
            <dt>{words.enrol.deployment}</dt>
            <dd class="mono">{deployment}</dd>
          </>
        )}
      </dl>
      <p>
        <a href="bongsu-web-manifest.json">{unlock.manifest}</a>
      </p>
    </details>
  )
}
