// Writes test/vectors/*.json: what this code gives for fixed chance, for others to compare with theirs.
import { writeFile } from 'node:fs/promises'
import { buildWorld } from '../test/protocol/world.ts'
import { clockVectors } from './vectors-clocks.ts'
import { documentVectors } from './vectors-documents.ts'
import { eventVectors } from './vectors-events.ts'
import { blobVectors, fileListVectors } from './vectors-files.ts'
import {
  challengeVectors,
  encodingVectors,
  receiptCodeVectors,
  reporterKeyVectors,
  requestVectors,
  signingKeyVectors,
} from './vectors-formats.ts'
import { followUpVectors, replyVectors, reportVectors, wrappedKeyVectors } from './vectors-messages.ts'
import { noteVectors } from './vectors-notes.ts'

const FOLDER = new URL('../test/vectors/', import.meta.url)

/** The text of each file, by its name. */
export async function vectorFiles(): Promise<Record<string, string>> {
  const world = await buildWorld()
  const events = await eventVectors(world)
  const files: Record<string, unknown> = {
    encoding: encodingVectors(),
    'receipt-codes': receiptCodeVectors(),
    'reporter-keys': reporterKeyVectors(),
    'signing-keys': signingKeyVectors(),
    documents: await documentVectors(world),
    clocks: clockVectors(),
    reports: await reportVectors(world),
    'wrapped-keys': await wrappedKeyVectors(world),
    'follow-ups': await followUpVectors(world, events.chain.at(-1)?.head ?? ''),
    events,
    replies: await replyVectors(world),
    'device-notes': await noteVectors(world),
    'file-lists': await fileListVectors(),
    blobs: await blobVectors(),
    requests: await requestVectors(world),
    challenges: challengeVectors(),
  }
  const written = Object.entries(files).map(([name, value]) => [
    `${name}.json`,
    `${JSON.stringify(value, null, 1)}\n`,
  ])
  return Object.fromEntries(written)
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(await vectorFiles())) await writeFile(new URL(name, FOLDER), text)
}
