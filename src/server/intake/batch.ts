import { inBatches } from '../batches.ts'
import type { Database } from '../database.ts'
import { insertReports, type NewReport, type Stored } from './insertion.ts'

const MAX_REPORTS = 16
/** Of ciphertext. */
const MAX_BYTES = 512 * 1024
const MAX_UNDER_WAY = 3
/** A report alone costs PostgreSQL three times what one of eight does. */
const MIN_BESIDE = 8

const nameOf = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1')

/** Reports that arrive together are stored together. */
export const createBatches = (database: Database): ((report: NewReport) => Promise<Stored>) =>
  inBatches({
    maxItems: MAX_REPORTS,
    maxUnderWay: MAX_UNDER_WAY,
    minBeside: MIN_BESIDE,
    maxBytes: MAX_BYTES,
    bytesOf: report => report.body.length,
    namesOf: ({ nonce, reportId }) => [nameOf(nonce), nameOf(reportId)],
    run: reports => insertReports(database, reports),
  })
