// How long an upload still takes, from how fast the last of it went.

/** Milliseconds that count. */
const WINDOW_MS = 30_000
/** Notes that count however old they are: on a slow line there are no newer ones. */
const LEAST_NOTES = 3
/** Sooner than that nobody can tell. */
const LEAST_MS = 2000

export interface Pace {
  /** Milliseconds, and bytes by then. */
  note(now: number, bytes: number): void
  /** Forgets what was before a pause or a break. */
  forget(): void
  /** Seconds; null: nobody can tell. */
  secondsFor(bytes: number): number | null
}

export function createPace(): Pace {
  let notes: { readonly now: number; readonly bytes: number }[] = []
  return {
    note(now, bytes) {
      const all = [...notes, { now, bytes }]
      notes = all.filter((note, i) => now - note.now <= WINDOW_MS || i >= all.length - LEAST_NOTES)
    },
    forget() {
      notes = []
    },
    secondsFor(bytes) {
      const [first] = notes
      const last = notes.at(-1)
      if (!first || !last || last.now - first.now < LEAST_MS || last.bytes <= first.bytes) return null
      return (bytes * (last.now - first.now)) / (last.bytes - first.bytes) / 1000
    },
  }
}

export interface Roughly {
  readonly unit: 'moment' | 'minutes' | 'hours'
  readonly count: number
}

/** As people say it: nobody needs seconds. */
export function roughly(seconds: number): Roughly {
  if (seconds < 50) return { unit: 'moment', count: 0 }
  const minutes = Math.max(1, Math.round(seconds / 60))
  if (minutes < 100) return { unit: 'minutes', count: minutes > 10 ? Math.round(minutes / 5) * 5 : minutes }
  return { unit: 'hours', count: Math.round(minutes / 60) }
}
