// A chosen file and a passphrase, on their way to a session; whatever keeps them from it has a name.
import { carriedDeployment, serviceUrl } from '../page/deployment.ts'
import type { Inbox } from './inbox.ts'
import { type Engine, loadEngine } from './load-engine.ts'
import type { Session, UnlockRefusal } from './session.ts'

export type UnlockProblem =
  | UnlockRefusal
  /** The browser could not read what was chosen. */
  | 'file-unreadable'
  /** The script with the cryptography did not load. */
  | 'engine-missing'

/** All that somebody at work has at hand. */
export interface Desk {
  readonly engine: Engine
  readonly session: Session
  readonly inbox: Inbox
}

export type Unlocked = { readonly kind: 'unlocked'; readonly desk: Desk } | { readonly kind: UnlockProblem }

export const serviceAddress = (): string => serviceUrl() ?? location.origin

export async function unlockWith(file: File, passphrase: string, allowStale: boolean): Promise<Unlocked> {
  const bytes = await file.arrayBuffer().catch(() => null)
  if (!bytes) return { kind: 'file-unreadable' }
  const engine = await loadEngine().catch(() => null)
  if (!engine) return { kind: 'engine-missing' }
  const outcome = await engine.unlock({
    file: new Uint8Array(bytes),
    passphrase: passphrase === '' ? null : passphrase,
    serviceUrl: serviceAddress(),
    deployment: carriedDeployment(),
    now: () => Date.now(),
    allowStale,
  })
  if (outcome.kind !== 'unlocked') return outcome
  const { session } = outcome
  return { kind: 'unlocked', desk: { engine, session, inbox: engine.openInbox(session) } }
}
