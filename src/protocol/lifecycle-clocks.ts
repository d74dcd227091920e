// What an action does to clocks: the directory's policies say so, kind by kind.
import type { ClockPolicy } from './clocks.ts'
import type { Action } from './lifecycle.ts'

export interface MovedClocks {
  readonly starts: readonly string[]
  readonly stops: readonly string[]
  readonly extends: readonly string[]
  readonly pauses: readonly string[]
  readonly resumes: readonly string[]
}

/** Ids of the clocks that an action moves once it has happened (`whatHappens`). */
export function clocksMovedBy(action: Action, policies: readonly ClockPolicy[]): MovedClocks {
  const where = (moves: (policy: ClockPolicy) => boolean | undefined) =>
    policies.filter(moves).map(({ id }) => id)
  return {
    starts: where(({ starts }) => starts.includes(action)),
    stops: where(({ stops }) => stops.includes(action)),
    extends: where(({ extension }) => extension?.on === action),
    pauses: where(({ pause }) => pause?.from === action),
    resumes: where(({ pause }) => pause?.until.includes(action)),
  }
}
