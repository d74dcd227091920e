// What the command says and refuses about files before it reaches any service.
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-cli-files-'))
  await writeFile(join(folder, 'text.md'), '내용')
  await writeFile(join(folder, 'plan.pdf'), 'a plan')
  await mkdir(join(folder, 'folder'))
  const huge = await open(join(folder, 'huge.bin'), 'w')
  await huge.truncate(2 * 1024 ** 3 + 1)
  await huge.close()
  const most = await open(join(folder, 'most.bin'), 'w')
  await most.truncate(2 * 1024 ** 3)
  await most.close()
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const at = (file: string) => join(folder, file)
/** Nobody listens there: whatever ends with 2 was refused before anything was asked. */
const nowhere = ['--server', 'http://127.0.0.1:1', '--json']

test('what cannot be attached is refused before anything is sent', async () => {
  const report = ['report', at('text.md'), '--to', 'nis', ...nowhere]
  const refused = [
    [...report, '--attach', at('no-such-file')],
    [...report, '--attach', at('folder')],
    [...report, '--attach', at('plan.pdf'), '--keep', '/dev/null'],
    [...report, '--attach', at('huge.bin')],
    [...report, '--attach', ...Array.from({ length: 33 }, () => at('plan.pdf'))],
    [...report, '--resume-file', at('state')],
    [...report, '--keep', at('plan.pdf'), '--resume-file', at('state')],
    ['write', at('text.md'), ...nowhere, '--attach', at('no-such-file')],
    ['reply', '0'.repeat(32), at('text.md'), '--key', at('none'), ...nowhere, '--attach', at('folder')],
    ['mailbox', ...nowhere, '--save', at('saved'), '--delete', '0'.repeat(32)],
    ['mailbox', ...nowhere, '--save', at('plan.pdf')],
    ['open', '0'.repeat(32), '--key', at('none'), ...nowhere, '--save', at('plan.pdf')],
    ['open', '0'.repeat(32), '--key', at('none'), ...nowhere, '--compare', at('no-such-file')],
  ]
  const ran = await Promise.all(refused.map(args => bongsu(args)))
  expect(ran.map(({ code }, i) => [refused[i], code])).toEqual(refused.map(args => [args, 2]))
  expect(await readdir(folder)).not.toContain('state')
})

test('2 GiB can be attached, and a byte more is told to be too much', async () => {
  const report = ['report', at('text.md'), '--to', 'nis', '--yes', '--server', 'http://127.0.0.1:1']
  const huge = await bongsu([...report, '--attach', at('huge.bin')])
  expect([huge.code, huge.err]).toEqual([2, expect.stringContaining('more than 2 GiB together')])
  const most = await bongsu([...report, '--attach', at('most.bin')])
  expect(most.err).not.toContain('GiB')
  expect(most.code).not.toBe(2)
  const both = await bongsu([...report, '--attach', at('most.bin'), at('plan.pdf')])
  expect([both.code, both.err]).toEqual([2, expect.stringContaining('more than 2 GiB together')])
})

test('--help of what attaches says what a state file gives away, and when it is gone', async () => {
  for (const command of ['report', 'write', 'reply']) {
    const { out } = await bongsu([command, '--help'])
    const text = out.replace(/\s+/g, ' ')
    expect(text).toContain('whoever gets it and the ciphertext can read these files')
    expect(text).toContain('not the receipt code')
    expect(text).toContain('removed when the message is sent or the upload is gone')
    expect(text).toContain('Without the option nothing is written to the disk')
    expect(text).toContain('stays in it')
  }
  for (const command of ['report', 'write']) {
    expect((await bongsu([command, '--help'])).out).toContain('can be an offence')
  }
  expect((await bongsu(['open', '--help'])).out).toContain('a machine set apart')
})
