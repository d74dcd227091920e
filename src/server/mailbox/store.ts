import { MAILBOX_REQUEST_LENGTH, MESSAGE_ID_LENGTH, SLOTS } from '../../protocol/reply.ts'
import type { Database, Queries, Statement } from '../database.ts'

/** What one request is in a statement's parameter, byte by byte: mailbox id, cursor, four ids to delete. */
const MAILBOX_ID_LENGTH = 32
const REQUEST_LENGTH = MAILBOX_ID_LENGTH + MAILBOX_REQUEST_LENGTH

const part = (offset: string | number, length: number) =>
  `substr($1::bytea, place * ${REQUEST_LENGTH} + ${offset} + 1, ${length})`

const places = (count: number) => Array.from({ length: count }, (_, place) => `(${place})`).join(', ')

// The same for every key. It reads as things were before it deletes, so what goes is left out. Rows are looked up
// one by one, whatever PostgreSQL thinks of the table's size; those that go are in the order of their places on
// disk, so that two such statements never wait for each other.
const readStatement = (count: number): Statement => ({
  name: `read-mailboxes-${count}`,
  text: `with asked as (
    select place, ${part(0, MAILBOX_ID_LENGTH)} as mailbox_id, ${part(MAILBOX_ID_LENGTH, MESSAGE_ID_LENGTH)} as after
    from (values ${places(count)}) v (place)
  ), removed as (
    select ${part(0, MAILBOX_ID_LENGTH)} as mailbox_id,
      ${part(`${MAILBOX_ID_LENGTH + MESSAGE_ID_LENGTH} + slot * ${MESSAGE_ID_LENGTH}`, MESSAGE_ID_LENGTH)} as message_id
    from (values ${places(count)}) v (place), (values ${places(SLOTS)}) s (slot)
  ), gone as (
    delete from replies where ctid = any (array(
      select found.ctid from removed cross join lateral (
        select r.ctid from replies r
        where r.mailbox_id = removed.mailbox_id and r.message_id = removed.message_id limit 1
      ) found
    ))
  )
  select place, message_id, sealed from (
    select place, message_id, sealed from asked cross join lateral (
      select message_id, sealed from replies r
      where r.mailbox_id = asked.mailbox_id and r.message_id > asked.after and not exists (
        select from removed where removed.mailbox_id = r.mailbox_id and removed.message_id = r.message_id
      )
      order by r.message_id limit ${SLOTS}
    ) found
    order by place, message_id
  ) sorted`,
})
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

export interface MailboxRequest {
  readonly mailboxId: Uint8Array
  /** A cursor and four ids to delete; ids that are not there are passed over: chance among them costs nothing. */
  readonly request: Uint8Array
}

export interface Slot {
  readonly messageId: Uint8Array
  readonly sealed: Uint8Array
}

/** Of each request the slots after its cursor, once what it names is deleted. */
export async function readMailboxes(
  database: Pick<Database, 'bytes'>,
  requests: readonly MailboxRequest[],
): Promise<Slot[][]> {
  const parameter = Buffer.concat(requests.flatMap(({ mailboxId, request }) => [mailboxId, request]))
  if (parameter.length !== requests.length * REQUEST_LENGTH) throw new Error('a request of another length')
  const slots: Slot[][] = requests.map(() => [])
  for (const [place, messageId, sealed] of await database.bytes(readStatement(requests.length), [parameter]))
    if (place && messageId && sealed) slots[place.readInt32BE()]?.push({ messageId, sealed })
  return slots
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
