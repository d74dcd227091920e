// Everything with cryptography: the SDK as the form uses it. A bundle of its own, loaded after the first page.
import '../page/without-eval.ts'

export {
  type AgencyStanding,
  type AgencyStatus,
  agenciesToday,
  agencyStandings,
  type CallStep,
  type DeploymentId,
  deleteFilesOfReply,
  deleteReplies,
  deploymentIdOf,
  type FileList,
  type FollowUpStatus,
  fetchTrust,
  formatReceiptCode,
  giveUpUpload,
  InvalidInput,
  type ListedFile,
  lastDayFor,
  type MailboxReply,
  type MailboxView,
  type MessageFiles,
  objectableIn,
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
  readFile,
  readNothing,
  readReplies,
  readStatus,
  readUploadLimit,
  receiptCodeToWords,
  replyFiles,
  reporterOf,
  type SentFollowUp,
  type Service,
  type Submitted,
  sendFollowUp,
  serviceAt,
  submitReport,
  type ToldEvent,
  type Trust,
  toldBy,
  UnexpectedAnswer,
  Unreachable,
  type UploadedFiles,
  type UploadState,
  uploaderOf,
  uploadFiles,
  VerificationFailed,
  type WithdrawalOutcome,
  type WordLanguage,
  whereMoved,
  withdrawReport,
} from '../../client/index.ts'
export type { ReportContent } from '../../contract/content.ts'
export { BLOB_LENGTHS, blobLengthFor, contentOfLength, MAX_BLOB_LENGTH } from '../../protocol/blob.ts'
export { cryptoReady } from '../../protocol/crypto.ts'
export { type Agency, recommendAgencies } from '../../protocol/directory.ts'
export { equalBytes, fromBase64url, toBase64url, toHex } from '../../protocol/encoding.ts'
export { codeWords, rowsOf } from '../../protocol/lifecycle.ts'
export { CASE_MOVED, REPORTERS_STANDINGS, TOLD } from '../../protocol/lifecycle-words.ts'
export { type ReceiptCodeMistake, receiptCodeMistake } from '../../protocol/receipt-code-mistake.ts'
export { createFileHasher } from '../page/file-hasher.ts'
