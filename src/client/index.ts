// The SDK: what a reporter, an agency's device and an authority do with a service.
export type { CaseSummary } from '../contract/casework.ts'
export type { ReportContent } from '../contract/content.ts'
export { type DeploymentId, deploymentIdOf } from '../protocol/crypto.ts'
export { ProtocolError, type ProtocolErrorCode } from '../protocol/error.ts'
export type { FileList, ListedFile, MessageFiles } from '../protocol/file-list.ts'
export { type DeviceKey, parseKeyFile } from '../protocol/key-file.ts'
export {
  formatReceiptCode,
  parseReceiptCode,
  type ReceiptCode,
  receiptCodeToWords,
  type WordLanguage,
} from '../protocol/receipt-code.ts'
export {
  acknowledge,
  barredDevices,
  type CaseList,
  type ListOptions,
  readCases,
  type SealedReply,
  sealedReply,
  sendReply,
  sendSealed,
  splitReply,
  watchCases,
} from './agency.ts'
export { type AgencyStanding, agencyStandings, type Moved, whereMoved } from './agency-standing.ts'
export { publishDevices, publishDirectory, publishStatement } from './authority.ts'
export {
  type CreateHasher,
  type FileSource,
  type FileTools,
  type Hasher,
  lengthOfBlob,
} from './blob-source.ts'
export type { CheckedChain, CheckedEvent } from './chain.ts'
export { type Device, deviceOf, readDeviceList, readTeam } from './device.ts'
export { reserveReplyNumbers } from './device-notes.ts'
export {
  caseFiles,
  deleteFilesOfReply,
  type ReadFileOptions,
  type ReadRange,
  readFile,
  replyFiles,
} from './download.ts'
export {
  casesUnder,
  type EpochCases,
  type EpochStage,
  epochEntries,
  epochsOf,
  type HeldEpoch,
  nextEpochs,
  type Rotation,
} from './epochs.ts'
export {
  type InputMistake,
  InvalidInput,
  RequestProblem,
  UnexpectedAnswer,
  Unreachable,
  VerificationFailed,
} from './failure.ts'
export { checkFollowUp, type FollowUpOptions, type SentFollowUp, sendFollowUp } from './follow-up.ts'
export { type CallOptions, type CallStep, call, type Service, serviceAt } from './http.ts'
export {
  type Act,
  act,
  actorOf,
  caseStateOf,
  choicesOf,
  clocksOf,
  NotAllowed,
  waitingParticulars,
} from './lifecycle.ts'
export {
  deleteReplies,
  type MailboxReply,
  type MailboxView,
  type MissingReplies,
  readNothing,
  readReplies,
} from './mailbox.ts'
export { type Objection, objectableIn, objectionsIn } from './objection.ts'
export {
  NotOpened,
  type OpenedCase,
  type OpenedMessage,
  openCase,
  type ReadCase,
  readCase,
} from './opening.ts'
export { offersTo, type Partner, partnersOf, type ReceivedOffer } from './partners.ts'
export { type PickedUp, type PickUpOutcome, pickUp } from './pickup.ts'
export type { EventOptions } from './recording.ts'
export {
  type PreparedReport,
  prepareReport,
  type Reporter,
  type ReportInput,
  reporterOf,
  type Submitted,
  submitReport,
  type WithdrawalOutcome,
  withdrawReport,
} from './reporter.ts'
export { createSigner, type Signer } from './signer.ts'
export { type AgencyStatus, type FollowUpStatus, type ReportStatus, readStatus } from './status.ts'
export { isHandOnDue, KeysMissing, type MissingKey, missingHere } from './team-wraps.ts'
export { lastDayFor, offerTo, type Told, type ToldEvent, toldBy } from './told.ts'
export { agenciesToday, fetchTrust, type Trust, type TrustOptions, verifyPublished } from './trust.ts'
export { barredFrom, declareConflict, recordUnopenable, refuseUnopened } from './unopened.ts'
export {
  giveUpUpload,
  keepReplyFiles,
  replyUploaderOf,
  type UploadedFiles,
  type UploadOptions,
  type UploadProgress,
  type UploadState,
  uploaderOf,
  uploadFiles,
} from './upload.ts'
export { readUploadLimit } from './upload-limit.ts'
export type { Withdrawal } from './withdrawal.ts'
