import { index, integer, pgTable } from 'drizzle-orm/pg-core'
import { bytea } from '../columns.ts'

/** Nonces of mutations, until they would have expired anyway. */
export const spentNonces = pgTable(
  'spent_nonces',
  {
    nonce: bytea().primaryKey(),
    /** Hours since 1970, one after the nonce's expiry: not when it was used. */
    hour: integer().notNull(),
  },
  table => [index().on(table.hour)],
)
