import { spawnSync } from 'node:child_process'
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openResumeFile, type Subject } from '../../../src/cli/files/resume-file.ts'
import { fileOnDisk } from '../../../src/cli/files/source.ts'
import type { UploadState } from '../../../src/client/index.ts'
import { blobKeyOf } from '../../../src/protocol/crypto.ts'

let folder: string
let path: string
let subject: Subject
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-resume-'))
  path = join(folder, 'state')
  await writeFile(join(folder, 'plan.pdf'), 'twelve bytes')
  const files = [await fileOnDisk(join(folder, 'plan.pdf'))]
  subject = { message: 'report', deploymentId: new Uint8Array(32).fill(1), files }
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const state: UploadState = {
  blobKey: blobKeyOf(new Uint8Array(32).fill(2)),
  upload: Buffer.alloc(32, 3).toString('base64url'),
  length: 65_536,
  partHashes: [new Uint8Array(32).fill(4)],
}

async function saved(): Promise<void> {
  const file = await openResumeFile(path, subject)
  await file.save(state)
  await file.release()
}

const refusal = (about: Subject = subject) =>
  openResumeFile(path, about).then(
    () => 'opened',
    (error: Error) => error.message,
  )

test('what was saved comes back, is its owner’s only, and is gone when it is removed', async () => {
  const file = await openResumeFile(path, subject)
  expect(file.state).toBe(null)
  await file.save({ ...state, partHashes: [] })
  await file.save(state)
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  await file.release()
  const again = await openResumeFile(path, subject)
  expect(again.state).toEqual(state)
  await again.remove()
  await again.release()
  expect(await readdir(folder)).toEqual(['plan.pdf'])
})

test('it goes on with nothing but the same files of the same message at the same deployment', async () => {
  await saved()
  expect(await refusal({ ...subject, message: 'follow-up' })).toContain('another message')
  expect(await refusal({ ...subject, deploymentId: new Uint8Array(32) })).toContain('another deployment')
  await writeFile(join(folder, 'plan.pdf'), 'thirteen bytes')
  expect(await refusal({ ...subject, files: [await fileOnDisk(join(folder, 'plan.pdf'))] })).toContain(
    'other files',
  )
  await writeFile(join(folder, 'plan2.pdf'), 'twelve bytes')
  expect(await refusal({ ...subject, files: [await fileOnDisk(join(folder, 'plan2.pdf'))] })).toContain(
    'other files',
  )
  expect(await refusal()).toBe('opened')
})

test('a file that is no such thing is refused, and stays as it was', async () => {
  await writeFile(path, 'my only copy', { mode: 0o600 })
  expect(await refusal()).toContain('not a file of an upload')
  expect(await readFile(path, 'utf8')).toBe('my only copy')
})

test('one that others may read is refused', async () => {
  await saved()
  await chmod(path, 0o644)
  expect(await refusal()).toContain('others may read it')
})

test('two commands never go on with one upload; a killed one does not bar the next', async () => {
  const first = await openResumeFile(path, subject)
  expect(await refusal()).toContain('another command')
  await first.release()
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  await writeFile(`${path}.lock`, String(pid))
  await writeFile(`${path}.bongsu-draft`, 'half a key')
  expect(await refusal()).toBe('opened')
  expect(await readdir(folder)).not.toContain('state.bongsu-draft')
})

test('a lock that is somebody else’s file is not touched', async () => {
  await writeFile(`${path}.lock`, 'notes')
  expect(await refusal()).toContain('another command')
  expect(await readFile(`${path}.lock`, 'utf8')).toBe('notes')
})

test('where the disk is full nothing is left, and the next command is not told of another', async () => {
  const open = `
    import { openResumeFile } from ${JSON.stringify(join(import.meta.dirname, '../../../src/cli/files/resume-file.ts'))}
    const subject = { message: 'report', deploymentId: new Uint8Array(32).fill(1), files: [] }
    await openResumeFile(${JSON.stringify(path)}, subject).catch(error => console.log(error.code))`
  // No file may grow by a byte: the nearest to a full disk that takes no rights.
  const limited = 'trap \'\' XFSZ; ulimit -f 0; exec "$@"'
  const args = ['-c', limited, 'sh', process.execPath, '--input-type=module', '-e', open]
  const { stdout, stderr } = spawnSync('bash', args, { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['EFBIG\n', ''])
  expect(await readdir(folder)).toEqual(['plan.pdf'])
  await (await openResumeFile(path, subject)).release()
})
