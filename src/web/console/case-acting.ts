// Doing something with a case, and why it was not done.
import {
  type Act,
  act,
  type Device,
  type EventOptions,
  InvalidInput,
  NotAllowed,
  type OpenedCase,
  RequestProblem,
} from '../../client/index.ts'
import type { Obstacle } from '../../protocol/lifecycle-obstacles.ts'

export type NotDone =
  | { readonly kind: 'obstacle'; readonly obstacle: Obstacle }
  /** The service sees something in the way that this device did not. */
  | { readonly kind: 'refused' }
  /** Colleagues were first: again and again, or with another decision than the one that was to be confirmed. */
  | { readonly kind: 'overtaken' }
  /** The agency cannot be written to, or a message does not open on this device: nothing was sent. */
  | { readonly kind: 'incomplete' }

/** The last thing that was tried with a case. */
export interface Acted {
  readonly action: Act['action']
  /** Null: it was done. */
  readonly notDone: NotDone | null
}

/** Throws what is no matter of the case: no connection, a device that does not count. */
export async function actIn(
  device: Device,
  opened: OpenedCase,
  wanted: Act,
  options: EventOptions,
): Promise<Acted> {
  try {
    await act(device, opened, wanted, options)
    return { action: wanted.action, notDone: null }
  } catch (error) {
    const notDone = notDoneBy(error)
    if (!notDone) throw error
    return { action: wanted.action, notDone }
  }
}

const REFUSALS = ['action-refused', 'recipient-refused', 'not-found']

function notDoneBy(error: unknown): NotDone | null {
  if (error instanceof NotAllowed) return { kind: 'obstacle', obstacle: error.obstacle }
  if (error instanceof InvalidInput) return { kind: 'incomplete' }
  if (!(error instanceof RequestProblem)) return null
  if (error.kind === 'chain-moved') return { kind: 'overtaken' }
  return REFUSALS.includes(error.kind) ? { kind: 'refused' } : null
}
