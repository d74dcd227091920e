// Files on both sides: chosen in the form, read and sent by an agency through the SDK.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import {
  type CreateHasher,
  caseFiles,
  type FileList,
  keepReplyFiles,
  type OpenedCase,
  type ReadRange,
  readFile,
  replyUploaderOf,
  sendReply,
  type UploadedFiles,
  uploadFiles,
} from '../../../src/client/index.ts'
import { QUESTIONS } from '../../../src/web/report/questions.ts'
import { deviceIn } from '../../journeys/people.ts'
import type { AgencyId, World } from '../../support/world.ts'
import type { Screen, TestFile } from './screen.ts'
import { answer, openForm, press, toFirstQuestion, type Walk } from './walk.ts'

export type { TestFile } from './screen.ts'

export const fileOf = (name: string, length: number, mimeType = ''): TestFile => ({
  name,
  mimeType,
  buffer: randomBytes(length),
})

export const sha256 = (bytes: Uint8Array) => new Uint8Array(createHash('sha256').update(bytes).digest())

export const createHasher: CreateHasher = () => {
  const hash = createHash('sha256')
  return {
    update: bytes => void hash.update(bytes),
    digest: () => new Uint8Array(hash.digest()),
  }
}

async function whole(read: ReadRange, list: FileList, index: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of readFile(read, list, index, { createHasher })) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** As the agency reads them; null for those that were kept. */
export async function filesAt(
  world: World,
  agency: AgencyId,
  opened: OpenedCase,
  index = 0,
): Promise<{ name: string; bytes: Buffer | null; sha256: Uint8Array; size: number }[]> {
  const device = await deviceIn(world, agency)
  const list = index === 0 ? opened.report.files : opened.followUps[index - 1]?.files
  if (!list) return []
  const read = caseFiles(device, opened.id, index)
  const found = []
  for (const [i, { name, sha256, size, attached }] of list.files.entries()) {
    found.push({ name, sha256, size, bytes: attached ? await whole(read, list, i) : null })
  }
  return found
}

/** A reply with files, to a case that was opened. */
export async function replyWithFiles(
  world: World,
  agency: AgencyId,
  opened: OpenedCase,
  text: string,
  files: readonly TestFile[],
): Promise<FileList> {
  const device = await deviceIn(world, agency)
  const sources = files.map(({ name, mimeType: type, buffer }) => ({
    name,
    type,
    size: buffer.length,
    async *read() {
      yield buffer
    },
  }))
  const uploaded = (await uploadFiles(replyUploaderOf(device), sources, [], {
    createHasher,
  })) as UploadedFiles
  await keepReplyFiles(device, uploaded)
  await sendReply(device, opened, { text, number: 1, files: uploaded.list }, { now: world.now() })
  return uploaded.list
}

/** From the start page to the question about evidence. */
export async function toEvidence(walk: Walk<Screen>, what: string): Promise<void> {
  const { page, words } = walk
  await toFirstQuestion(walk)
  await answer(page, 'what', what)
  await press(page, words.next)
  const at = QUESTIONS.findIndex(({ id }) => id === 'evidence')
  for (let question = 1; question < at; question++) await press(page, new RegExp(`^${words.unknown}`))
  await page.locator('#files').waitFor()
}

/** From there to the last look before sending. */
export async function toCheck({ page, words }: Walk<Screen>): Promise<void> {
  await press(page, new RegExp(`^(${words.next}|${words.unknown})`))
  const at = QUESTIONS.findIndex(({ id }) => id === 'evidence')
  for (let question = at + 1; question < QUESTIONS.length; question++)
    await press(page, new RegExp(`^${words.unknown}`))
  await press(page, words.next)
  await page.getByRole('button', { name: words.check.send }).waitFor()
}

/** Of the file with this name, in the list. */
export const rowOf = ({ page }: Walk<Screen>, name: string) => page.locator('li.file', { hasText: name })

export async function choose(
  walk: Walk<Screen>,
  files: readonly TestFile[],
  sent: readonly TestFile[] = files,
) {
  await walk.page.locator('#files-field').setInputFiles([...files])
  for (const { name } of sent) await rowOf(walk, name).getByText(walk.words.files.send).click()
  expect(await walk.page.locator('li.file').count()).toBeGreaterThanOrEqual(files.length)
}

/** A report with these files, from the start page to the last page before sending. */
export async function readyToSend(page: Page, what: string, files: readonly TestFile[]): Promise<Walk> {
  const walk = await openForm(page, 'ko')
  await toEvidence(walk, what)
  await choose(walk, files)
  await toCheck(walk)
  return walk
}

/** Where the parts began that reached the service, in their order. */
export function watchParts(page: Page): number[] {
  const offsets: number[] = []
  page.on('requestfinished', request => {
    if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']))
  })
  return offsets
}

/** Gone with the test. */
export async function folderOfThisTest(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-evidence-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}
