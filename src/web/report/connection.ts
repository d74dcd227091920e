// The engine, the service and whom to believe: fetched behind the first page, while somebody reads it.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks'
import { carriedDeployment } from '../page/deployment.ts'
import type { Service, Trust } from './engine.ts'
import { type Engine, loadEngine } from './load-engine.ts'

export interface Connection {
  readonly engine: Engine
  readonly service: Service
  readonly trust: Trust
  /** Bytes that the blob of one message may have, seals and fill included; 0: the service takes none. */
  readonly filesLimit: number
}

export type ConnectionTrouble = 'unreachable' | 'unproven' | 'stale' | 'broken' | 'notKnown'

export type ConnectionState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly connection: Connection }
  | { readonly kind: ConnectionTrouble }

export interface Connecting {
  readonly state: ConnectionState
  readonly retry: (allowStale?: boolean) => void
}

/** `address` is null as long as nobody has typed one. */
export function useConnection(address: string | null): Connecting {
  const [state, setState] = useState<ConnectionState>({ kind: 'loading' })
  const [attempt, setAttempt] = useState({ allowStale: false })
  const kind = useRef(state.kind)
  kind.current = state.kind
  useEffect(() => {
    if (address === null) return
    const controller = new AbortController()
    const settle = (next: ConnectionState) => {
      if (!controller.signal.aborted) setState(next)
    }
    settle({ kind: 'loading' })
    connect(address, attempt.allowStale, controller.signal).then(settle)
    return () => controller.abort()
  }, [address, attempt])
  const retry = useCallback((allowStale = false) => setAttempt({ allowStale }), [])
  useEffect(() => {
    const back = () => {
      if (kind.current === 'unreachable' || kind.current === 'broken') retry()
    }
    window.addEventListener('online', back)
    return () => window.removeEventListener('online', back)
  }, [retry])
  return { state, retry }
}

async function connect(address: string, allowStale: boolean, signal: AbortSignal): Promise<ConnectionState> {
  const engine = await loadEngine().catch(() => null)
  if (!engine) return { kind: 'broken' }
  try {
    const carried = carriedDeployment()
    const pinned = carried === null ? undefined : engine.deploymentIdOf(engine.fromBase64url(carried))
    const service = engine.serviceAt(address)
    const [trust, filesLimit] = await Promise.all([
      engine.fetchTrust(service, { pinned, now: Date.now(), allowStale, signal }),
      // Asked by every visit, with files or without. Where it does not come, the service still refuses too much.
      engine.readUploadLimit(service, signal).catch(() => engine.MAX_BLOB_LENGTH),
    ])
    return { kind: 'ready', connection: { engine, service, trust, filesLimit } }
  } catch (error) {
    return { kind: troubleOf(engine, error) }
  }
}

function troubleOf(engine: Engine, error: unknown): ConnectionTrouble {
  if (error instanceof engine.VerificationFailed) {
    const { cause, subject } = error
    const expired = cause instanceof engine.ProtocolError && cause.code === 'expired'
    return expired && subject === 'directory' ? 'stale' : 'unproven'
  }
  if (error instanceof engine.Unreachable) return 'unreachable'
  return error instanceof engine.RequestProblem && error.status >= 429 ? 'unreachable' : 'notKnown'
}
