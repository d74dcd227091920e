// What a machine does with a case that came or changed: it acknowledges and hands keys on to the team. It answers nobody.
import type { CaseSummary } from '../contract/casework.ts'
import { acknowledge } from './agency.ts'
import type { Device } from './device.ts'
import { RequestProblem, VerificationFailed } from './failure.ts'
import { choicesOf } from './lifecycle.ts'
import { NotOpened, type OpenedCase, openCase, readCase } from './opening.ts'
import type { EventOptions } from './recording.ts'

/**
 * - `handed-on`: recorded just now. `nothing-new`: there was nothing left to record.
 * - `not-ours`: withdrawn, another agency's, or an offer that nobody has accepted yet.
 * - `no-key`: sealed to an epoch key that this device does not have.
 * - `unopenable`, `unproven`: what does not open or does not hold is for a person to look at.
 */
export type PickUpOutcome = 'handed-on' | 'nothing-new' | 'not-ours' | 'no-key' | 'unopenable' | 'unproven'

export interface PickedUp {
  readonly id: string
  readonly outcome: PickUpOutcome
  /** Follow-ups that do not open on this device, and so were not handed on. */
  readonly unopened: readonly number[]
}

type Seen = Pick<CaseSummary, 'case' | 'state'>

/** Throws what concerns every case: `Unreachable`, `RequestProblem` `device-refused` and the like. */
export async function pickUp(
  device: Device,
  { case: id, state }: Seen,
  options: EventOptions,
): Promise<PickedUp> {
  const ended = (outcome: PickUpOutcome): PickedUp => ({ id, outcome, unopened: [] })
  if (state === 'withdrawn' || state === 'left') return ended('not-ours')
  try {
    const opened = await openCase(device, await readCase(device, id, options.signal))
    if (!mayAcknowledge(device, opened)) return ended('not-ours')
    const isRecorded = await acknowledge(device, opened, options)
    const unopened = opened.followUps.filter(({ contentKey }) => !contentKey).map(({ index }) => index)
    return { id, outcome: isRecorded ? 'handed-on' : 'nothing-new', unopened }
  } catch (error) {
    return ended(outcomeOf(error))
  }
}

const mayAcknowledge = (device: Device, opened: OpenedCase) =>
  choicesOf(device, opened).some(({ action, obstacle }) => action === 'acknowledged' && !obstacle)

function outcomeOf(error: unknown): PickUpOutcome {
  if (error instanceof NotOpened) return error.reason
  if (error instanceof VerificationFailed) return 'unproven'
  // Between the list and now it was withdrawn, or moved on.
  const isGone = error instanceof RequestProblem && GONE.includes(error.kind)
  if (isGone) return 'not-ours'
  throw error
}

const GONE: readonly RequestProblem['kind'][] = ['not-found', 'action-refused']
