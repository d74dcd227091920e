// Cases whose due day has passed, told once a due day: they come up in their agency's feed.
import type { Queries } from '../database.ts'

const DAYS = {
  name: 'due-days',
  text: `select distinct r.day from assignments a join reports r using (report_id)
         where a.event_count = 0 and a.due_told is null and not a.withdrawn and a.standing <> 'left' order by r.day`,
}
const TELL_NEW = {
  name: 'due-tell-new',
  text: `update assignments a set due_told = $2, changed = true from reports r
         where r.report_id = a.report_id and r.day = $1 and a.event_count = 0 and a.due_told is null
           and not a.withdrawn and a.standing <> 'left'`,
}
const TELL = {
  name: 'due-tell',
  text: `update assignments set due_told = due, changed = true
         where due < $1 and due_told is distinct from due and not withdrawn and standing <> 'left'`,
}

/** Days of reports that nothing has happened to at one of their agencies. */
export async function daysWithNewCases(queries: Queries): Promise<string[]> {
  const rows = await queries.query<{ day: string }>(DAYS)
  return rows.map(({ day }) => day)
}

/** Cases of that day's reports to which nothing has happened. */
export async function tellNewCasesDue(queries: Queries, day: string, due: string): Promise<void> {
  await queries.query(TELL_NEW, [day, due])
}

export async function tellCasesDue(queries: Queries, today: string): Promise<void> {
  await queries.query(TELL, [today])
}
