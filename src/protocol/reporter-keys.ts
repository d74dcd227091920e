import {
  type Branded,
  type DeploymentId,
  deriveSealingPair,
  deriveSigningPair,
  H,
  M,
  type SealingPair,
  type SigningPair,
  sealingSeed,
  signingSeed,
} from './crypto.ts'
import type { ReceiptCode } from './receipt-code.ts'

/** 32 bytes; with it an agency proves to the reporter that it opened the report. */
export type AcknowledgementKey = Branded<'acknowledgement key'>
/** 32 bytes; with it the reporter marks follow-ups, deniably. */
export type ThreadKey = Branded<'thread key'>
/** 32 bytes; hides a report behind its leaf in the log. */
export type LogBlind = Branded<'log blind'>

/** 32 bytes; only the reporter has it: with it the chosen agencies are known again. */
export type RecipientsKey = Branded<'recipients key'>

/** All that a receipt code gives. The content key of a report is not among it. */
export interface ReporterKeys {
  /** Owns the report. */
  readonly status: SigningPair
  /** Reads the mailbox. */
  readonly mailbox: SigningPair
  /** Opens replies. */
  readonly sealing: SealingPair
  readonly acknowledgementKey: AcknowledgementKey
  readonly threadKey: ThreadKey
  readonly logBlind: LogBlind
  readonly recipientsKey: RecipientsKey
}

/** The deployment id is part of the derivation: a code typed into another site yields unrelated keys. */
export function deriveReporterKeys(deploymentId: DeploymentId, code: ReceiptCode): ReporterKeys {
  const root = H('root', deploymentId, code)
  const derive = (name: string) => M(root, `key/${name}`)
  return {
    status: deriveSigningPair(signingSeed(derive('status'))),
    mailbox: deriveSigningPair(signingSeed(derive('mailbox-signing'))),
    sealing: deriveSealingPair(sealingSeed(derive('mailbox-sealing'))),
    acknowledgementKey: derive('acknowledgement') as AcknowledgementKey,
    threadKey: derive('thread') as ThreadKey,
    logBlind: derive('log-blind') as LogBlind,
    recipientsKey: derive('recipients') as RecipientsKey,
  }
}

/** 16 bytes: names a report on the server; nothing of the mailbox follows from it. */
export function reportIdOf(statusKey: Uint8Array): Uint8Array {
  return H('report', statusKey).slice(0, 16)
}

/** 32 bytes: names a mailbox on the server; nothing of the report follows from it. */
export function mailboxIdOf(mailboxKey: Uint8Array): Uint8Array {
  return H('mailbox', mailboxKey)
}
