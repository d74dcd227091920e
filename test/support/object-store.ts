// A real S3 server with an empty bucket, what lies in it, and a storage beside the service's own.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { createSwift, type Swift, whyNoSwift } from '../../scripts/swift/swift.ts'
import { type Config, readConfig } from '../../src/server/config.ts'
import type { Database } from '../../src/server/database.ts'
import { openS3Storage } from '../../src/server/files/s3-storage.ts'
import { createFiles } from '../../src/server/files/service.ts'
import type { FileStorage } from '../../src/server/files/storage.ts'
import type { World } from './world.ts'

export const BUCKET = 'bongsu-files'

/** Null where the tests can run. */
export const whyNot = process.env.BONGSU_TEST_S3 ? await whyNoSwift() : 'npm run test:s3 runs these'
if (whyNot) process.stderr.write(`Skipped: ${whyNot}.\n`)

export interface TestStore {
  readonly swift: Swift
  readonly client: S3Client
  /** What a service needs to use it. */
  readonly variables: Readonly<Record<string, string>>
  readonly keyFile: string
  stop(): Promise<void>
}

export async function createTestStore(): Promise<TestStore> {
  const swift = await createSwift()
  await swift.start()
  const { endpoint, region, accessKey, secretKey } = swift
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: accessKey, secretAccessKey: secretKey },
    expectContinueHeader: false,
  })
  await client.send(new CreateBucketCommand({ Bucket: BUCKET }))
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-store-'))
  const keyFile = join(folder, 's3.key')
  await writeFile(keyFile, `${accessKey}\n${secretKey}\n`)
  return {
    swift,
    client,
    keyFile,
    variables: {
      BONGSU_S3_ENDPOINT: endpoint,
      BONGSU_S3_BUCKET: BUCKET,
      BONGSU_S3_REGION: region,
      BONGSU_S3_KEY_FILE: keyFile,
    },
    async stop() {
      client.destroy()
      await swift.destroy()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Keys and lengths of the objects. */
export async function objectsIn({ client }: TestStore): Promise<[key: string, length: number][]> {
  const { Contents = [] } = await client.send(new ListObjectsV2Command({ Bucket: BUCKET }))
  return Contents.map(({ Key = '', Size = 0 }) => [Key, Size])
}

export async function transfersIn({ client }: TestStore): Promise<{ key: string; id: string }[]> {
  const { Uploads = [] } = await client.send(new ListMultipartUploadsCommand({ Bucket: BUCKET }))
  return Uploads.map(({ Key = '', UploadId = '' }) => ({ key: Key, id: UploadId }))
}

/** A transfer of which no database knows. */
export const forgottenTransfer = ({ client }: TestStore, key: string) =>
  client.send(new CreateMultipartUploadCommand({ Bucket: BUCKET, Key: key }))

export async function objectBytes({ client }: TestStore, key: string): Promise<Uint8Array> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: BUCKET, Key: key }))
  if (!Body) throw new Error('no object')
  return Body.transformToByteArray()
}

/** Files with bytes of objects or of parts, wherever the store keeps them and under whatever name. */
export async function filesOnDisk({ swift }: TestStore): Promise<string[]> {
  const names = await readdir(join(swift.disk, 'objects'), { recursive: true }).catch(() => [])
  return names.filter(name => name.endsWith('.data'))
}

const storeOf = ({ variables }: TestStore): NonNullable<Config['objectStore']> => {
  const { objectStore } = readConfig(variables)
  if (!objectStore) throw new Error('no object store')
  return objectStore
}

/** Like the one of a service, on a database that may fail. */
export async function storageOn(store: TestStore, database: Database): Promise<FileStorage> {
  return (await openS3Storage(database, storeOf(store), pino({ level: 'silent' }))).storage
}

/** What the service does every minute, now. */
export async function cleanUp(world: World, storage: FileStorage): Promise<void> {
  const limits = { perMessage: 0, room: 0 }
  await createFiles({ database: world.database, storage, limits, now: world.now }).cleanUp()
}
