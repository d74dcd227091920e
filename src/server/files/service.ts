// Files of messages: sealed blobs on their way in (uploads.ts), out again, and to their end.
import { Problem } from '../../contract/problems.ts'
import { BLOB_LENGTHS, contentOfLength } from '../../protocol/blob.ts'
import type { Queries } from '../database.ts'
import { spendNonce } from '../http/nonces.ts'
import type { Signer } from '../http/signed-request.ts'
import { deleteParts } from './parts.ts'
import * as store from './store.ts'
import { createUploads, type FilesOptions, HOUR_MS, readerOf } from './uploads.ts'

export type { CheckedUpload, FileLimits } from './uploads.ts'

/** What can be read of a blob. */
export interface StoredFiles {
  readonly length: number
  /** Bytes `from` to `to`, not included. */
  read(from: number, to: number): AsyncGenerator<Uint8Array>
}

export type Files = ReturnType<typeof createFiles>

export function createFiles(options: FilesOptions) {
  const { database, storage, limits, now } = options
  const thisHour = () => Math.floor(now() / HOUR_MS)
  const readable = (blob: store.BlobRow | null): StoredFiles => {
    if (!blob) throw new Problem('not-found')
    return { length: blob.length, read: (from, to) => storage.read(blob, from, to) }
  }

  return {
    ...createUploads(options),

    /** Of a blob: that of the largest size class whose content is within the limit. */
    maxLength: BLOB_LENGTHS.findLast(length => contentOfLength(length) <= limits.perMessage) ?? 0,

    /** Of a report that the caller was found to hold. Throws `not-found`. */
    async ofMessage(reportId: Uint8Array, index: number): Promise<StoredFiles> {
      return readable(await store.findOfMessage(database, reportId, index))
    },

    /** Throws `not-found`, the same for a key that is no reader's and for files that are gone. */
    async ofReader(signer: Signer): Promise<StoredFiles> {
      return readable(await store.findOfReader(database, readerOf(signer.key), thisHour()))
    },

    /** Says nothing of whether there were any. */
    async deleteOfReader(signer: Signer): Promise<void> {
      await database.transaction(async queries => {
        await spendNonce(queries, signer.challenge)
        await store.doomReader(queries, readerOf(signer.key))
      })
    },

    /** In the transaction that destroys a report. */
    forgetReport: (queries: Queries, reportId: Uint8Array): Promise<void> =>
      store.doomReport(queries, reportId),

    /** Ends what nobody claimed in time, and deletes what came to its end: all that can be, before it fails. */
    async cleanUp(): Promise<void> {
      await store.doomExpired(database, thisHour())
      const failures: unknown[] = []
      for (const blob of await store.doomedBlobs(database)) {
        try {
          await storage.remove(blob)
          await deleteParts(database, blob.blob_id)
          await store.deleteBlob(database, blob.blob_id)
        } catch (error) {
          failures.push(error)
        }
      }
      if (failures.length > 0) throw failures[0]
    },
  }
}
