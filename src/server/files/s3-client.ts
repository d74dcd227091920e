// What is asked of an S3-compatible store. Keys, ranges and parts; nothing of blobs.
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import type { Logger } from '../http/log.ts'
import { type ObjectStoreOptions, openRequests, type Requests, statusOf } from './s3-requests.ts'

/** An upload of an object in parts: its key, and what the store calls it. */
export interface Transfer {
  readonly key: string
  readonly id: string
}

export type ObjectStore = ReturnType<typeof openObjectStore>

/** For one request with its repetitions: what one call of a client's causes stays below what it bears. */
const ASK_MS = 5_000
const PART_MS = 20_000
const PIECE_MS = 10_000
/** Under one key there is one transfer, and what a crash left behind. */
const MAX_ABANDON_ROUNDS = 5

/** Every call throws the problem `unavailable` where the store is away, slow, or answers what it should not. */
export function openObjectStore(options: ObjectStoreOptions, log: Logger) {
  const requests = openRequests(options, log)
  const at = { ...requests, Bucket: options.bucket }
  return { ...transfersIn(at), ...objectsIn(at), look: () => look(at), close: requests.close }
}

interface Place extends Requests {
  readonly Bucket: string
}

const isNamed = (error: unknown, ...names: readonly string[]) =>
  error instanceof S3ServiceException && names.includes(error.name)

function transfersIn({ client, ask, Bucket }: Place) {
  const of = ({ key, id }: Transfer) => ({ Bucket, Key: key, UploadId: id })
  const list = (key: string) =>
    ask('list', ASK_MS, async abortSignal => {
      const command = new ListMultipartUploadsCommand({ Bucket, Prefix: key })
      const { Uploads = [] } = await client.send(command, { abortSignal })
      return Uploads.filter(({ Key }) => Key === key).map(({ UploadId }) => ({ key, id: required(UploadId) }))
    })
  const abort = (transfer: Transfer) =>
    ask('abort', ASK_MS, async abortSignal => {
      const gone = client.send(new AbortMultipartUploadCommand(of(transfer)), { abortSignal })
      await gone.catch(ignore('NoSuchUpload', 'NoSuchKey'))
    })

  return {
    begin: (key: string): Promise<Transfer> =>
      ask('begin', ASK_MS, async abortSignal => {
        const ContentType = 'application/octet-stream'
        const command = new CreateMultipartUploadCommand({ Bucket, Key: key, ContentType })
        return { key, id: required((await client.send(command, { abortSignal })).UploadId) }
      }),

    /** Part `number`, from 1 on; once more does no harm. Its etag; null where the store does not know the transfer. */
    put: (transfer: Transfer, number: number, bytes: Uint8Array): Promise<string | null> =>
      ask('put', PART_MS, async abortSignal => {
        const command = new UploadPartCommand({ ...of(transfer), PartNumber: number, Body: bytes })
        const sent = client.send(command, { abortSignal })
        const answer = await sent.catch(ignore('NoSuchUpload'))
        return answer ? required(answer.ETag) : null
      }),

    /** The etags that the store has itself, of parts 1 to the last. */
    etags: (transfer: Transfer): Promise<string[]> =>
      ask('parts', ASK_MS, async abortSignal => {
        const { Parts = [] } = await client.send(new ListPartsCommand(of(transfer)), { abortSignal })
        return Parts.map(({ ETag }) => required(ETag))
      }),

    complete: (
      transfer: Transfer,
      etags: readonly string[],
    ): Promise<'complete' | 'unknown transfer' | 'other parts'> =>
      ask('complete', PART_MS, async abortSignal => {
        const Parts = etags.map((ETag, i) => ({ ETag, PartNumber: i + 1 }))
        const command = new CompleteMultipartUploadCommand({ ...of(transfer), MultipartUpload: { Parts } })
        try {
          await client.send(command, { abortSignal })
          return 'complete'
        } catch (error) {
          if (isNamed(error, 'NoSuchUpload')) return 'unknown transfer'
          if (isNamed(error, 'InvalidPart')) return 'other parts'
          throw error
        }
      }),

    abort,

    /** Ends every transfer to this key, also those that nobody remembers. */
    async abandon(key: string): Promise<void> {
      for (let round = 0; round < MAX_ABANDON_ROUNDS; round++) {
        const left = await list(key)
        if (left.length === 0) return
        for (const transfer of left) await abort(transfer)
      }
      await ask('abandon', ASK_MS, () => Promise.reject(new Error('there are ever more transfers')))
    },
  }
}

function objectsIn({ client, ask, Bucket }: Place) {
  return {
    /** Null where there is no such object. */
    lengthOf: (key: string): Promise<number | null> =>
      ask('head', ASK_MS, async abortSignal => {
        const found = client.send(new HeadObjectCommand({ Bucket, Key: key }), { abortSignal })
        return (await found.catch(ignore('NotFound', 'NoSuchKey')))?.ContentLength ?? null
      }),

    /** So many bytes from there on, in memory. */
    get: (key: string, from: number, length: number): Promise<Uint8Array> =>
      ask('get', PIECE_MS, async abortSignal => {
        const Range = `bytes=${from}-${from + length - 1}`
        const command = new GetObjectCommand({ Bucket, Key: key, Range })
        const { Body, ContentLength } = await client.send(command, { abortSignal })
        if (Body && ContentLength === length) return Body.transformToByteArray()
        // A store that knows no ranges would send the whole.
        if (Body instanceof Readable) Body.destroy()
        throw new Error('another length than was asked for')
      }),

    remove: (key: string): Promise<void> =>
      ask('delete', ASK_MS, async abortSignal => {
        const gone = client.send(new DeleteObjectCommand({ Bucket, Key: key }), { abortSignal })
        await gone.catch(ignore('NoSuchKey'))
      }),
  }
}

/** Whether the bucket is there and these keys open it; the status with which the store refuses them. */
async function look({ client, Bucket }: Place): Promise<'ready' | 'away' | number> {
  try {
    await client.send(new HeadBucketCommand({ Bucket }), { abortSignal: AbortSignal.timeout(ASK_MS) })
    return 'ready'
  } catch (error) {
    const status = statusOf(error)
    return status === undefined || status >= 500 ? 'away' : status
  }
}

const ignore =
  (...names: readonly string[]) =>
  (error: unknown): undefined => {
    if (!isNamed(error, ...names)) throw error
  }

function required(value: string | undefined): string {
  if (value === undefined) throw new Error('the answer says less than it should')
  return value
}
