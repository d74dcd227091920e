// Somebody's program that uploads files and can be killed at any moment: node upload-client.ts JOB. Started again with
// the same job it goes on. Each line that it writes is something that it knows.
import { createHash } from 'node:crypto'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  fetchTrust,
  serviceAt,
  type Trust,
  type UploadState,
  uploaderOf,
  uploadFiles,
} from '../../src/client/index.ts'
import { blobKeyOf } from '../../src/protocol/crypto.ts'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { createHasher, fileOf } from '../support/files.ts'
import { persist } from './load.ts'

export interface UploadJob {
  readonly url: string
  /** Where it writes down what going on takes. */
  readonly state: string
  readonly seed: string
  readonly sizes: readonly number[]
}

/** Chance that can be had again: the file's owner has it still. */
export function contentOf(seed: string, index: number, size: number): Buffer {
  const hash = createHash('shake256', { outputLength: size }).update(`${seed} ${index}`)
  return hash.digest()
}

const say = (what: object) => process.stdout.write(`${JSON.stringify(what)}\n`)

const send: typeof fetch = async (input, init) => {
  const { pathname } = new URL(String(input))
  const call = `${init?.method ?? 'GET'} ${pathname.replace(/[\w-]{43}$/, '')}`
  const offset = new Headers(init?.headers).get('upload-offset')
  if (offset !== null) say({ patch: Number(offset) })
  const response = await fetch(input, init)
  const { status } = response
  if (status >= 400 && status !== 503 && status !== 409) say({ broken: `${call} ${status}` })
  if (offset !== null && status === 204) say({ taken: Number(response.headers.get('upload-offset')) })
  const headers = new Headers(response.headers)
  // Nobody here is polite: most of the time there would be no load.
  headers.delete('retry-after')
  return new Response(response.body, { status, headers })
}

async function trustOf(url: string): Promise<Trust> {
  for (;;) {
    try {
      return await fetchTrust(serviceAt(url), { now: Date.now() })
    } catch {
      await sleep(200)
    }
  }
}

async function readState(file: string): Promise<UploadState | null> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return null
  const { key, upload, length, hashes } = JSON.parse(text)
  return { blobKey: blobKeyOf(fromBase64url(key)), upload, length, partHashes: hashes.map(fromBase64url) }
}

async function writeState(file: string, { blobKey, upload, length, partHashes }: UploadState): Promise<void> {
  const state = { key: toBase64url(blobKey), upload, length, hashes: partHashes.map(toBase64url) }
  await writeFile(`${file}.new`, JSON.stringify(state))
  await rename(`${file}.new`, file)
}

async function run({ url, state, seed, sizes }: UploadJob): Promise<void> {
  const trust = await trustOf(url)
  const uploader = uploaderOf(serviceAt(url, { fetch: send, timeout: 10_000 }), trust)
  const files = sizes.map((size, i) => fileOf(`${i}.bin`, contentOf(seed, i, size)))
  const attempt = async () =>
    uploadFiles(uploader, files, [], {
      createHasher,
      resume: await readState(state),
      onState: async next => {
        await writeState(state, next)
        say({ upload: next.upload })
      },
      onProgress: ({ sent }) => say({ arrived: sent }),
    })
  // Nor does anybody here give up.
  const done = await persist(attempt, new AbortController().signal)
  if (!done || !('upload' in done)) throw new Error('nothing was sent')
  const { upload, root, partCount, list } = done
  const listed = list.files.map(file => ({ ...file, sha256: toBase64url(file.sha256) }))
  say({ done: { upload, root: toBase64url(root), partCount, key: toBase64url(list.blobKey), files: listed } })
}

const job = process.argv[2]
if (job !== undefined && import.meta.main) {
  // Whoever started it is gone, however that happened.
  process.stdin.once('end', () => process.exit(1)).resume()
  await run(JSON.parse(job))
  process.exit(0)
}
