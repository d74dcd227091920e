// Nobody makes a mailbox and nobody can look for one; every key has its own, and an empty one looks like the rest.
import { randomFillSync } from 'node:crypto'
import { Problem } from '../../contract/problems.ts'
import { M } from '../../protocol/crypto.ts'
import { dayOf } from '../../protocol/day.ts'
import { ascii } from '../../protocol/encoding.ts'
import { messageIdOf, SLOT_LENGTH } from '../../protocol/reply.ts'
import { mailboxIdOf } from '../../protocol/reporter-keys.ts'
import { inBatches } from '../batches.ts'
import type { Database } from '../database.ts'
import { spendNonce } from '../http/nonces.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'
import {
  countSent,
  forgetQuotas,
  insertReply,
  type MailboxRequest,
  readMailboxes,
  type Slot,
} from './store.ts'

/** Replies a day: of one device, and of one agency to one mailbox. */
const DEVICE_QUOTA = 500
const MAILBOX_QUOTA = 50
/** Mailboxes that are read together: of full ones, half a megabyte. */
const MAX_READS = 8
const MAX_READS_UNDER_WAY = 2

export type Mailboxes = ReturnType<typeof createMailboxes>

export interface MailboxOptions {
  readonly database: Database
  readonly quotaKey: Uint8Array
  readonly now: () => number
}

export function createMailboxes({ database, quotaKey, now }: MailboxOptions) {
  const today = () => dayOf(now())
  const quotaSubject = (kind: string, ...about: Uint8Array[]) =>
    M(quotaKey, `quota/${kind}`, ascii(today()), ...about)
  const readSlots = inBatches({
    maxItems: MAX_READS,
    maxUnderWay: MAX_READS_UNDER_WAY,
    run: (requests: readonly MailboxRequest[]) => readMailboxes(database, requests),
  })

  return {
    /**
     * The four slots after the request's cursor, once the ids it names are deleted. The same statements and
     * the same length for every key.
     */
    async read(signer: Signer, request: Uint8Array, takeAnswer: () => Buffer): Promise<Uint8Array> {
      const slots = await readSlots({ mailboxId: mailboxIdOf(signer.key), request })
      return fillAnswer(takeAnswer(), slots)
    },

    /** Throws `scope-missing`, `quota-exceeded`; says nothing of whether the mailbox is anybody's. */
    async post(
      signer: Signer,
      device: CallingDevice,
      mailboxId: Uint8Array,
      sealed: Uint8Array,
    ): Promise<void> {
      if (!device.scopes.includes('cases')) throw new Problem('scope-missing')
      const byDevice = quotaSubject('device', device.deviceId)
      const byMailbox = quotaSubject('mailbox', ascii(device.agencyId), mailboxId)
      const messageId = messageIdOf(sealed)
      const byMessage = quotaSubject('message', mailboxId, messageId)
      await database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        // The same bytes again: their reader may have deleted them since.
        if ((await countSent(queries, byMessage, today())) > 1) return
        if ((await countSent(queries, byDevice, today())) > DEVICE_QUOTA) throw new Problem('quota-exceeded')
        if ((await countSent(queries, byMailbox, today())) > MAILBOX_QUOTA)
          throw new Problem('quota-exceeded')
        await insertReply(queries, mailboxId, messageId, sealed)
      })
    },

    forgetOldQuotas: () => forgetQuotas(database, today()),
  }
}

/** Chance wherever there is no reply. */
function fillAnswer(answer: Buffer, slots: readonly Slot[]): Buffer {
  for (const [index, { messageId, sealed }] of slots.entries()) {
    if (messageId.length + sealed.length !== SLOT_LENGTH) throw new Error('a reply of another length')
    answer.set(messageId, index * SLOT_LENGTH)
    answer.set(sealed, index * SLOT_LENGTH + messageId.length)
  }
  return randomFillSync(answer, slots.length * SLOT_LENGTH)
}
