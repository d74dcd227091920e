// What every page of somebody at work has at hand.
import { createContext } from 'preact'
import { useContext, useEffect, useState } from 'preact/hooks'
import type { Room } from '../case-room.ts'
import type { Observable } from '../observed.ts'
import type { Desk } from '../unlocking.ts'

export interface AtWork extends Desk {
  /** The same room as long as the session lasts: a draft in it stays. */
  readonly room: (id: string) => Room
  /** The service does not accept this device any more: locks the page. */
  readonly refused: () => void
}

export const AtWorkContext = createContext<AtWork | null>(null)

export function useAtWork(): AtWork {
  const atWork = useContext(AtWorkContext)
  if (!atWork) throw new Error('locked')
  return atWork
}

/** Whoever has the machine of a revoked device reads nothing more of what was open on it. */
export function useRefusal(isRefused: boolean): void {
  const { refused } = useAtWork()
  useEffect(() => {
    if (isRefused) refused()
  }, [isRefused, refused])
}

export function useObserved<T>(source: Observable<T>): T {
  const [state, setState] = useState<T>(source.current)
  useEffect(() => {
    setState(source.current())
    return source.subscribe(() => setState(source.current()))
  }, [source])
  return state
}

/** Milliseconds since 1970, told each second. */
export function useClock(): number {
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  return now
}
