// Files on their way out: choose → clean → seal, then the message that names them, then whatever is left is cleared away.
import {
  type FileSource,
  giveUpUpload,
  type ListedFile,
  lengthOfBlob,
  type MessageFiles,
  RequestProblem,
  Unreachable,
  type UploadedFiles,
  type UploadState,
  uploadFiles,
} from '../../client/index.ts'
import type { Uploader } from '../../client/upload.ts'
import { partCountOf } from '../../protocol/blob.ts'
import { blobKeyOf } from '../../protocol/crypto.ts'
import { NO_BLOB } from '../../protocol/envelope.ts'
import { ProtocolError } from '../../protocol/error.ts'
import { MAX_FILES } from '../../protocol/file-list.ts'
import { countBuffersAsHeap } from '../../server/memory.ts'
import { Declined, UploadGone, WrongInput } from '../exit.ts'
import { confirm, isSomebodyThere } from '../input.ts'
import type { Output } from '../output.ts'
import { showProgress } from './progress.ts'
import { type MessageKind, openResumeFile, type ResumeFile } from './resume-file.ts'
import { sizeText } from './size.ts'
import { fileOnDisk, keptFile } from './source.ts'
import { fileTools } from './tools.ts'

/** Milliseconds for telling the service that an upload is given up; it ends by itself within a day. */
const GIVE_UP_MS = 5_000

export interface FileOptions {
  readonly attach?: readonly string[]
  readonly keep?: readonly string[]
  readonly resumeFile?: string
  readonly yes?: boolean
}

export interface ChosenFiles {
  readonly attached: readonly FileSource[]
  readonly kept: readonly FileSource[]
}

export type SealedFiles = UploadedFiles | MessageFiles

export interface Sending {
  readonly uploader: Uploader
  readonly deploymentId: Uint8Array
  readonly message: MessageKind
  readonly options: FileOptions
  readonly signal: AbortSignal
}

/** Looks at them before anything is asked or sent; null where none are named. Throws `InvalidInput`. */
export async function chooseFiles(options: FileOptions): Promise<ChosenFiles | null> {
  const { attach = [], keep = [], resumeFile } = options
  if (resumeFile !== undefined && attach.length === 0) {
    throw new WrongInput('resume-without-files')
  }
  const count = attach.length + keep.length
  if (count === 0) return null
  if (count > MAX_FILES) throw new WrongInput('too-many-files', `${MAX_FILES}`, `${count}`)
  const look = (paths: readonly string[]) => Promise.all(paths.map(fileOnDisk))
  const chosen = { attached: await look(attach), kept: await look(keep) }
  expectRoom(chosen.attached)
  return chosen
}

function expectRoom(attached: readonly FileSource[]): void {
  try {
    lengthOfBlob(attached)
  } catch (error) {
    const isTooLong = error instanceof ProtocolError && error.code === 'too-long'
    throw isTooLong ? new WrongInput('files-too-large') : error
  }
}

/** As long as the list will be: what does not fit the message is found out before files are sent. */
export function draftFiles({ attached, kept }: ChosenFiles): MessageFiles {
  const listed = (file: FileSource, isAttached: boolean): ListedFile => ({
    name: file.name,
    type: file.type,
    size: file.size,
    sha256: new Uint8Array(32),
    attached: isAttached,
  })
  const files = [...attached.map(file => listed(file, true)), ...kept.map(file => listed(file, false))]
  return { list: { blobKey: blobKeyOf(new Uint8Array(32)), files }, root: NO_BLOB, partCount: 0 }
}

/**
 * `deliver` sends the message. Before it the person is warned, and asked where there is one; after it nothing of the
 * upload is left here, nor there where it is of no use any more.
 */
export async function sendWithFiles<Sent>(
  chosen: ChosenFiles | null,
  sending: Sending,
  output: Output,
  deliver: (files: SealedFiles | null) => Promise<Sent>,
): Promise<Sent> {
  if (!chosen) return deliver(null)
  countBuffersAsHeap()
  const cleaned = cleanFiles(chosen, output)
  await warn(sending, output)
  const traces = await openTraces(cleaned, sending)
  try {
    const files = await sealFiles(cleaned, sending, traces, output)
    const sent = await deliver(files)
    await traces.file?.remove()
    return sent
  } catch (error) {
    await clearAway(error, traces, sending, output)
    throw error
  } finally {
    await traces.file?.release()
  }
}

async function warn({ message, options }: Sending, output: Output): Promise<void> {
  if (options.attach === undefined) return
  const { offence, askAttach, askAttachReply } = output.words.files
  const isReply = message === 'reply'
  // What an agency may send is its own business. But no reply can be called back.
  if (!isReply) for (const line of offence) output.remark(line)
  if (options.yes || output.json || !isSomebodyThere()) return
  const question = (isReply ? askAttachReply : askAttach)(options.attach.length)
  if (!(await confirm(question))) throw new Declined()
}

/**
 * The step between choosing and sealing: here the files' metadata (author, camera, place, editing history) will be
 * taken out. Until it is, the person is told that it stays in.
 */
function cleanFiles(chosen: ChosenFiles, output: Output): ChosenFiles {
  if (chosen.attached.length > 0) output.remark(output.words.files.metadataStays)
  return chosen
}

/** What there is of an upload beside its message. */
interface Traces {
  state: UploadState | null
  readonly file: ResumeFile | null
}

async function openTraces(
  { attached }: ChosenFiles,
  { message, deploymentId, options }: Sending,
): Promise<Traces> {
  const { resumeFile } = options
  if (resumeFile === undefined) return { state: null, file: null }
  const file = await openResumeFile(resumeFile, { message, deploymentId, files: attached })
  return { state: file.state, file }
}

async function sealFiles(
  chosen: ChosenFiles,
  sending: Sending,
  traces: Traces,
  output: Output,
): Promise<SealedFiles> {
  const kept = await hashKept(chosen.kept, output)
  const earlier = traces.state
  try {
    return await upload(chosen.attached, kept, { sending, traces, output })
  } catch (error) {
    const isGone = error instanceof RequestProblem && error.kind === 'not-found' && traces.state !== null
    if (!isGone) throw error
    // One that was never whole has run out, and no message can have taken it: begun again, nothing is sent twice.
    const canBegin = earlier !== null && earlier.partHashes.length < partCountOf(earlier.length)
    if (!canBegin) throw new UploadGone()
    output.remark(output.words.files.ranOut)
    await traces.file?.remove()
    traces.state = null
    return upload(chosen.attached, kept, { sending, traces, output })
  }
}

async function hashKept(kept: readonly FileSource[], output: Output): Promise<ListedFile[]> {
  const total = kept.reduce((sum, { size }) => sum + size, 0)
  const progress = showProgress(output, output.words.files.hashing, total)
  let done = 0
  const listed: ListedFile[] = []
  try {
    for (const file of kept) {
      listed.push(
        await keptFile(file, bytes => {
          done += bytes
          progress.at(done)
        }),
      )
    }
    return listed
  } finally {
    progress.end()
  }
}

async function upload(
  attached: readonly FileSource[],
  kept: readonly ListedFile[],
  { sending, traces, output }: { sending: Sending; traces: Traces; output: Output },
): Promise<SealedFiles> {
  const { words } = output
  const size = sizeText(attached.reduce((sum, file) => sum + file.size, 0))
  const length = lengthOfBlob(attached)
  if (attached.length > 0) output.remark(words.files.attaching(attached.length, size, sizeText(length)))
  const progress = showProgress(output, words.files.sending, length)
  let resumed = traces.state !== null
  let isBroken = false
  try {
    return await uploadFiles(sending.uploader, attached, kept, {
      ...fileTools,
      signal: sending.signal,
      resume: traces.state,
      onState: async state => {
        traces.state = state
        await traces.file?.save(state)
      },
      onProgress: ({ sent }) => {
        if (resumed) output.remark(words.files.goingOn(sizeText(sent)))
        if (isBroken) output.remark(words.files.mended)
        resumed = isBroken = false
        progress.at(sent)
      },
      onBreak: () => {
        if (!isBroken) output.remark(words.files.broken)
        isBroken = true
      },
    })
  } finally {
    progress.end()
  }
}

async function clearAway(
  error: unknown,
  { state, file }: Traces,
  { uploader, options }: Sending,
  output: Output,
) {
  const { words } = output
  const isOver =
    error instanceof UploadGone || (error instanceof RequestProblem && error.kind === 'files-incomplete')
  if (isOver) return file?.remove()
  if (!state) return
  if (options.resumeFile !== undefined) return output.remark(words.files.canGoOn(options.resumeFile))
  if (error instanceof Unreachable) return output.remark(words.files.leftThere)
  await giveUpUpload(uploader.service, state.upload, AbortSignal.timeout(GIVE_UP_MS)).catch(() => undefined)
}
