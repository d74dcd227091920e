// What the holder of a code sees: how the report stands, and the replies.
import type { Connection } from './connection.ts'
import type { AgencyStatus, MailboxView, Reporter, ReportStatus, ToldEvent } from './engine.ts'
import type { Engine } from './load-engine.ts'
import type { ReadyFiles } from './uploading.ts'

export interface MyReport {
  readonly connection: Connection
  readonly reporter: Reporter
  readonly status: ReportStatus
  /** Null where the mailbox could not be read. */
  readonly mailbox: MailboxView | null
}

export type OpeningTrouble = 'notFound' | 'failed' | 'unproven'

/** Both requests each time, in this order, whatever there is to see. */
export async function openReport(connection: Connection, reporter: Reporter): Promise<MyReport> {
  const status = await connection.engine.readStatus(reporter)
  const mailbox = await connection.engine.readReplies(reporter, status).catch(() => null)
  return { connection, reporter, status, mailbox }
}

export function openingTrouble(engine: Engine, error: unknown): OpeningTrouble {
  if (error instanceof engine.VerificationFailed) return 'unproven'
  return error instanceof engine.RequestProblem && error.kind === 'not-found' ? 'notFound' : 'failed'
}

export type WriteOutcome =
  | { readonly kind: 'sent' | 'arrived'; readonly index: number }
  /** `known`: the highest number before it was sent. */
  | { readonly kind: 'maybe'; readonly known: number }
  | { readonly kind: 'failed' | 'changed' | 'files-gone' }

export const lastFollowUp = ({ followUps }: ReportStatus): number =>
  Math.max(0, ...followUps.map(({ index }) => index))

export interface Writing {
  readonly text: string
  /** There as a whole; null: none. */
  readonly files: ReadyFiles | null
  /** Of an objection. */
  readonly objecting: Objecting | null
}

/** What somebody is about to object to. */
export interface Objecting {
  readonly agency: AgencyStatus
  readonly event: ToldEvent
}

/**
 * `unsure` is what `maybe` gave the time before: then the report is looked at first, and nothing is sent where the
 * text has arrived.
 */
export async function writeMore(
  mine: MyReport,
  { text, files, objecting }: Writing,
  unsure: number | null,
): Promise<WriteOutcome> {
  const { connection, reporter, status } = mine
  const { engine } = connection
  let known = unsure ?? lastFollowUp(status)
  try {
    const now = await engine.readStatus(reporter)
    const index = lastFollowUp(now)
    if (unsure !== null && index > unsure) return { kind: 'arrived', index }
    known = index
    const expected = status.agencies.filter(({ state }) => state === 'assigned').map(({ id }) => id)
    const objectsTo = objecting?.event.head ?? undefined
    const { index: sent } = await engine.sendFollowUp(reporter, text, { expected, files, objectsTo })
    return { kind: 'sent', index: sent }
  } catch (error) {
    if (error instanceof engine.VerificationFailed) return { kind: 'changed' }
    if (error instanceof engine.RequestProblem && error.kind === 'files-incomplete')
      return { kind: 'files-gone' }
    const certain =
      error instanceof engine.InvalidInput ||
      error instanceof engine.ProtocolError ||
      (error instanceof engine.RequestProblem && error.status < 500)
    return certain ? { kind: 'failed' } : { kind: 'maybe', known }
  }
}
