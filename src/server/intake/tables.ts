import { sql } from 'drizzle-orm'
import { bigint, boolean, index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
import type { State } from '../../protocol/lifecycle-phases.ts'
import { bytea } from '../columns.ts'

/** One row a report, for good: after withdrawal it is the tombstone. Nothing here leads to a mailbox. */
export const reports = pgTable('reports', {
  reportId: bytea('report_id').primaryKey(),
  statusKey: bytea('status_key').notNull(),
  digest: bytea().notNull(),
  /** Digest of all wrapped keys. */
  wraps: bytea().notNull(),
  leaf: bytea().notNull(),
  /** Made with a key that only the reporter has: over the agencies that the report was sealed for. */
  recipientsTag: bytea('recipients_tag').notNull(),
  receipt: text().notNull(),
  day: text().notNull(),
  bucket: integer().notNull(),
  urgent: boolean().notNull(),
  withdrawn: boolean().notNull(),
})

/** Sealed messages: 0 is the report, 1 … its follow-ups. */
export const messages = pgTable(
  'messages',
  {
    reportId: bytea('report_id')
      .notNull()
      .references(() => reports.reportId),
    index: integer().notNull(),
    digest: bytea().notNull(),
    day: text().notNull(),
    header: bytea().notNull(),
    commitment: bytea().notNull(),
    body: bytea().notNull(),
  },
  table => [primaryKey({ columns: [table.reportId, table.index] })],
)

/** A report as one agency holds it. The case id is random: two agencies cannot compare theirs. */
export const assignments = pgTable(
  'assignments',
  {
    caseId: bytea('case_id').primaryKey(),
    reportId: bytea('report_id')
      .notNull()
      .references(() => reports.reportId),
    agencyId: text('agency_id').notNull(),
    keyId: bytea('key_id').notNull(),
    withdrawn: boolean().notNull().default(false),
    /** What the newest event says. */
    state: text().notNull().default('new').$type<'new' | 'acknowledged' | 'unopenable'>(),
    /** Where the lifecycle stands. */
    stage: text().notNull().default('new').$type<State>(),
    /** `none`: it was only offered. `left`: it was, or is over here. */
    standing: text().notNull().default('holder').$type<'holder' | 'none' | 'left'>(),
    /** How the case came to this agency. */
    origin: text().notNull().default('chosen').$type<'chosen' | 'proposed' | 'invited'>(),
    originAgency: text('origin_agency'),
    /** First due day of its clocks, as of its newest event; null before one, and where none runs. */
    due: text(),
    /** The due day that the agency was told has passed. */
    dueTold: text('due_told'),
    /** Head of the chain of events. */
    head: bytea().notNull(),
    eventCount: integer('event_count').notNull().default(0),
    /** The reporter's signed wish to withdraw. */
    wishNonce: text('wish_nonce'),
    wishSignature: bytea('wish_signature'),
    /** Position in the agency's own feed; null until the beat has given one. */
    position: bigint({ mode: 'number' }),
    /** Waits for the next beat. */
    changed: boolean().notNull().default(true),
  },
  table => [
    uniqueIndex().on(table.reportId, table.agencyId),
    index().on(table.agencyId, table.position),
    index('assignments_changed').on(table.agencyId).where(sql`changed`),
  ],
)

/** Content keys, sealed to an agency's epoch key. Deleting the row is what withdrawing means. */
export const wrappedKeys = pgTable(
  'wrapped_keys',
  {
    caseId: bytea('case_id')
      .notNull()
      .references(() => assignments.caseId),
    index: integer().notNull(),
    keyId: bytea('key_id').notNull(),
    wrapped: bytea().notNull(),
    /** Of a follow-up: the head of the agency's chain that its writer saw. */
    seenHead: bytea('seen_head'),
  },
  table => [primaryKey({ columns: [table.caseId, table.index] })],
)

/** What one agency asks of another: to take the case over, or to join. It answers those of one agency at a time. */
export const offers = pgTable(
  'offers',
  {
    /** Of the agency that is asked. */
    caseId: bytea('case_id')
      .notNull()
      .references(() => assignments.caseId),
    /** Of the one that asks, or leads. */
    fromCase: bytea('from_case')
      .notNull()
      .references(() => assignments.caseId),
    /** And how far that has come. */
    kind: text().notNull().$type<'proposed' | 'accepted' | 'invited' | 'joined'>(),
    /** 1, 2, … for each case, in the order in which they came. */
    place: integer().notNull(),
    /** Number of the first event that can answer it; null while it waits behind those of another agency. */
    since: integer(),
    /** The event that asks, in the chain of the case that asked; null in offers of before this column. */
    askedBy: bytea('asked_by').references(() => assignments.caseId),
    askedAt: integer('asked_at'),
    /** While it waits: (index ‖ key id ‖ wrapped key)…, fixed widths. */
    keys: bytea(),
  },
  table => [primaryKey({ columns: [table.caseId, table.fromCase, table.kind] }), index().on(table.fromCase)],
)

/** An event of one agency's chain that another agency of the report is shown: an offer to it, or the end of its own. */
export const shownEvents = pgTable(
  'shown_events',
  {
    /** Of the agency that is shown it. */
    caseId: bytea('case_id')
      .notNull()
      .references(() => assignments.caseId),
    fromCase: bytea('from_case')
      .notNull()
      .references(() => assignments.caseId),
    index: integer().notNull(),
  },
  table => [primaryKey({ columns: [table.caseId, table.fromCase, table.index] })],
)

/** Signed events, one chain a case. */
export const events = pgTable(
  'events',
  {
    caseId: bytea('case_id')
      .notNull()
      .references(() => assignments.caseId),
    index: integer().notNull(),
    core: bytea().notNull(),
    tag: bytea().notNull(),
    signature: bytea().notNull(),
    certificate: text().notNull(),
    /** Content keys for the devices of the case team: (device id ‖ index ‖ wrapped key)…, fixed widths. */
    deviceKeys: bytea('device_keys').notNull(),
    /** Who signed; empty in events of before this column. */
    deviceId: bytea('device_id').notNull().default(sql`''`),
    /** What it says beside its kind, sealed. */
    particulars: bytea(),
  },
  table => [primaryKey({ columns: [table.caseId, table.index] })],
)
