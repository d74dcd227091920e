// Due days of cases, from kinds and days of their events alone; and those that have passed are told to their agency.
import { Problem } from '../../contract/problems.ts'
import { caseClocks, type DayEvent, datedEvents, firstDue } from '../../protocol/case-clocks.ts'
import { dayOf } from '../../protocol/day.ts'
import type { VerifiedDirectory } from '../../protocol/directory.ts'
import { toHex } from '../../protocol/encoding.ts'
import { parseEvent } from '../../protocol/event.ts'
import type { CaseState } from '../../protocol/lifecycle-state.ts'
import type { Database } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import { records } from '../intake/service.ts'

type Policies = Pick<VerifiedDirectory, 'clocks' | 'holidays'>

export interface ClockedCase {
  /** How the chain began. */
  readonly start: CaseState
  readonly received: string
  readonly events: readonly Pick<records.EventRow, 'core' | 'tag' | 'device_id'>[]
}

/** The first due day after these events; null where no clock runs. */
export function dueAfter(
  { clocks, holidays }: Policies,
  { start, received, events }: ClockedCase,
  today: string,
) {
  const days: DayEvent[] = events.map(row => {
    const content = parseEvent(row)
    return { ...records.eventOf(content, toHex(row.device_id)), day: content.day }
  })
  return firstDue(caseClocks(clocks, datedEvents(start, received, days), today, holidays))
}

/** Of a case to which nothing has happened yet: by its day alone, so each day is worked out once. */
export function createDueOnReceipt() {
  let known: { policies: Policies; days: Map<string, string | null> } | null = null
  return (policies: Policies, received: string): string | null => {
    if (known?.policies !== policies) known = { policies, days: new Map() }
    const found = known.days.get(received)
    if (found !== undefined) return found
    const events = [{ kind: 'received', day: received }]
    const due = firstDue(caseClocks(policies.clocks, events, received, policies.holidays))
    known.days.set(received, due)
    return due
  }
}

/** Once a day: cases whose due day has passed come up in their agency's feed again. Nobody else is told anything. */
export function createDueJob(
  {
    database,
    directory,
  }: { readonly database: Database; readonly directory: Pick<DirectoryService, 'current'> },
  now: () => number,
): () => Promise<void> {
  let lastDay = ''
  const dueOnReceipt = createDueOnReceipt()
  return async () => {
    const today = dayOf(now())
    if (today === lastDay) return
    const published = await directory.current().catch(nullIfUnpublished)
    if (!published) return
    const { directory: policies } = published
    for (const day of await records.daysWithNewCases(database)) {
      const due = dueOnReceipt(policies, day)
      if (due !== null && due < today) await records.tellNewCasesDue(database, day, due)
    }
    await records.tellCasesDue(database, today)
    lastDay = today
  }
}

/** A service that waits for its first directory has no cases either. */
function nullIfUnpublished(error: unknown): null {
  if (error instanceof Problem && error.kind === 'not-found') return null
  throw error
}
