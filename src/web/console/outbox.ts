// Replies on their way: files first, then numbers, then one part after the other, each sealed once.
import { eitherSignal } from '../../client/either-signal.ts'
import {
  type Device,
  type OpenedCase,
  reserveReplyNumbers,
  type SealedReply,
  sealedReply,
  sendSealed,
  splitReply,
} from '../../client/index.ts'
import { sourceOf } from '../page/file-source.ts'
import { type FileTrouble, fileTrouble, NamesTooLong } from './file-trouble.ts'
import { hasRoom, type LetterFiles, letterFiles, type UploadWork } from './letter-files.ts'
import type { Session } from './session.ts'

export interface Outgoing {
  /** Of this page only. */
  readonly id: number
  readonly text: string
  readonly files: readonly { readonly name: string; readonly size: number }[]
  /** Null where it has no files, and before it is their turn. */
  readonly upload: UploadWork | null
  /** A long text is several replies. */
  readonly parts: number
  readonly sent: number
  /** The first part's number; null until it is reserved. */
  readonly firstNumber: number | null
  /**
   * `uploading`: its files are on their way. `sent`: the service took all parts; it cannot say whether anybody will
   * read them. `failed`: `resend` goes on where it stopped.
   */
  readonly state: 'waiting' | 'uploading' | 'sending' | 'sent' | 'failed'
  /** Its files are not all there: `takeBack` makes a draft of it again. */
  readonly canTakeBack: boolean
  readonly trouble: FileTrouble | null
}

/** What a letter was before it was sent. */
export interface Draft {
  readonly text: string
  readonly files: readonly File[]
}

export interface Outbox {
  /** Resolves when it was sent or has failed. */
  send(opened: OpenedCase, draft: Draft): Promise<void>
  resume(id: number): Promise<void>
  pause(id: number): void
  goOn(id: number): void
  /** Takes a letter back whose files are not all there; null where it is too late for that. */
  takeBack(id: number): Draft | null
}

interface Letter {
  readonly opened: OpenedCase
  readonly sealed: SealedReply[]
  readonly draft: Draft
  /** Null without any. */
  readonly files: LetterFiles | null
  readonly cancel: AbortController
}

const NEVER_SENT: Omit<Outgoing, 'id' | 'text' | 'files'> = {
  upload: null,
  parts: 1,
  sent: 0,
  firstNumber: null,
  state: 'waiting',
  canTakeBack: false,
  trouble: null,
}

const isBeforeFiles = ({ files }: Letter) => files !== null && files.kept() === null

export function openOutbox(
  session: Session,
  signal: AbortSignal,
  onChange: (outgoing: readonly Outgoing[]) => void,
): Outbox {
  const letters = new Map<number, Letter>()
  let last = 0
  let list: readonly Outgoing[] = []
  let queue: Promise<void> = Promise.resolve()
  const tell = (next: readonly Outgoing[]) => {
    if (signal.aborted) return
    list = next
    onChange(list)
  }
  const entryOf = (id: number) => list.find(entry => entry.id === id)
  const change = (id: number, next: Partial<Outgoing>) =>
    tell(list.map(entry => (entry.id === id ? { ...entry, ...next } : entry)))
  const changeUpload = (id: number, next: Partial<UploadWork>) => {
    const upload = entryOf(id)?.upload ?? { sent: 0, length: 0, isPaused: false, isBroken: false }
    change(id, { upload: { ...upload, ...next } })
  }
  const deliver = async (id: number) => {
    const letter = letters.get(id)
    if (!letter || signal.aborted) return
    change(id, { state: letter.files ? 'uploading' : 'sending', trouble: null })
    try {
      const during = eitherSignal(signal, letter.cancel.signal)
      await deliverLetter(session, during, letter, {
        entry: () => entryOf(id),
        change: next => change(id, next),
      })
      change(id, { state: 'sent' })
      letters.delete(id)
    } catch (error) {
      change(id, { state: 'failed', trouble: fileTrouble(error) })
    }
  }
  // One after the other: they arrive in the order in which they were written.
  const inTurn = (id: number) => {
    queue = queue.then(() => deliver(id))
    return queue
  }
  signal.addEventListener('abort', () => letters.clear())
  return {
    send(opened, draft) {
      const id = ++last
      const sources = draft.files.map(file => sourceOf(file))
      const files = sources.length > 0 ? letterFiles(sources, next => changeUpload(id, next)) : null
      letters.set(id, { opened, sealed: [], draft, files, cancel: new AbortController() })
      const named = sources.map(({ name, size }) => ({ name, size }))
      tell([...list, { ...NEVER_SENT, id, text: draft.text, files: named, canTakeBack: files !== null }])
      return inTurn(id)
    },
    async resume(id) {
      if (entryOf(id)?.state === 'failed') await inTurn(id)
    },
    pause: id => letters.get(id)?.files?.pause(),
    goOn: id => letters.get(id)?.files?.goOn(),
    takeBack(id) {
      const letter = letters.get(id)
      if (!letter || !isBeforeFiles(letter)) return null
      letters.delete(id)
      tell(list.filter(entry => entry.id !== id))
      letter.cancel.abort()
      // It forgets them by itself, only later.
      void session
        .device()
        .then(device => letter.files?.giveUp(device))
        .catch(() => undefined)
      return letter.draft
    },
  }
}

interface Progress {
  readonly entry: () => Outgoing | undefined
  readonly change: (next: Partial<Outgoing>) => void
}

async function deliverLetter(
  session: Session,
  signal: AbortSignal,
  { opened, sealed, files }: Letter,
  { entry, change }: Progress,
): Promise<void> {
  const device = await session.device()
  const text = entry()?.text ?? ''
  if (files && !hasRoom(device, opened, text, files.sources)) throw new NamesTooLong()
  const list = files ? await files.send(device, signal) : null
  change({ state: 'sending', canTakeBack: false })
  const parts = splitReply(device, opened, text, list)
  change({ parts: parts.length })
  const options = { now: session.now(), signal }
  const first = entry()?.firstNumber ?? (await reserve(session, device, opened.id, parts.length, signal))
  change({ firstNumber: first })
  for (let at = entry()?.sent ?? 0; at < parts.length; at++) {
    // The last part has them: whoever has that has the whole text, too.
    const last = at === parts.length - 1 ? list : null
    const part = { text: parts[at] ?? '', number: first + at, files: last }
    const letter = sealed[at] ?? (await sealedReply(device, opened, part, options))
    sealed[at] = letter
    await sendSealed(device, letter, signal)
    change({ sent: at + 1 })
  }
}

/**
 * By case, the last number that this session has used: a service that shows older notes than it was given gets no
 * number twice from one session.
 */
const lastNumbers = new WeakMap<Session, Map<string, number>>()

function numbersOf(session: Session): Map<string, number> {
  const known = lastNumbers.get(session) ?? new Map<string, number>()
  lastNumbers.set(session, known)
  return known
}

async function reserve(
  session: Session,
  device: Device,
  id: string,
  count: number,
  signal: AbortSignal,
): Promise<number> {
  const numbers = numbersOf(session)
  const first = await reserveReplyNumbers(device, id, { count, after: numbers.get(id) ?? 0 }, { signal })
  numbers.set(id, first + count - 1)
  return first
}
