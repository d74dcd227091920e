// How an object store is asked: once and briefly again, never for long; and who is told when it does not answer.
import { S3Client, type S3ServiceException } from '@aws-sdk/client-s3'
import { Problem } from '../../contract/problems.ts'
import { describeError, type Logger } from '../http/log.ts'

export interface ObjectStoreOptions {
  /** http(s)://host[:port] */
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export interface Requests {
  readonly client: S3Client
  /** Throws the problem `unavailable` for every failure; `operation` and what failed are logged. */
  ask<T>(operation: string, milliseconds: number, send: (signal: AbortSignal) => Promise<T>): Promise<T>
  /** Ends what is under way, and all that is asked from now on. */
  close(): void
}

const CONNECT_MS = 2_000
/** Without a byte in either direction. */
const SILENCE_MS = 10_000
const ATTEMPTS = 3
const MAX_SOCKETS = 64

export function openRequests(options: ObjectStoreOptions, log: Logger): Requests {
  const client = createClient(options)
  const closing = new AbortController()
  const told = tellOnce(log)
  return {
    client,
    async ask(operation, milliseconds, send) {
      try {
        const result = await send(AbortSignal.any([closing.signal, AbortSignal.timeout(milliseconds)]))
        told.works(operation)
        return result
      } catch (error) {
        if (!closing.signal.aborted) told.fails(operation, error)
        throw new Problem('unavailable')
      }
    },
    close() {
      closing.abort()
      client.destroy()
    },
  }
}

/** Everything is said here: what is left open, the SDK takes from AWS_* variables and from files in the home folder. */
function createClient({ endpoint, region, accessKey, secretKey }: ObjectStoreOptions): S3Client {
  const silent = () => undefined
  return new S3Client({
    endpoint,
    region,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    forcePathStyle: true,
    // Newer checksums are not known to every store; the signature covers the hash of what is sent anyway.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // A connection of its own for each part, and a wait for an answer that some stores never give.
    expectContinueHeader: false,
    maxAttempts: ATTEMPTS,
    retryMode: 'standard',
    requestHandler: {
      connectionTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
    logger: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    defaultsMode: 'standard',
    authSchemePreference: ['sigv4'],
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    useArnRegion: false,
    disableS3ExpressSessionAuth: true,
    sigv4aSigningRegionSet: [region],
    disableClockSkewCorrection: false,
    userAgentAppId: 'bongsu',
  })
}

/** Of an answer that makes no sense, too. */
export function statusOf(error: unknown): number | undefined {
  const { $metadata } = (error ?? {}) as Partial<S3ServiceException>
  return $metadata?.httpStatusCode
}

/** While an operation fails in one way, a line tells of it; and one when it works again. */
function tellOnce(log: Logger) {
  const failing = new Map<string, string>()
  return {
    works(operation: string): void {
      if (failing.delete(operation)) log.info({ operation }, 'the object store answers again')
    },
    fails(operation: string, error: unknown): void {
      const err = describeError(error)
      const status = statusOf(error)
      const kind = `${status} ${err.name} ${err.code}`
      if (failing.get(operation) === kind) return
      failing.set(operation, kind)
      log.error({ operation, ...(status === undefined ? {} : { status }), err }, 'the object store fails')
    },
  }
}
