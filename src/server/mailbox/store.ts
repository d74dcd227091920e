import { SLOTS } from '../../protocol/reply.ts'
import type { Queries } from '../database.ts'

// One statement, the same for every key. It reads as things were before it deletes, so what goes is left out.
const READ = {
  name: 'read-mailbox',
  text: `with gone as (delete from replies where mailbox_id = $1 and message_id = any($3))
         select message_id, sealed from replies
         where mailbox_id = $1 and message_id > $2 and message_id <> all($3) order by message_id limit ${SLOTS}`,
}
const INSERT = {
  name: 'insert-reply',
  text: 'insert into replies (mailbox_id, message_id, sealed) values ($1, $2, $3) on conflict do nothing',
}
const COUNT = {
  name: 'count-reply',
  text: `insert into reply_quotas (subject, day, sent) values ($1, $2, 1)
         on conflict (subject) do update set
           sent = case when reply_quotas.day = excluded.day then reply_quotas.sent + 1 else 1 end, day = excluded.day
         returning sent`,
}
const FORGET = { name: 'forget-quotas', text: 'delete from reply_quotas where day < $1' }

export interface StoredReply {
  readonly message_id: Uint8Array
  readonly sealed: Uint8Array
}

/** Deletes and then reads. Ids that are not there are passed over: chance among them costs nothing. */
export function readReplies(
  queries: Queries,
  mailboxId: Uint8Array,
  { after, remove }: { readonly after: Uint8Array; readonly remove: readonly Uint8Array[] },
): Promise<StoredReply[]> {
  return queries.query<StoredReply & Record<string, unknown>>(READ, [mailboxId, after, remove])
}

export async function insertReply(
  queries: Queries,
  mailboxId: Uint8Array,
  messageId: Uint8Array,
  sealed: Uint8Array,
) {
  await queries.query(INSERT, [mailboxId, messageId, sealed])
}

/** How many this subject has sent today, this one included. */
export async function countSent(queries: Queries, subject: Uint8Array, day: string): Promise<number> {
  const [row] = await queries.query<{ sent: number }>(COUNT, [subject, day])
  return row?.sent ?? 0
}

export async function forgetQuotas(queries: Queries, today: string): Promise<void> {
  await queries.query(FORGET, [today])
}
