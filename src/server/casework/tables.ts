import { bigint, integer, pgTable, text } from 'drizzle-orm/pg-core'
import { bytea } from '../columns.ts'

/** How far each agency's feed has come. */
export const feeds = pgTable('feeds', {
  agencyId: text('agency_id').primaryKey(),
  position: bigint({ mode: 'number' }).notNull(),
})

/** What each device keeps for itself, sealed to its own key: no case can be told from it. */
export const deviceNotes = pgTable('device_notes', {
  deviceId: bytea('device_id').primaryKey(),
  version: integer().notNull(),
  sealed: bytea().notNull(),
})
