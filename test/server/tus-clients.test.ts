// Clients of tus that are not ours, against a running service: tus-js-client, and tuspy where Python has it.
import { execFile, execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type HttpRequest, Upload, type UploadOptions } from 'tus-js-client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freshNonce, signedHeaders } from '../support/caller.ts'
import { submit } from '../support/reporter.ts'
import { type TornWire, tornWireTo } from '../support/torn-wire.ts'
import { creation, lastOf, look, newBlob, newUpload, ofMib, stranger } from '../support/uploads.ts'
import { createWorld, type World } from '../support/world.ts'

const MIB = 1024 * 1024
const LENGTH = ofMib(6)

let world: World
let wire: TornWire
beforeAll(async () => {
  world = await createWorld()
  wire = await tornWireTo(world.reporterUrl)
})
afterAll(async () => {
  await wire.stop()
  await world.stop()
})

/** What a client adds to its own POST to have an upload made. */
async function signatureFields(length: number): Promise<Record<string, string>> {
  const call = { ...creation(length), nonce: await freshNonce(world.reporterUrl) }
  return signedHeaders(stranger(world), call)
}

/** Each request as it goes out, by method and offset in MiB. */
const noted = (log: string[]) => (request: HttpRequest) => {
  const offset = request.getHeader('Upload-Offset')
  log.push([request.getMethod(), ...(offset === undefined ? [] : [Number(offset) / MIB])].join(' '))
}

function upload(bytes: Buffer, options: UploadOptions): { done: Promise<string>; client: Upload } {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const client = new Upload(bytes, {
    chunkSize: MIB,
    storeFingerprintForResuming: false,
    retryDelays: [0, 100, 100, 100],
    onSuccess: () => resolve(client.url ?? ''),
    onError: reject,
    ...options,
  })
  client.start()
  return { done: promise, client }
}

const isTaken = (path: string, blob: Awaited<ReturnType<typeof newBlob>>) =>
  submit(world, ['police'], world.reporterUrl, { ...blob, upload: lastOf(path) })

test('tus-js-client creates an upload under our signature and sends it', async () => {
  const [blob, log] = [await newBlob(LENGTH), [] as string[]]
  const fields = await signatureFields(LENGTH)
  const { done } = upload(blob.bytes, {
    endpoint: `${wire.url}/v1/uploads`,
    onBeforeRequest: request => {
      noted(log)(request)
      if (request.getMethod() !== 'POST') return
      for (const [name, value] of Object.entries(fields)) request.setHeader(name, value)
    },
  })
  await isTaken(await done, blob)
  expect(log).toEqual(['POST', 'PATCH 0', 'PATCH 1', 'PATCH 2', 'PATCH 3', 'PATCH 4', 'PATCH 5', 'PATCH 6'])
})

test('tus-js-client goes on by itself where a part was torn off, and sends that part anew', async () => {
  const [blob, log] = [await newBlob(LENGTH), [] as string[]]
  const path = await newUpload(world, LENGTH)
  const tears = wire.tears()
  wire.tearAfter(2.5 * MIB)
  const { done } = upload(blob.bytes, { uploadUrl: wire.url + path, onBeforeRequest: noted(log) })
  await isTaken(await done, blob)
  expect(wire.tears()).toBe(tears + 1)
  const again = ['PATCH 2', 'PATCH 3', 'PATCH 4', 'PATCH 5', 'PATCH 6']
  expect(log).toEqual(['HEAD', 'PATCH 0', 'PATCH 1', 'PATCH 2', 'HEAD', ...again])
})

test('tus-js-client goes on after a restart of the service, and where it was stopped itself', async () => {
  const [blob, log] = [await newBlob(LENGTH), [] as string[]]
  const path = await newUpload(world, LENGTH)
  const uploadUrl = world.reporterUrl + path
  const { promise, resolve } = Promise.withResolvers<void>()
  const first = upload(blob.bytes, {
    uploadUrl,
    onChunkComplete: (_size, accepted) => {
      if (accepted === 2 * MIB) resolve(first.client.abort())
    },
  })
  await promise
  await world.restart()
  const arrived = Number((await look(world.reporterUrl, path)).headers['upload-offset']) / MIB
  const second = upload(blob.bytes, { uploadUrl, onBeforeRequest: noted(log) })
  await isTaken(await second.done, blob)
  expect(log).toEqual(['HEAD', ...[0, 1, 2, 3, 4, 5, 6].filter(i => i >= arrived).map(i => `PATCH ${i}`)])
  expect(arrived).toBeGreaterThanOrEqual(2)
})

test('two of tus-js-client on one upload get in each other’s way, and it is whole in the end', async () => {
  const blob = await newBlob(LENGTH)
  const uploadUrl = world.reporterUrl + (await newUpload(world, LENGTH))
  const retryDelays = Array.from({ length: 50 }, (_, i) => i % 7)
  const both = [1, 2].map(() => upload(blob.bytes, { uploadUrl, retryDelays }).done)
  await Promise.all(both)
  await isTaken(uploadUrl, blob)
})

test('tus-js-client gives an upload up', async () => {
  const path = await newUpload(world, LENGTH)
  await Upload.terminate(world.reporterUrl + path)
  expect((await look(world.reporterUrl, path)).status).toBe(404)
})

// Debian's package python3-tuspy, for the Python that Debian's packages are for.
const PYTHON = '/usr/bin/python3'
const hasTuspy = (() => {
  try {
    execFileSync(PYTHON, ['-c', 'import tusclient'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})()

interface Said {
  readonly url: string
  readonly begin: number
  readonly end: number
}

async function tuspy(file: string, url: string, headers: object, stop: number): Promise<Said> {
  const script = join(import.meta.dirname, '../support/tuspy.py')
  const args = [script, file, url, JSON.stringify(headers), String(stop)]
  return JSON.parse((await promisify(execFile)(PYTHON, args)).stdout)
}

test.runIf(hasTuspy)('tuspy creates, is torn off, stops, and goes on in another process', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-tuspy-'))
  try {
    const [blob, file] = [await newBlob(LENGTH), join(folder, 'blob')]
    await writeFile(file, blob.bytes)
    const fields = await signatureFields(LENGTH)
    const first = await tuspy(file, `${world.reporterUrl}/v1/uploads`, fields, MIB)
    expect(first).toMatchObject({ begin: 0, end: MIB })
    const tears = wire.tears()
    wire.tearAfter(2.5 * MIB)
    const second = await tuspy(file, wire.url + new URL(first.url).pathname, {}, 0)
    expect(second).toMatchObject({ begin: MIB, end: LENGTH })
    expect(wire.tears()).toBe(tears + 1)
    await isTaken(first.url, blob)
  } finally {
    await rm(folder, { recursive: true })
  }
})
