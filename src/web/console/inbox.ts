// The agency's cases, as they come and change.
import { eitherSignal } from '../../client/either-signal.ts'
import { type CaseSummary, readCases } from '../../client/index.ts'
import { MAX_WAIT } from '../../contract/casework.ts'
import { fromBase64url, toHex } from '../../protocol/encoding.ts'
import { type Observable, observed } from './observed.ts'
import type { Session } from './session.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 30_000

export interface InboxCase extends CaseSummary {
  /** The id as people see it: hexadecimal, as `bongsu cases` prints it. */
  readonly shown: string
  /** Grows with each change: the higher, the later something happened. The service tells no times. */
  readonly order: number
  /** Milliseconds since 1970 at which this page learned of it; null for what was there when the inbox was opened. */
  readonly changedAt: number | null
}

export type InboxConnection =
  /** The first pages are coming: `cases` grows. */
  | { readonly kind: 'loading' }
  | { readonly kind: 'live' }
  /** It is tried again at `nextTry` (milliseconds since 1970), or at once by `retry()`. */
  | { readonly kind: 'away'; readonly since: number; readonly nextTry: number }
  /** It has ended: `refused`, `outdated`, `unproven`, `broken`. */
  | { readonly kind: Exclude<ServiceTrouble, 'away'> }
  /** By `stop()`, or with the session: the cases are forgotten. */
  | { readonly kind: 'stopped' }

export interface InboxState {
  /** By case id; a new map with each change. Not in any order: `case-filter.ts` gives one. */
  readonly cases: ReadonlyMap<string, InboxCase>
  readonly connection: InboxConnection
}

export interface Inbox extends Observable<InboxState> {
  /** Tries now instead of at `nextTry`. */
  retry(): void
  stop(): void
}

/** Begins at once, and ends with the session. */
export function openInbox(session: Session): Inbox {
  const stopping = new AbortController()
  const signal = eitherSignal(session.signal, stopping.signal)
  const state = observed<InboxState>({ cases: new Map(), connection: { kind: 'loading' } })
  const waiting: Waiting = { wake: () => undefined }
  void follow(session, state, signal, waiting).then(connection =>
    state.change(connection.kind === 'stopped' ? { cases: new Map(), connection } : { connection }),
  )
  return {
    current: state.current,
    subscribe: state.subscribe,
    retry: () => waiting.wake(),
    stop: () => stopping.abort(),
  }
}

interface Waiting {
  /** Ends the pause that is under way. */
  wake: () => void
}

type InboxStore = ReturnType<typeof observed<InboxState>>

/** Resolves with what ended it. */
async function follow(
  session: Session,
  state: InboxStore,
  signal: AbortSignal,
  waiting: Waiting,
): Promise<InboxConnection> {
  let cursor = 0
  let order = 0
  let isCaughtUp = false
  let pause = FIRST_PAUSE_MS
  let awaySince: number | null = null
  while (!signal.aborted) {
    try {
      const wait = isCaughtUp && awaySince === null ? MAX_WAIT : 0
      const list = await readCases(await session.device(), { after: cursor, wait, signal })
      if (signal.aborted) break
      const cases = list?.cases ?? []
      const changedAt = isCaughtUp ? session.now() : null
      const changed = cases.map(summary => ({
        ...summary,
        shown: toHex(fromBase64url(summary.case)),
        order: ++order,
        changedAt,
      }))
      cursor = list?.cursor ?? cursor
      isCaughtUp ||= !list?.more
      pause = FIRST_PAUSE_MS
      awaySince = null
      tell(state, changed, isCaughtUp)
    } catch (error) {
      if (signal.aborted) break
      const kind = serviceTrouble(error)
      if (kind !== 'away') return { kind }
      awaySince ??= session.now()
      state.change({ connection: { kind, since: awaySince, nextTry: session.now() + pause } })
      await pauseFor(pause, signal, waiting)
      pause = Math.min(2 * pause, LONGEST_PAUSE_MS)
    }
  }
  return { kind: 'stopped' }
}

function tell(state: InboxStore, changed: readonly InboxCase[], isCaughtUp: boolean): void {
  const { cases, connection } = state.current()
  const kind = isCaughtUp ? 'live' : 'loading'
  if (changed.length === 0 && connection.kind === kind) return
  const next = changed.length === 0 ? cases : new Map(cases)
  if (next instanceof Map) for (const entry of changed) next.set(entry.case, entry)
  state.change({ cases: next, connection: connection.kind === kind ? connection : { kind } })
}

function pauseFor(milliseconds: number, signal: AbortSignal, waiting: Waiting): Promise<void> {
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      waiting.wake = () => undefined
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end, { once: true })
    waiting.wake = end
  })
}
