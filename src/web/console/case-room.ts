// One case as somebody works on it. Everything is in memory, and gone when the room is closed or the session locked.

import type { Unproven } from '../../client/failure.ts'
import {
  type Act,
  acknowledge,
  barredDevices,
  type Device,
  isHandOnDue,
  NotOpened,
  type OpenedCase,
  openCase,
  type ReadCase,
  RequestProblem,
  readCase,
  readTeam,
  recordUnopenable,
  VerificationFailed,
} from '../../client/index.ts'
import { chainOf } from '../../client/opening.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type Acted, actIn } from './case-acting.ts'
import { type CaseWork, workOf } from './case-work.ts'
import { fileListOf } from './file-lines.ts'
import { type History, historyOf, seenByReporter } from './history.ts'
import type { Inbox } from './inbox.ts'
import { type Observable, type Observed, observed } from './observed.ts'
import { openOutbox } from './outbox.ts'
import { type FileWorks, openRoomFiles, type RoomFiles } from './room-files.ts'
import { type Writing, type Written, writingIn } from './room-writing.ts'
import type { Session } from './session.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

export type CaseContent =
  /** Not opened: nothing was fetched yet. `open()` needs `declare()` first. */
  | { readonly kind: 'closed' }
  | {
      readonly kind: 'opened'
      readonly opened: OpenedCase
      readonly work: CaseWork
      readonly history: History
      /** By follow-up: entries of the history that its writer had seen; null: of another history. */
      readonly seen: readonly (number | null)[]
      readonly isAcknowledged: boolean
      /** Colleagues cannot read all that this device can: `acknowledge()` hands the keys on. */
      readonly isHandOnDue: boolean
    }
  /** A key of this agency opens nothing in it. `recordUnopenable()` tells the reporter. */
  | {
      readonly kind: 'unopenable'
      readonly read: ReadCase
      readonly history: History
      readonly isRecorded: boolean
    }
  /**
   * No key for this device: a colleague with an intake device must open it first; or, on an intake device, the epoch
   * seed that it was sealed to is not in this key file.
   */
  | { readonly kind: 'no-key'; readonly read: ReadCase; readonly history: History }
  | { readonly kind: 'withdrawn' }
  /** Another agency's now; or it was only offered, and is no more. */
  | { readonly kind: 'left' }
  /** The service knows no such case of this agency. */
  | { readonly kind: 'not-found' }
  /** Its parts do not belong together. Do not act on it; keep the history, and tell whoever runs the service. */
  | { readonly kind: 'unproven'; readonly subject: Unproven; readonly history: History | null }

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
  const signal = AbortSignal.any([session.signal, closing.signal])
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
    const content = await contentOf(device, id, signal)
    if (!signal.aborted) state.change({ content })
  }
  const options = () => ({ now: session.now(), signal })
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

async function contentOf(device: Device, id: string, signal: AbortSignal): Promise<CaseContent> {
  let read: ReadCase | null = null
  try {
    read = await readCase(device, id, signal)
    return openedContent(device, await openCase(device, read))
  } catch (error) {
    if (error instanceof RequestProblem && error.kind === 'not-found') return { kind: 'not-found' }
    if (error instanceof VerificationFailed) {
      return { kind: 'unproven', subject: error.subject, history: read && historyBefore(device, read) }
    }
    if (!(error instanceof NotOpened)) throw error
    if (error.state === 'left') return { kind: 'left' }
    if (!read || read.file.state === 'withdrawn') return { kind: 'withdrawn' }
    const history = historyBefore(device, read)
    if (error.reason === 'no-key') return { kind: 'no-key', read, history }
    const isRecorded = history.entries.some(({ what }) => what === 'unopenable')
    return { kind: 'unopenable', read, history, isRecorded }
  }
}

/** Of a report that did not open: tags are left unchecked. */
const historyBefore = (device: Device, read: ReadCase) => historyOf(device, read, chainOf(device, read, null))

function openedContent(device: Device, opened: OpenedCase): CaseContent {
  const isAcknowledged = opened.chain.events.some(({ verdict }) => verdict === 'acknowledged')
  return {
    kind: 'opened',
    opened,
    work: workOf(device, opened),
    history: historyOf(device, opened, opened.chain, opened),
    seen: seenByReporter(device, opened),
    isAcknowledged,
    isHandOnDue:
      isAcknowledged &&
      isHandOnDue(opened, [toHex(device.certified.deviceId), ...barredDevices(device, opened)]),
  }
}
