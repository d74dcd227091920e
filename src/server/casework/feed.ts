// Each agency's own feed. Positions are given by a beat, in random order within it, under one lock: a cursor
// never skips a case, intake is not serialised, and the order of arrival is not kept.
import type { Database, Queries } from '../database.ts'

export const BEAT_MS = 1_000

const LOCK = { name: 'feed-lock', text: 'select pg_advisory_xact_lock(1651469928, 2)' }
const PENDING = { name: 'feed-pending', text: 'select 1 from assignments where changed limit 1' }
// What somebody is changing right now waits for the next beat: the beat never waits for a report's lock.
const GIVE_POSITIONS = {
  name: 'feed-give',
  text: `with free as (
    select case_id, agency_id from assignments where changed for update skip locked
  ), pending as (
    select case_id, agency_id, row_number() over (partition by agency_id order by random()) as place from free
  ), moved as (
    update feeds f set position = f.position + p.total
    from (select agency_id, count(*) as total from pending group by agency_id) p
    where f.agency_id = p.agency_id returning f.agency_id, f.position - p.total as before
  )
  update assignments a set position = m.before + p.place, changed = false
  from pending p join moved m using (agency_id) where a.case_id = p.case_id`,
}
const POSITIONS = { name: 'feed-positions', text: 'select agency_id, position from feeds' }
const ADD = {
  name: 'feed-add',
  text: 'insert into feeds (agency_id, position) values ($1, 0) on conflict do nothing',
}

export async function addFeeds(queries: Queries, agencyIds: readonly string[]): Promise<void> {
  for (const id of agencyIds) await queries.query(ADD, [id])
}

export type Feeds = ReturnType<typeof createFeeds>

/** How far each feed has come as of the last beat, and who waits for the next. */
export function createFeeds(database: Database) {
  const positions = new Map<string, number>()
  let isStopping = false
  const waiting = new Set<{ readonly agencyId: string; readonly after: number; readonly wake: () => void }>()

  const wakeThose = (isDue: (waiter: { agencyId: string; after: number }) => boolean) => {
    for (const waiter of waiting) if (isDue(waiter)) waiter.wake()
  }

  return {
    /** 0 for a feed that has not moved. */
    position: (agencyId: string): number => positions.get(agencyId) ?? 0,

    async beat(): Promise<void> {
      if ((await database.query(PENDING)).length > 0) {
        await database.transaction(async queries => {
          await queries.query(LOCK)
          await queries.query(GIVE_POSITIONS)
        })
      }
      const rows = await database.query<{ agency_id: string; position: string }>(POSITIONS)
      for (const row of rows) positions.set(row.agency_id, Number(row.position))
      wakeThose(({ agencyId, after }) => (positions.get(agencyId) ?? 0) > after)
    },

    /** Resolves when the feed has moved beyond `after`, when the time is over, or when the service stops. */
    wait(agencyId: string, after: number, milliseconds: number): Promise<void> {
      return new Promise(resolve => {
        if (isStopping) return resolve()
        const wake = () => {
          clearTimeout(timer)
          waiting.delete(waiter)
          resolve()
        }
        const waiter = { agencyId, after, wake }
        const timer = setTimeout(wake, milliseconds)
        waiting.add(waiter)
      })
    },

    /** Answers every held poll at once, and holds none from now on. */
    release: () => {
      isStopping = true
      wakeThose(() => true)
    },
  }
}
