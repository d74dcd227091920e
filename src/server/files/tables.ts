import { sql } from 'drizzle-orm'
import {
  bigint,
  index,
  integer,
  pgTable,
  primaryKey,
  smallint,
  text,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core'
import { bytea } from '../columns.ts'

/** One row an upload, and then what it became. Its key is chance; nothing here says who sent it. */
export const blobs = pgTable(
  'blobs',
  {
    blobId: bytea('blob_id').primaryKey(),
    /** Hash of the upload's address; null once nobody may write any more. */
    capability: bytea().unique(),
    /** `doomed`: nobody can read it, and the next clean-up deletes it. */
    state: text().notNull().$type<'open' | 'claimed' | 'doomed'>(),
    /** Whose files: of a report or follow-up, or of an agency's reply. */
    kind: text().notNull().$type<'message' | 'reply'>(),
    length: bigint({ mode: 'number' }).notNull(),
    /** That have arrived. */
    parts: integer().notNull().default(0),
    /** Hour since 1970 at which it is doomed; null for files of a report. */
    expires: integer(),
    /** Of claimed files of a report or follow-up. */
    reportId: bytea('report_id'),
    index: integer(),
    /** Of claimed files of a reply: hash of the key that reads them. */
    reader: bytea().unique(),
    /** What the object store calls the upload under way; null where there is none. */
    transfer: text(),
    /** Parts that lie in the object store. */
    moved: integer().notNull().default(0),
  },
  table => [
    uniqueIndex().on(table.reportId, table.index),
    index('blobs_waiting').on(table.expires).where(sql`state <> 'claimed' or expires is not null`),
  ],
)

/** Parts of 1 MiB, sealed. */
export const blobParts = pgTable(
  'blob_parts',
  {
    blobId: bytea('blob_id')
      .notNull()
      .references(() => blobs.blobId),
    index: integer().notNull(),
    /** SHA-256. */
    hash: bytea().notNull(),
    /** What its pieces are stored under; null once the part lies in the object store. */
    part: uuid(),
    /** What the object store answered for the parts that end with this one. */
    etag: text(),
  },
  table => [primaryKey({ columns: [table.blobId, table.index] })],
)

/** The bytes of a part, in rows of a page each: PostgreSQL itself would cut them in four times as many. */
export const blobPieces = pgTable(
  'blob_pieces',
  {
    part: uuid().notNull(),
    n: smallint().notNull(),
    /** Stored as they are: chance does not compress. */
    bytes: bytea().notNull(),
  },
  table => [primaryKey({ columns: [table.part, table.n] })],
)
