import { boolean, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea } from '../columns.ts'

/** Signed documents as they were published, every version. */
export const documents = pgTable(
  'documents',
  {
    kind: text().notNull().$type<'root' | 'directory' | 'statement' | 'device-list'>(),
    /** The agency's id; empty for root and directory. */
    subject: text().notNull(),
    version: integer().notNull(),
    note: text().notNull(),
  },
  table => [primaryKey({ columns: [table.kind, table.subject, table.version] })],
)

/** What the newest device lists say, for one look-up by primary key. */
export const devices = pgTable(
  'devices',
  {
    deviceId: bytea('device_id').primaryKey(),
    agencyId: text('agency_id').notNull(),
    signingKey: bytea('signing_key').notNull(),
    certificate: text().notNull(),
    scopes: text().array().notNull(),
    validFrom: text('valid_from').notNull(),
    validUntil: text('valid_until').notNull(),
    revoked: boolean().notNull(),
  },
  table => [index().on(table.agencyId)],
)
