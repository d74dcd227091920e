// What files pass through on their way, each alone and in a process of its own, as the file itself: what ran before is
// in nobody's memory, and nothing was made quicker by it.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileOnDisk } from '../../src/cli/files/source.ts'
import { fileTools } from '../../src/cli/files/tools.ts'
import type { FileSource } from '../../src/client/index.ts'
import {
  CHUNK_SIZE,
  type ChunkCipher,
  createFileOpener,
  createFileSealer,
  STREAM_HEADER_LENGTH,
} from '../../src/protocol/blob.ts'
import { blobKeyOf, cryptoReady } from '../../src/protocol/crypto.ts'
import { countBuffersAsHeap } from '../../src/server/memory.ts'
import { FILE_MIB, MIB, speedOf, type YardstickName } from '../files.ts'
import { serveTasks } from './tasks.ts'

const [path = '', folder = '', port = ''] = process.argv.slice(2)
// As the command has it.
countBuffersAsHeap()

const [sent, fetched] = [join(folder, 'plain'), join(folder, 'fetched-plainly')]
const MEASURES: Record<YardstickName, () => Promise<number>> = {
  seal: () => speedOf(async () => sealAll(await fileOnDisk(path))),
  'seal-openssl': () => speedOf(async () => sealAll(await fileOnDisk(path), fileTools.cipher)),
  open: () => speedOf(() => openAll()),
  'open-openssl': () => speedOf(() => openAll(fileTools.cipher)),
  hash: () => speedOf(async () => hashAll(await fileOnDisk(path))),
  send: () => speedOf(sendPlainly, sent),
  fetch: () => speedOf(fetchPlainly, fetched),
}

serveTasks(async ({ name }) => {
  await cryptoReady
  return MEASURES[name as YardstickName]()
})

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

async function sendPlainly(): Promise<void> {
  const outgoing = request({ port, host: '127.0.0.1', method: 'PUT' })
  const answered = once(outgoing, 'response')
  await pipeline(createReadStream(path), outgoing)
  const [response] = (await answered) as [IncomingMessage]
  response.resume()
  await once(response, 'end')
}

async function fetchPlainly(): Promise<void> {
  const outgoing = request({ port, host: '127.0.0.1' })
  outgoing.end()
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  await pipeline(response, createWriteStream(fetched))
}
