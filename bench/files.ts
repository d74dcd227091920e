// What files pass through on their way, each alone: what the whole way is measured against.
import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { fileOnDisk } from '../src/cli/files/source.ts'
import { fileTools } from '../src/cli/files/tools.ts'
import type { FileSource } from '../src/client/index.ts'
import {
  CHUNK_SIZE,
  type ChunkCipher,
  createFileOpener,
  createFileSealer,
  STREAM_HEADER_LENGTH,
} from '../src/protocol/blob.ts'
import { blobKeyOf } from '../src/protocol/crypto.ts'
import type { Bench } from './part.ts'
import { startProgram } from './programs/tasks.ts'

export const MIB = 1024 * 1024
/** BENCH_FILES_MIB=64 tries the part out. */
export const FILE_MIB = Number(process.env.BENCH_FILES_MIB ?? '1024')

/** A file of chance on the disk. */
export async function writeChance(folder: string, mib = FILE_MIB): Promise<FileSource> {
  const path = join(folder, 'evidence.bin')
  const handle = await open(path, 'w')
  for (let i = 0; i < mib; i++) await handle.write(randomBytes(MIB))
  await handle.sync()
  await handle.close()
  return fileOnDisk(path)
}

const execute = promisify(execFile)

/**
 * MiB in a second, each measured from the same: what it will write is not there yet, and nothing of what ran before
 * waits for the disk.
 */
export async function speedOf(run: () => Promise<void>, written?: string): Promise<number> {
  if (written) await rm(written, { force: true })
  await execute('sync')
  const begun = performance.now()
  await run()
  return FILE_MIB / ((performance.now() - begun) / 1000)
}

export type Measured = Readonly<Record<string, number>>

export interface Yardsticks {
  /** Of the way there: the slowest counts. */
  there(): Promise<Measured>
  /** And of the way back. */
  back(): Promise<Measured>
}

/** By libsodium, as everywhere but in Node; the command has OpenSSL for it. */
export const BY_LIBSODIUM = 'libsodium'

export async function createYardsticks(
  { onEnd }: Bench,
  file: FileSource,
  folder: string,
): Promise<Yardsticks> {
  const program = startProgram('plain-files', [folder])
  onEnd(() => program.stop())
  const port = await program.ask('listen')
  const path = join(folder, 'evidence.bin')
  const fetched = join(folder, 'fetched-plainly')
  const hash = () => hashAll(file)
  return {
    there: async () => ({
      [BY_LIBSODIUM]: await speedOf(() => sealAll(file)),
      OpenSSL: await speedOf(() => sealAll(file, fileTools.cipher)),
      hashing: await speedOf(hash),
      'plain HTTP': await speedOf(() => sendPlainly(port, path), join(folder, 'plain')),
    }),
    back: async () => ({
      [BY_LIBSODIUM]: await speedOf(() => openAll()),
      OpenSSL: await speedOf(() => openAll(fileTools.cipher)),
      hashing: await speedOf(hash),
      'plain HTTP': await speedOf(() => fetchPlainly(port, fetched), fetched),
    }),
  }
}

async function hashAll(file: FileSource): Promise<void> {
  const hasher = fileTools.createHasher()
  for await (const piece of file.read()) hasher.update(piece)
  hasher.digest()
}

async function sealAll(file: FileSource, cipher?: ChunkCipher): Promise<void> {
  const sealer = createFileSealer(blobKeyOf(randomBytes(32)), 0, cipher)
  for await (const piece of file.read()) {
    for (let at = 0; at < piece.length; at += CHUNK_SIZE)
      sealer.seal(piece.subarray(at, at + CHUNK_SIZE), false)
  }
  sealer.free()
}

const OPENED_CHUNKS = 64

/** The same few chunks again and again: where they come from is no part of opening them. */
async function openAll(cipher?: ChunkCipher): Promise<void> {
  const key = blobKeyOf(randomBytes(32))
  const sealer = createFileSealer(key, 0)
  const chunk = randomBytes(CHUNK_SIZE)
  const sealed = Array.from({ length: OPENED_CHUNKS }, () => sealer.seal(chunk, false))
  sealer.free()
  const [first = new Uint8Array()] = sealed
  const header = first.subarray(0, STREAM_HEADER_LENGTH)
  for (let opened = 0; opened < FILE_MIB * MIB; opened += OPENED_CHUNKS * CHUNK_SIZE) {
    const opener = createFileOpener(key, 0, header, cipher)
    opener.open(first.subarray(STREAM_HEADER_LENGTH), false)
    for (const next of sealed.slice(1)) opener.open(next, false)
    opener.free()
  }
}

async function sendPlainly(port: number, path: string): Promise<void> {
  const sent = request({ port, host: '127.0.0.1', method: 'PUT' })
  const answered = once(sent, 'response')
  await pipeline(createReadStream(path), sent)
  const [response] = (await answered) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
}

async function fetchPlainly(port: number, path: string): Promise<void> {
  const sent = request({ port, host: '127.0.0.1' })
  sent.end()
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  await pipeline(response, createWriteStream(path))
}
