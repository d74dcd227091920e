// Everything with cryptography: the SDK as the form uses it. A bundle of its own, loaded after the first page.
import '../page/without-eval.ts'

export {
  type AgencyStatus,
  agenciesToday,
  type CallStep,
  type DeploymentId,
  deleteReplies,
  deploymentIdOf,
  type FollowUpStatus,
  fetchTrust,
  formatReceiptCode,
  InvalidInput,
  type MailboxReply,
  type MailboxView,
  type PreparedReport,
  ProtocolError,
  type ProtocolErrorCode,
  parseReceiptCode,
  prepareReport,
  type ReceiptCode,
  type Reporter,
  type ReportInput,
  type ReportStatus,
  RequestProblem,
  readNothing,
  readReplies,
  readStatus,
  receiptCodeToWords,
  reporterOf,
  type SentFollowUp,
  type Service,
  type Submitted,
  sendFollowUp,
  serviceAt,
  submitReport,
  type Trust,
  UnexpectedAnswer,
  Unreachable,
  VerificationFailed,
  type WithdrawalOutcome,
  type WordLanguage,
  withdrawReport,
} from '../../client/index.ts'
export type { ReportContent } from '../../contract/content.ts'
export { cryptoReady } from '../../protocol/crypto.ts'
export { type Agency, recommendAgencies } from '../../protocol/directory.ts'
export { equalBytes, fromBase64url, toBase64url, toHex } from '../../protocol/encoding.ts'
export { type ReceiptCodeMistake, receiptCodeMistake } from '../../protocol/receipt-code-mistake.ts'
export { createFileHasher } from '../page/file-hasher.ts'
