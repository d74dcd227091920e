import { randomBytes } from 'node:crypto'
import { Client } from 'pg'
import type { SigningPair } from '../../src/protocol/crypto.ts'
import { SEALED_REPLY_LENGTH, SLOTS } from '../../src/protocol/reply.ts'
import { mailboxIdOf } from '../../src/protocol/reporter-keys.ts'
import { compareReads } from '../compare-reads.ts'
import type { Part } from '../part.ts'
import { bareMailboxRead } from '../programs/bare-request.ts'
import { mailboxReads, randomPair } from '../requests.ts'
import { knownOf, type RunningService } from '../service.ts'
import { round } from '../statistics.ts'

const MAILBOXES = 256

/** POST /v1/mailbox against a bare verified read: mailboxes with nothing in them, then with four replies. */
export const measureMailbox: Part = async bench => {
  const running = await bench.service()
  const known = await knownOf(running)
  const empty = await mailboxes()
  const filled = await mailboxes()
  await putReplies(running, filled)
  const figures = {
    mailbox_vs_verified_read: 0,
    mailbox_per_second: 0,
    mailbox_cpu_us: 0,
    mailbox_full_vs_verified_read: 0,
  }
  for (const [boxes, what] of [
    [empty, 'nothing in them'],
    [filled, 'four replies in each'],
  ] as const) {
    const result = await compareReads(bench, running, {
      port: running.reporterPort,
      requests: mailboxReads(
        known,
        boxes.map(({ pair }) => pair),
      ),
      bare: boxes.map(({ pair, mailboxId, messageIds: [id] }) => bareMailboxRead(pair, mailboxId, id)),
      status: 200,
    })
    bench.say(`POST /v1/mailbox, ${what}`)
    for (const line of result.lines) bench.say(`  ${line}`)
    if (boxes === filled) figures.mailbox_full_vs_verified_read = round(result.ratio)
    else {
      figures.mailbox_vs_verified_read = round(result.ratio)
      figures.mailbox_per_second = round(result.first, 0)
      figures.mailbox_cpu_us = result.cpu
    }
  }
  return figures
}

interface Mailbox {
  readonly pair: SigningPair
  readonly mailboxId: Uint8Array
  readonly messageIds: readonly [Uint8Array, ...Uint8Array[]]
}

const mailboxes = async (): Promise<Mailbox[]> =>
  Array.from({ length: MAILBOXES }, () => {
    const pair = randomPair()
    const more = Array.from({ length: SLOTS - 1 }, () => randomBytes(16))
    return { pair, mailboxId: mailboxIdOf(pair.publicKey), messageIds: [randomBytes(16), ...more] }
  })

async function putReplies({ databaseUrl }: RunningService, boxes: readonly Mailbox[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  const text = 'insert into replies (mailbox_id, message_id, sealed) values ($1, $2, $3)'
  for (const { mailboxId, messageIds } of boxes) {
    for (const id of messageIds) await client.query(text, [mailboxId, id, randomBytes(SEALED_REPLY_LENGTH)])
  }
  await client.end()
}
