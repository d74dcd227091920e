import { bigint, pgTable, text } from 'drizzle-orm/pg-core'

/** How far each agency's feed has come. */
export const feeds = pgTable('feeds', {
  agencyId: text('agency_id').primaryKey(),
  position: bigint({ mode: 'number' }).notNull(),
})
