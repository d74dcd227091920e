// Files as the SDK takes them, and what comes back.
import { createHash } from 'node:crypto'
import {
  type CreateHasher,
  type FileList,
  type FileSource,
  type ListedFile,
  type MessageFiles,
  type ReadRange,
  readFile,
  type UploadedFiles,
  type UploadOptions,
  uploadFiles,
} from '../../src/client/index.ts'
import type { Uploader } from '../../src/client/upload.ts'

export const createHasher: CreateHasher = () => {
  const hash = createHash('sha256')
  return {
    update: bytes => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  }
}

export const fileOf = (name: string, bytes: Uint8Array): FileSource => ({
  name,
  type: '',
  size: bytes.length,
  async *read() {
    yield bytes
  },
})

const isUploaded = (files: UploadedFiles | MessageFiles): files is UploadedFiles => 'upload' in files

/** Seals and sends them; throws where there was nothing to send. */
export async function upload(
  uploader: Uploader,
  contents: readonly Uint8Array[],
  options: Partial<UploadOptions> = {},
  kept: readonly ListedFile[] = [],
): Promise<UploadedFiles> {
  const sources = contents.map((bytes, i) => fileOf(`evidence ${i}.bin`, bytes))
  const files = await uploadFiles(uploader, sources, kept, { createHasher, ...options })
  if (!isUploaded(files)) throw new Error('nothing was sent')
  return files
}

/** Every attached file of a list, opened and checked. */
export async function readAll(read: ReadRange, list: FileList | null | undefined): Promise<Buffer[]> {
  if (!list) throw new Error('no files')
  const contents: Buffer[] = []
  for (const [i, { attached }] of list.files.entries()) {
    if (!attached) continue
    const chunks: Uint8Array[] = []
    for await (const chunk of readFile(read, list, i, { createHasher })) chunks.push(chunk)
    contents.push(Buffer.concat(chunks))
  }
  return contents
}
