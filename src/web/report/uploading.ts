// Files on their way, before the message that names them: hashed, sealed, sent; paused, broken off and gone on with.
import { useCallback, useEffect, useRef } from 'preact/hooks'
import { createBreath } from '../page/breathing.ts'
import { sourceOf } from '../page/file-source.ts'
import { cleaned } from './cleaning.ts'
import type { Connection } from './connection.ts'
import type { ListedFile, MessageFiles, UploadedFiles, UploadState } from './engine.ts'
import type { ChosenFile } from './evidence.ts'
import { createPace } from './remaining.ts'

export interface UploadView {
  /** Of kept files the hash is taken; the others are sealed and sent. */
  readonly stage: 'hash' | 'prepare' | 'send'
  readonly pace: 'running' | 'paused' | 'lost'
  /** Bytes. */
  readonly done: number
  readonly length: number
  readonly secondsLeft: number | null
}

export type ReadyFiles = MessageFiles | UploadedFiles

export type UploadOutcome =
  | { readonly kind: 'ready'; readonly files: ReadyFiles | null }
  | { readonly kind: 'stopped' }
  /** What has arrived waits for a day: `run` goes on. */
  | { readonly kind: 'lost' }
  | { readonly kind: 'unreadable'; readonly name: string }
  /** `run` begins anew. */
  | { readonly kind: 'too-large' | 'full' | 'expired' | 'failed' }

export interface Uploading {
  readonly chosen: readonly ChosenFile[]
  /** Of those that are kept, once their hashes are taken. */
  kept(): readonly ListedFile[]
  /** Again after it ended: goes on where it stopped; nothing is sent twice. */
  run(onView: (view: UploadView) => void): Promise<UploadOutcome>
  pause(): void
  goOn(): void
  /** Stops, and can be run again. */
  stop(): void
  /** Stops, and has the service delete what arrived. */
  cancel(): void
  /** The message has them now. */
  settle(): void
  /** The message did not take these: has the service delete them, and the next run begins anew. */
  forget(): void
}

const BEGIN: UploadView = { stage: 'prepare', pace: 'running', done: 0, length: 0, secondsLeft: null }

export function createUploading(connection: Connection, chosen: readonly ChosenFile[]): Uploading {
  let controller = new AbortController()
  let sent: UploadState | null = null
  let kept: readonly ListedFile[] | null = null
  let ready: ReadyFiles | null = null
  const gate = createGate()

  const forget = () => {
    const { engine, service } = connection
    // Where this does not arrive, the service deletes it after a day; without the key it is noise.
    if (sent) engine.giveUpUpload(service, sent.upload).catch(() => undefined)
    sent = null
    ready = null
  }
  const stop = () => {
    controller.abort()
    gate.open()
  }
  const upload = async (shown: Shown, signal: AbortSignal, onReading: (name: string) => void) => {
    const { engine, service, trust } = connection
    const sources = await sourcesOf(chosen, onReading)
    kept ??= await listKept(connection, sources.kept, shown, async () => {
      await gate.passed()
      signal.throwIfAborted()
    })
    shown.begin('prepare')
    ready = await engine.uploadFiles(engine.uploaderOf(service, trust), sources.sent, kept, {
      createHasher: engine.createFileHasher,
      onProgress: ({ sent: done, length }) => shown.progress('send', done, length),
      onBreak: shown.broken,
      gate: gate.passed,
      resume: sent,
      onState: state => {
        sent = state
      },
      signal,
    })
    return ready
  }

  return {
    chosen,
    kept: () => kept ?? [],
    async run(onView) {
      if (chosen.length === 0 || ready) return { kind: 'ready', files: ready }
      controller = new AbortController()
      const { signal } = controller
      let reading = ''
      const shown = createShown(view => !signal.aborted && onView(view), gate.isShut)
      gate.onTurn = shown.turned
      try {
        const files = await upload(shown, signal, name => {
          reading = name
        })
        return { kind: 'ready', files }
      } catch (error) {
        if (signal.aborted) return { kind: 'stopped' }
        const outcome = outcomeOf(connection, error, reading)
        if (outcome.kind !== 'lost') forget()
        return outcome
      }
    },
    pause: gate.shut,
    goOn: gate.open,
    stop,
    settle() {
      sent = null
    },
    cancel() {
      stop()
      forget()
    },
    forget,
  }
}

async function sourcesOf(chosen: readonly ChosenFile[], onReading: (name: string) => void) {
  const files = await Promise.all(chosen.map(async ({ file, fate }) => ({ fate, file: await cleaned(file) })))
  const of = (fate: ChosenFile['fate']) =>
    files.filter(each => each.fate === fate).map(({ file }) => sourceOf(file, () => onReading(file.name)))
  return { sent: of('send'), kept: of('keep') }
}

type Source = ReturnType<typeof sourceOf>

async function listKept(
  { engine }: Connection,
  files: readonly Source[],
  shown: Shown,
  gate: () => Promise<void>,
): Promise<ListedFile[]> {
  const breathe = createBreath()
  const length = files.reduce((sum, { size }) => sum + size, 0)
  const listed: ListedFile[] = []
  let done = 0
  for (const { name, type, size, read } of files) {
    const hasher = engine.createFileHasher()
    let left = size
    for await (const piece of read()) {
      hasher.update(piece)
      left -= piece.length
      done += piece.length
      shown.progress('hash', done, length)
      await breathe()
      await gate()
    }
    if (left !== 0) throw new engine.InvalidInput('a file changed while it was read')
    listed.push({ name, type, size, sha256: hasher.digest(), attached: false })
  }
  return listed
}

/** A pause: parts wait before it. */
function createGate() {
  let passed: Promise<void> = Promise.resolve()
  let release: (() => void) | null = null
  const gate = {
    onTurn: (): void => undefined,
    isShut: () => release !== null,
    passed: () => passed,
    shut() {
      if (release) return
      passed = new Promise(resolve => {
        release = resolve
      })
      gate.onTurn()
    },
    open() {
      release?.()
      release = null
      gate.onTurn()
    },
  }
  return gate
}

type Shown = ReturnType<typeof createShown>

/** Milliseconds: more often nobody looks. */
const SHOW_EVERY = 200

/** What is shown, from what the upload says of itself. */
function createShown(onView: (view: UploadView) => void, isPaused: () => boolean) {
  const pace = createPace()
  let view = BEGIN
  let isLost = false
  let shownAt = 0
  const show = (change: Partial<UploadView>) => {
    view = { ...view, ...change, pace: isPaused() ? 'paused' : isLost ? 'lost' : 'running' }
    onView(view)
  }
  return {
    begin(stage: UploadView['stage']) {
      pace.forget()
      show({ ...BEGIN, stage })
    },
    progress(stage: UploadView['stage'], done: number, length: number) {
      const now = performance.now()
      // Parts are few, and after each there may be a wait: none goes unseen.
      const isNew = stage !== view.stage || stage === 'send' || done === length
      if (!isNew && now - shownAt < SHOW_EVERY) return
      shownAt = now
      if (stage !== view.stage) pace.forget()
      isLost = false
      pace.note(now, done)
      show({ stage, done, length, secondsLeft: pace.secondsFor(length - done) })
    },
    broken() {
      isLost = true
      pace.forget()
      show({ secondsLeft: null })
    },
    turned() {
      pace.forget()
      show({ secondsLeft: null })
    },
  }
}

function outcomeOf({ engine }: Connection, error: unknown, reading: string): UploadOutcome {
  // A file that is gone, that changed or that may not be read.
  const isAboutFile = error instanceof engine.InvalidInput || error instanceof DOMException
  if (isAboutFile) return { kind: 'unreadable', name: reading }
  if (error instanceof engine.Unreachable) return { kind: 'lost' }
  if (!(error instanceof engine.RequestProblem)) return { kind: 'failed' }
  if (error.kind === 'files-too-large') return { kind: 'too-large' }
  if (error.kind === 'storage-full') return { kind: 'full' }
  if (error.kind === 'not-found') return { kind: 'expired' }
  return { kind: error.status >= 500 || error.status === 429 ? 'lost' : 'failed' }
}

export type UploadingFor = (connection: Connection, chosen: readonly ChosenFile[]) => Uploading

/** One for each choice of files: as long as the choice stays, so does what was sent of it. */
export function useUploading(): UploadingFor {
  const current = useRef<Uploading | null>(null)
  useEffect(() => () => current.current?.cancel(), [])
  return useCallback((connection, chosen) => {
    if (current.current?.chosen === chosen) return current.current
    current.current?.cancel()
    current.current = createUploading(connection, chosen)
    return current.current
  }, [])
}
