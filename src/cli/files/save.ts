// Files on their way in: under names that are safe, readable by their owner only, whole and right or not at all.
import { randomUUID } from 'node:crypto'
import { access, constants, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  type FileList,
  type ListedFile,
  type ReadRange,
  readFile,
  VerificationFailed,
} from '../../client/index.ts'
import { makeFolder } from '../../server/folders.ts'
import { countBuffersAsHeap } from '../../server/memory.ts'
import { EXIT, type ExitCode, type Failure, failureOf, WrongInput } from '../exit.ts'
import type { Output } from '../output.ts'
import { numberedName, safeName } from './names.ts'
import { type Progress, showProgress } from './progress.ts'
import { fileTools } from './tools.ts'
import { writeBehind } from './write-behind.ts'

const PRIVATE = 0o600
const MAX_NUMBER = 10_000

export interface Destination {
  readonly folder: string
  /** Of the files: what to warn of. */
  readonly sender: 'reporter' | 'agency'
}

/** The files of one message. */
export interface MessageWithFiles {
  readonly list: FileList
  readonly read: ReadRange
}

export type Saving = { readonly path: string } | { readonly failure: Failure }

/** What became of each attached file. */
export type Savings = ReadonlyMap<ListedFile, Saving>

/** Made where it is not there. Better known before a case is opened in vain. */
export async function prepareFolder(folder: string): Promise<void> {
  await makeFolder(folder)
  await access(folder, constants.W_OK | constants.X_OK)
}

/**
 * Saves what is attached, in a folder that is there. A file that is not the one its message lists costs that file; where the service, the disk
 * or the person ends it, it ends, and what was saved before stays.
 */
export async function saveFiles(
  messages: readonly MessageWithFiles[],
  { folder, sender }: Destination,
  output: Output,
  signal: AbortSignal,
): Promise<Savings> {
  countBuffersAsHeap()
  const savings = new Map<ListedFile, Saving>()
  const wanted = messages.flatMap(({ list, read }) =>
    list.files.flatMap((file, index) => (file.attached ? [{ list, read, file, index }] : [])),
  )
  if (wanted.length === 0) return savings
  for (const line of output.words.files.untrusted[sender]) output.remark(line)
  const total = wanted.reduce((sum, { file }) => sum + file.size, 0)
  const progress = showProgress(output, output.words.files.saving, total)
  let end: Failure | null = null
  let before = 0
  for (const { file, ...place } of wanted) {
    const at: Progress['at'] = done => progress.at(before + done)
    const saving: Saving = end
      ? { failure: end }
      : await saveFile({ ...place, file, folder, at, signal }).catch(error => {
          const failure = failureOf(error)
          if (!(error instanceof VerificationFailed)) end = failure
          return { failure }
        })
    savings.set(file, saving)
    before += file.size
  }
  progress.end()
  return savings
}

interface Wanted extends MessageWithFiles {
  readonly file: ListedFile
  readonly index: number
  readonly folder: string
  readonly at: (done: number) => void
  readonly signal: AbortSignal
}

async function saveFile({ list, read, file, index, folder, at, signal }: Wanted): Promise<Saving> {
  const draft = join(folder, `.${randomUUID()}.part`)
  const handle = await open(draft, 'wx', PRIVATE)
  try {
    try {
      await writeBehind(handle, readFile(read, list, index, { ...fileTools, onProgress: at, signal }))
      await handle.sync()
    } finally {
      await handle.close()
    }
    return { path: await giveName(draft, folder, safeName(file.name)) }
  } finally {
    await rm(draft, { force: true })
  }
}

/** Or of the first number that is free. */
async function giveName(draft: string, folder: string, name: string): Promise<string> {
  for (let number = 1; number <= MAX_NUMBER; number++) {
    const path = join(folder, numberedName(name, number))
    if (!(await takeName(path))) continue
    try {
      await rename(draft, path)
      return path
    } catch (error) {
      await rm(path, { force: true })
      throw error
    }
  }
  throw new WrongInput('name-taken', folder)
}

/** By an empty file: nobody else gets the name, on any file system. False where it is taken. */
async function takeName(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx', PRIVATE)
    await handle.close()
    return true
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
}

/** How a command ends that saved these: the worst that happened to one of them. */
export function exitOf(savings: Savings): ExitCode {
  const exits = [...savings.values()].map(saving => ('failure' in saving ? saving.failure.exit : EXIT.ok))
  return exits.includes(EXIT.unproven) ? EXIT.unproven : (exits.find(exit => exit !== EXIT.ok) ?? EXIT.ok)
}
