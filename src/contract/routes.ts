// All routes, once.
import { getCase, listCases, postEvent } from './casework.ts'
import {
  createChallenge,
  getDevices,
  getDirectory,
  health,
  putDevices,
  putDirectory,
  putStatement,
} from './directory.ts'
import { listEpochCases } from './epochs.ts'
import {
  createReplyUpload,
  createUpload,
  deleteReplyFiles,
  deleteUpload,
  getCaseFiles,
  getReplyFiles,
  headUpload,
  patchUpload,
  postReplyFiles,
} from './files.ts'
import { postReply, readMailbox } from './mailbox.ts'
import { getNotes, putNotes } from './notes.ts'
import { deleteReport, getReport, postFollowUp, putReport } from './report.ts'
import type { Route } from './route.ts'

export const ROUTES: readonly Route[] = [
  health,
  getDirectory,
  createChallenge,
  putReport,
  getReport,
  deleteReport,
  postFollowUp,
  readMailbox,
  putDirectory,
  putStatement,
  putDevices,
  getDevices,
  listCases,
  getCase,
  postEvent,
  listEpochCases,
  postReply,
  getNotes,
  putNotes,
  createUpload,
  createReplyUpload,
  headUpload,
  patchUpload,
  deleteUpload,
  getCaseFiles,
  postReplyFiles,
  getReplyFiles,
  deleteReplyFiles,
]
