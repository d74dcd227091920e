// Replies on their way: numbers first, then one part after the other, each sealed once.
import {
  type Device,
  type OpenedCase,
  reserveReplyNumbers,
  type SealedReply,
  sealedReply,
  sendSealed,
  splitReply,
} from '../../client/index.ts'
import type { Session } from './session.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

export interface Outgoing {
  /** Of this page only. */
  readonly id: number
  readonly text: string
  /** A long text is several replies. */
  readonly parts: number
  readonly sent: number
  /** The first part's number; null until it is reserved. */
  readonly firstNumber: number | null
  /**
   * `sent`: the service took all parts; it cannot say whether anybody will read them. `failed`: `resend` goes on
   * where it stopped.
   */
  readonly state: 'waiting' | 'sending' | 'sent' | 'failed'
  readonly trouble: ServiceTrouble | null
}

export interface Outbox {
  /** Resolves when it was sent or has failed. */
  send(opened: OpenedCase, text: string): Promise<void>
  resume(id: number): Promise<void>
}

interface Letter {
  readonly opened: OpenedCase
  readonly sealed: SealedReply[]
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

export function openOutbox(
  session: Session,
  signal: AbortSignal,
  onChange: (outgoing: readonly Outgoing[]) => void,
): Outbox {
  const letters = new Map<number, Letter>()
  let list: readonly Outgoing[] = []
  let queue: Promise<void> = Promise.resolve()
  const change = (id: number, next: Partial<Outgoing>) => {
    if (signal.aborted) return
    list = list.map(entry => (entry.id === id ? { ...entry, ...next } : entry))
    onChange(list)
  }
  const deliver = async (id: number) => {
    const letter = letters.get(id)
    if (!letter || signal.aborted) return
    change(id, { state: 'sending', trouble: null })
    try {
      const entry = () => list.find(candidate => candidate.id === id)
      await deliverLetter(session, signal, letter, { entry, change: next => change(id, next) })
      change(id, { state: 'sent' })
      letters.delete(id)
    } catch (error) {
      change(id, { state: 'failed', trouble: serviceTrouble(error) })
    }
  }
  // One after the other: they arrive in the order in which they were written.
  const inTurn = (id: number) => {
    queue = queue.then(() => deliver(id))
    return queue
  }
  signal.addEventListener('abort', () => letters.clear())
  return {
    send(opened, text) {
      const id = list.length + 1
      letters.set(id, { opened, sealed: [] })
      list = [...list, { id, text, parts: 1, sent: 0, firstNumber: null, state: 'waiting', trouble: null }]
      onChange(list)
      return inTurn(id)
    },
    async resume(id) {
      if (list.find(entry => entry.id === id)?.state === 'failed') await inTurn(id)
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
  { opened, sealed }: Letter,
  { entry, change }: Progress,
): Promise<void> {
  const device = await session.device()
  const parts = splitReply(device, opened, entry()?.text ?? '')
  change({ parts: parts.length })
  const options = { now: session.now(), signal }
  const first = entry()?.firstNumber ?? (await reserve(session, device, opened.id, parts.length, signal))
  change({ firstNumber: first })
  for (let at = entry()?.sent ?? 0; at < parts.length; at++) {
    const part = { text: parts[at] ?? '', number: first + at }
    const letter = sealed[at] ?? (await sealedReply(device, opened, part, options))
    sealed[at] = letter
    await sendSealed(device, letter, signal)
    change({ sent: at + 1 })
  }
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
