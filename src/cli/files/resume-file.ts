// What a broken-off upload needs to go on in another process: one file, only where it was asked for. It holds a key.
import { readFile, rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import type { FileSource, UploadState } from '../../client/index.ts'
import { binary } from '../../contract/shapes.ts'
import { blobKeyOf } from '../../protocol/crypto.ts'
import { fromBase64url, toBase64url } from '../../protocol/encoding.ts'
import { WrongInput } from '../exit.ts'
import { replaceFile, writeNewFile } from '../keyring.ts'

export type MessageKind = 'report' | 'follow-up' | 'reply'

const resumeFile = z.strictObject({
  format: z.literal('bongsu upload 1'),
  message: z.enum(['report', 'follow-up', 'reply']),
  deployment: binary(32),
  files: z.array(z.strictObject({ name: z.string(), size: z.int().min(0) })).min(1),
  blobKey: binary(32),
  upload: binary(32),
  length: z.int().min(1),
  partHashes: z.array(binary(32)),
})

/** Which upload a file may be for. */
export interface Subject {
  readonly message: MessageKind
  readonly deploymentId: Uint8Array
  /** That are attached, in order. */
  readonly files: readonly FileSource[]
}

export interface ResumeFile {
  /** Where an earlier command stopped; null where none did. */
  readonly state: UploadState | null
  /** On the disk, all of it, when this returns. */
  save(state: UploadState): Promise<void>
  remove(): Promise<void>
  /** Lets another command have it. */
  release(): Promise<void>
}

/** Throws `InvalidInput` on any file that is not for this upload: nothing of it is touched then. */
export async function openResumeFile(path: string, subject: Subject): Promise<ResumeFile> {
  const release = await lock(`${path}.lock`)
  const draft = `${path}.bongsu-draft`
  try {
    const state = await readState(path, subject)
    // What a command that was killed left half written has the key in it, too.
    await rm(draft, { force: true })
    return {
      state,
      save: next => replaceFile(path, `${JSON.stringify(encode(next, subject))}\n`, draft),
      remove: () => rm(path, { force: true }),
      release,
    }
  } catch (error) {
    await release()
    throw error
  }
}

const namesOf = (files: Subject['files']) => files.map(({ name, size }) => ({ name, size }))

function encode(state: UploadState, { message, deploymentId, files }: Subject): z.output<typeof resumeFile> {
  return {
    format: 'bongsu upload 1',
    message,
    deployment: toBase64url(deploymentId),
    files: namesOf(files),
    blobKey: toBase64url(state.blobKey),
    upload: state.upload,
    length: state.length,
    partHashes: state.partHashes.map(toBase64url),
  }
}

async function readState(path: string, subject: Subject): Promise<UploadState | null> {
  const text = await readPrivate(path)
  if (text === '') return null
  const saved = parse(path, text)
  if (saved.message !== subject.message || saved.deployment !== toBase64url(subject.deploymentId)) {
    throw new WrongInput('resume-of-another', path)
  }
  if (JSON.stringify(saved.files) !== JSON.stringify(namesOf(subject.files))) {
    throw new WrongInput('resume-other-files', path)
  }
  return {
    blobKey: blobKeyOf(fromBase64url(saved.blobKey)),
    upload: saved.upload,
    length: saved.length,
    partHashes: saved.partHashes.map(fromBase64url),
  }
}

/** Empty where there is none. Refuses what others may read, as for key files. */
async function readPrivate(path: string): Promise<string> {
  try {
    const { mode } = await stat(path)
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new WrongInput('others-may-read', path)
    }
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

function parse(path: string, text: string): z.output<typeof resumeFile> {
  try {
    return resumeFile.parse(JSON.parse(text))
  } catch {
    throw new WrongInput('no-resume-file', path)
  }
}

// Two that went on with one upload could seal two contents with one key.
async function lock(path: string): Promise<() => Promise<void>> {
  for (let attempt = 0; ; attempt++) {
    try {
      await writeNewFile(path, String(process.pid))
      return () => rm(path, { force: true })
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    if (attempt > 0 || isRunning(await readFile(path, 'utf8').catch(() => ''))) {
      throw new WrongInput('upload-taken', path)
    }
    await rm(path, { force: true })
  }
}

// A file that does not say which process is not ours to delete.
function isRunning(pid: string): boolean {
  if (!/^[1-9]\d{0,9}$/.test(pid)) return true
  try {
    return process.kill(Number(pid), 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
