// The signed receipt that a submission returns.
import type { DeploymentId } from './crypto.ts'
import { openDocument, read, signDocument } from './document.ts'
import { toBase64url } from './encoding.ts'
import type { NoteKey, NoteSigner } from './signed-note.ts'

export interface Receipt {
  /** SHA-256 of `leafPreimage`, 32 bytes. */
  readonly leaf: Uint8Array
  /** YYYY-MM-DD, in Seoul. */
  readonly day: string
}

export function signReceipt(receipt: Receipt, deployment: DeploymentId, logKey: NoteSigner): string {
  return signDocument('receipt', deployment, { leaf: toBase64url(receipt.leaf), day: receipt.day }, [logKey])
}

/** Throws `bad-signature`, `bad-document`, `wrong-deployment`. */
export function verifyReceipt(note: string, deployment: DeploymentId, logKey: NoteKey): Receipt {
  const content = openDocument(note, 'receipt', deployment, [logKey], 1)
  return { leaf: read.bytes(content, 'leaf', 32), day: read.day(content, 'day') }
}
