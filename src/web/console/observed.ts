// A state that others look at and are told about.

export interface Observable<T> {
  /** The same object as long as nothing changed. */
  current(): T
  /** Told after each change; returns how to stop that. */
  subscribe(listener: () => void): () => void
}

export interface Observed<T> extends Observable<T> {
  change(next: Partial<T>): void
}

export function observed<T extends object>(initial: T): Observed<T> {
  let state = initial
  const listeners = new Set<() => void>()
  return {
    current: () => state,
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    change(next) {
      state = { ...state, ...next }
      for (const listener of listeners) listener()
    },
  }
}
