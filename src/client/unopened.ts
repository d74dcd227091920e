// What a device says about a case that it has not opened: that it does not open, that it is not wanted, or that somebody
// else should handle it. There is no key yet to say a reason under.
import type { Device } from './device.ts'
import { RequestProblem, VerificationFailed } from './failure.ts'
import { actorOf, caseStateOf, NotAllowed, obstacleBefore } from './lifecycle.ts'
import { type CheckedCase, chainOf, type ReadCase, readCase } from './opening.ts'
import { type EventOptions, recordEvent } from './recording.ts'

const MAX_MOVES = 4

type UnopenedKind = 'unopenable' | 'conflict-declared' | 'hand-over-refused' | 'invitation-refused'

/** On the newest head, as long as it is due there. */
async function record(
  device: Device,
  read: ReadCase,
  { kind, isDue }: { readonly kind: UnopenedKind; readonly isDue: (current: CheckedCase) => boolean },
  options: EventOptions,
): Promise<boolean> {
  let current = read
  for (let moves = 0; moves <= MAX_MOVES; moves++) {
    if (!isDue(checkedCase(device, current))) return false
    if (await recordEvent(device, current, { kind, key: null, wraps: [] }, options)) return true
    current = await readCase(device, read.id, options.signal)
  }
  throw new RequestProblem('chain-moved', 409)
}

/** Tags are left unchecked. Throws `VerificationFailed`. */
function checkedCase(device: Device, read: ReadCase): CheckedCase {
  const chain = chainOf(device, read, null)
  if (chain.chain === 'broken') throw new VerificationFailed('chain')
  return { file: read.file, chain }
}

/** Tells the reporter that the report does not open. Answers false where that is recorded already. */
export const recordUnopenable = (device: Device, read: ReadCase, options: EventOptions): Promise<boolean> =>
  record(
    device,
    read,
    { kind: 'unopenable', isDue: ({ chain }) => chain.events.every(({ verdict }) => verdict === 'forged') },
    options,
  )

/** Says no to an offer whose keys open nothing here. */
export async function refuseUnopened(
  device: Device,
  read: ReadCase,
  kind: 'hand-over-refused' | 'invitation-refused',
  options: EventOptions,
): Promise<void> {
  await record(device, read, { kind, isDue: () => true }, options)
}

/**
 * «I have a part in this», before anything is decrypted. From then on the device does nothing with the case, and no colleague's
 * program hands it keys. Answers false where that is recorded already. Throws `NotAllowed`.
 */
export const declareConflict = (device: Device, read: ReadCase, options: EventOptions): Promise<boolean> =>
  record(
    device,
    read,
    {
      kind: 'conflict-declared',
      isDue: current => {
        const obstacle = obstacleBefore(device, current, 'conflict-declared')
        if (obstacle !== null && obstacle !== 'conflict') throw new NotAllowed(obstacle)
        return obstacle === null
      },
    },
    options,
  )

/**
 * Why this device should not open the case: it declared a conflict, or was taken off. Null where it may, and where the
 * chain is broken: that says nothing, and opening the case finds it out.
 */
export function barredFrom(device: Device, read: ReadCase): 'conflict' | 'recused' | null {
  const chain = chainOf(device, read, null)
  if (chain.chain === 'broken') return null
  const { conflicts, recused } = caseStateOf(device, { file: read.file, chain })
  const own = actorOf(device).device
  if (recused.some(one => one.device === own)) return 'recused'
  return conflicts.some(one => one.device === own) ? 'conflict' : null
}
