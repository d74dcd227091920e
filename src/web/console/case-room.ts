// One case as somebody works on it. Everything is in memory, and gone when the room is closed or the session locked.

import { eitherSignal } from '../../client/either-signal.ts'
import {
  type Act,
  acknowledge,
  type Device,
  declareConflict,
  NotAllowed,
  NotOpened,
  RequestProblem,
  readCase,
  readTeam,
  recordUnopenable,
} from '../../client/index.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type Acted, actIn } from './case-acting.ts'
import { type CaseContent, contentOf } from './case-content.ts'
import { fileListOf } from './file-lines.ts'
import type { Inbox } from './inbox.ts'
import { type Observable, type Observed, observed } from './observed.ts'
import { openOutbox } from './outbox.ts'
import { type FileWorks, openRoomFiles, type RoomFiles } from './room-files.ts'
import { type Writing, type Written, writingIn } from './room-writing.ts'
import type { Session } from './session.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

export interface RoomState extends Written {
  /** Whether somebody has said that there is no conflict of interest. Kept in memory only. */
  readonly isDeclared: boolean
  readonly content: CaseContent
  readonly busy: 'opening' | 'acknowledging' | 'recording' | 'acting' | null
  /** Of the last thing that was tried; what was there stays there. */
  readonly trouble: ServiceTrouble | null
  /** The last action that was tried, until another one is. */
  readonly acted: Acted | null
  /** Devices of this agency that take part in cases; null before `findTeam()`. */
  readonly team: readonly TeamDevice[] | null
  /** For colleagues, not signed yet. */
  readonly note: string
  readonly files: FileWorks
}

export interface TeamDevice {
  /** Hexadecimal. */
  readonly id: string
  readonly role: DeviceRole
}

export interface Room extends Observable<RoomState>, Omit<Writing, 'leave'> {
  readonly id: string
  /** «I have no part in this»: docs/decisions/0020. */
  declare(): void
  /** «I have a part in this»: signed and recorded; nothing is decrypted, then or later. */
  declareConflict(): Promise<void>
  /** Fetches, checks and decrypts; again, to see what is new. Does nothing before `declare()`. */
  open(): Promise<void>
  /** Tells the reporter that it was opened, and hands keys to colleagues. Where a colleague was first, goes on from there. */
  acknowledge(): Promise<void>
  recordUnopenable(): Promise<void>
  /** Signs and records an action of the lifecycle; `acted` says what came of it. */
  act(wanted: Act): Promise<void>
  findTeam(): Promise<void>
  writeNote(note: string): void
  readonly files: RoomFiles
  /** Stops every file on its way, in and out, and forgets them all; texts stay. */
  leave(): void
  /** Forgets everything. */
  close(): void
}

const EMPTY: RoomState = {
  isDeclared: false,
  content: { kind: 'closed' },
  busy: null,
  trouble: null,
  acted: null,
  team: null,
  note: '',
  draft: '',
  attached: [],
  notAttached: null,
  outgoing: [],
  files: new Map(),
}

/** With an inbox, the room reads again what changes there, once it has been opened. */
export function openRoom(session: Session, id: string, inbox?: Inbox): Room {
  const state = observed<RoomState>(EMPTY)
  const closing = new AbortController()
  const signal = eitherSignal(session.signal, closing.signal)
  const work = worker({ session, id, state, signal })
  const outbox = openOutbox(session, signal, outgoing => state.change({ outgoing }))
  const writing = writingIn(state, outbox, work)
  const files = openRoomFiles({
    session,
    caseId: id,
    listOf: message => {
      const { content } = state.current()
      return content.kind === 'opened' ? fileListOf(content.opened, message) : null
    },
    signal,
    onChange: works => state.change({ files: works }),
  })
  const unsubscribe = inbox ? followCase(inbox, id, () => work.again()) : () => undefined
  signal.addEventListener('abort', () => {
    unsubscribe()
    state.change(EMPTY)
  })
  return {
    id,
    files,
    current: state.current,
    subscribe: state.subscribe,
    declare: () => state.change({ isDeclared: true }),
    open: work.open,
    acknowledge: work.acknowledge,
    declareConflict: work.declareConflict,
    recordUnopenable: work.recordUnopenable,
    act: work.act,
    findTeam: work.findTeam,
    writeNote: note => state.change({ note }),
    ...writing,
    leave() {
      files.leave()
      if (!signal.aborted) writing.leave()
    },
    close: () => closing.abort(),
  }
}

/** Calls back whenever the case has moved in the feed. */
function followCase(inbox: Inbox, id: string, moved: () => void): () => void {
  const orderNow = () => inbox.current().cases.get(id)?.order
  let order = orderNow()
  return inbox.subscribe(() => {
    const next = orderNow()
    if (next === order) return
    order = next
    moved()
  })
}

interface Workplace {
  readonly session: Session
  readonly id: string
  readonly state: Observed<RoomState>
  readonly signal: AbortSignal
}

/** One thing after the other: two answers of the service never cross. */
function worker({ session, id, state, signal }: Workplace) {
  let queue: Promise<void> = Promise.resolve()
  const during = (busy: RoomState['busy'], act: (device: Device) => Promise<void>) => {
    const run = async () => {
      if (signal.aborted) return
      state.change({ busy })
      const attempt = async () => act(await session.device())
      const trouble = await attempt().then(() => null, serviceTrouble)
      if (!signal.aborted) state.change({ busy: null, trouble })
    }
    queue = queue.then(run)
    return queue
  }
  const look = async (device: Device) => {
    const content = await contentOf(device, id, state.current(), signal)
    if (signal.aborted) return
    // Once a supervisor finds that there is no conflict, they say so themselves again.
    state.change(content.kind === 'barred' ? { content, isDeclared: false } : { content })
  }
  const options = () => ({ now: session.now(), signal })
  /** False where there is nothing to declare it about any more: that is seen by looking. */
  const conflictIn = async (device: Device): Promise<boolean> => {
    try {
      return await declareConflict(device, await readCase(device, id, signal), options())
    } catch (error) {
      if (error instanceof NotAllowed || error instanceof NotOpened) return false
      throw error
    }
  }
  return {
    open: async () => {
      if (state.current().isDeclared) await during('opening', look)
    },
    again: async () => {
      if (state.current().content.kind !== 'closed') await during(null, look)
    },
    acknowledge: () =>
      during('acknowledging', async device => {
        const { content } = state.current()
        if (content.kind !== 'opened') return
        await unlessGone(acknowledge(device, content.opened, options()))
        await look(device)
      }),
    declareConflict: () =>
      during('recording', async device => {
        if (state.current().content.kind !== 'closed') return
        state.change({ isDeclared: false })
        await unlessGone(conflictIn(device))
        await look(device)
      }),
    recordUnopenable: () =>
      during('recording', async device => {
        const { content } = state.current()
        if (content.kind !== 'unopenable') return
        await unlessGone(recordUnopenable(device, content.read, options()))
        await look(device)
      }),
    act: (wanted: Act) =>
      during('acting', async device => {
        const { content } = state.current()
        if (content.kind !== 'opened') return
        state.change({ acted: null })
        const acted = await actIn(device, content.opened, wanted, options())
        await look(device)
        if (!signal.aborted) state.change({ acted })
      }),
    findTeam: () =>
      during(null, async device => {
        const team = await readTeam(device, signal)
        const named = team.map(({ deviceId, role }) => ({ id: toHex(deviceId), role }))
        if (!signal.aborted) state.change({ team: named })
      }),
  }
}

/** Whoever withdrew meanwhile is seen by looking again. */
const unlessGone = (recording: Promise<boolean>) =>
  recording.catch((error: unknown) => {
    if (!(error instanceof RequestProblem && error.kind === 'not-found')) throw error
  })
