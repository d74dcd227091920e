// A reporter's signed wish to withdraw, as an agency checks it.
import { deleteReport } from '../contract/report.ts'
import { verifySignature } from '../protocol/crypto.ts'
import { equalBytes, fromBase64url } from '../protocol/encoding.ts'
import { reportIdOf } from '../protocol/reporter-keys.ts'
import { requestParameters, signatureBase, signatureTag } from '../protocol/request-signature.ts'
import type { ReadCase } from './opening.ts'
import type { Trust } from './trust.ts'

/** `wished`: signed by the key that owns the report. `forged`: the service claims so and cannot show it. */
export type Withdrawal = 'none' | 'wished' | 'forged'

export function withdrawalOf(
  trust: Trust,
  { file, reportId }: Pick<ReadCase, 'file' | 'reportId'>,
): Withdrawal {
  const { withdrawal } = file
  if (!withdrawal) return file.withdrawalWished ? 'forged' : 'none'
  const statusKey = fromBase64url(withdrawal.statusKey)
  const tag = signatureTag('reporter', trust.deploymentId)
  const { method, path } = deleteReport
  const base = signatureBase(
    { method, path, query: '?' },
    requestParameters({ publicKey: statusKey, nonce: withdrawal.nonce, tag, coversBody: false }),
  )
  const signed = verifySignature(statusKey, base, fromBase64url(withdrawal.signature))
  return signed && equalBytes(reportIdOf(statusKey), reportId) ? 'wished' : 'forged'
}
