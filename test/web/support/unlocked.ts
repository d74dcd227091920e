// The console's engine at work in Node, against a running service.
import { readFile } from 'node:fs/promises'
import type { Observable } from '../../../src/web/console/observed.ts'
import { type Session, type UnlockInput, type Unlocking, unlock } from '../../../src/web/console/session.ts'
import type { AgencyId, World } from '../../support/world.ts'

type Role = 'intake' | 'investigator' | 'supervisor'

/** Unlocks a file at the world's service. */
export const unlockAt = (
  world: World,
  more: Partial<UnlockInput> & { file: Uint8Array },
): Promise<Unlocking> =>
  unlock({ passphrase: null, serviceUrl: world.agencyUrl, deployment: null, now: world.now, ...more })

/** A session of one of the demonstration's devices. */
export async function sessionOf(
  world: World,
  agency: AgencyId,
  role: Role = 'intake',
  more: Partial<UnlockInput> = {},
): Promise<Session> {
  const outcome = await unlockAt(world, { file: await readFile(world.deviceKeyFile(agency, role)), ...more })
  if (outcome.kind !== 'unlocked') throw new Error(outcome.kind)
  return outcome.session
}

/** The first state that is so; a bound against hangs, not a measurement. */
export function stateWhere<T>(
  source: Observable<T>,
  isSo: (state: T) => boolean,
  milliseconds = 30_000,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      stop()
      reject(new Error('waited in vain'))
    }, milliseconds)
    const look = () => {
      const state = source.current()
      if (!isSo(state)) return
      clearTimeout(timer)
      stop()
      resolve(state)
    }
    const stop = source.subscribe(look)
    look()
  })
}

/** A network whose plug can be pulled: to a whole service, or to what a pattern finds in the address. */
export function pluggedFetch() {
  let cut: RegExp | null = null
  const throughPlug: typeof fetch = (input, init) =>
    cut?.test(String(input)) ? Promise.reject(new TypeError('unplugged')) : fetch(input, init)
  return {
    fetch: throughPlug,
    pull: (what = /^/) => {
      cut = what
    },
    plug: () => {
      cut = null
    },
  }
}
