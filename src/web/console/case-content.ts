// What somebody sees of a case, as far as it opens for this device.
import type { Unproven } from '../../client/failure.ts'
import {
  barredDevices,
  barredFrom,
  type Device,
  isHandOnDue,
  NotOpened,
  type Objection,
  type OpenedCase,
  objectionsIn,
  openCase,
  type ReadCase,
  RequestProblem,
  readCase,
  VerificationFailed,
} from '../../client/index.ts'
import { chainOf } from '../../client/opening.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type CaseWork, workOf } from './case-work.ts'
import { type History, historyOf, seenByReporter } from './history.ts'

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
      /** By follow-up; null for one that is no objection. */
      readonly objections: readonly (Objection | null)[]
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
  /** This device declared a conflict of interest, or was taken off the case: nothing of it is decrypted. */
  | { readonly kind: 'barred'; readonly reason: 'conflict' | 'recused'; readonly history: History }
  | { readonly kind: 'withdrawn' }
  /** Another agency's now; or it was only offered, and is no more. */
  | { readonly kind: 'left' }
  /** The service knows no such case of this agency. */
  | { readonly kind: 'not-found' }
  /** Its parts do not belong together. Do not act on it; keep the history, and tell whoever runs the service. */
  | { readonly kind: 'unproven'; readonly subject: Unproven; readonly history: History | null }

const CLOSED: readonly CaseContent['kind'][] = ['closed', 'barred']

/**
 * `before`: what is there. Whoever has not looked inside is not shown a case that they have a part in; nor one, where
 * nobody has said that they have none.
 */
export async function contentOf(
  device: Device,
  id: string,
  before: { readonly content: CaseContent; readonly isDeclared: boolean },
  signal: AbortSignal,
): Promise<CaseContent> {
  let read: ReadCase | null = null
  try {
    read = await readCase(device, id, signal)
    const isClosed = CLOSED.includes(before.content.kind)
    const reason = isClosed ? barredFrom(device, read) : null
    if (reason) return { kind: 'barred', reason, history: historyBefore(device, read) }
    if (isClosed && !before.isDeclared) return { kind: 'closed' }
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
    objections: objectionsIn(device, opened),
    isAcknowledged,
    isHandOnDue:
      isAcknowledged &&
      isHandOnDue(opened, [toHex(device.certified.deviceId), ...barredDevices(device, opened)]),
  }
}
