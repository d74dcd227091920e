import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { bytea } from '../columns.ts'

/** Sealed replies. No agency, no day, no report: who wrote to whom is inside the ciphertext. */
export const replies = pgTable(
  'replies',
  {
    mailboxId: bytea('mailbox_id').notNull(),
    messageId: bytea('message_id').notNull(),
    sealed: bytea().notNull(),
  },
  table => [primaryKey({ columns: [table.mailboxId, table.messageId] })],
)

/** What was sent today, by device, by (agency, mailbox) and by message, each under a MAC that changes every day. */
export const replyQuotas = pgTable('reply_quotas', {
  subject: bytea().primaryKey(),
  day: text().notNull(),
  sent: integer().notNull(),
})
