import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { EXIT } from '../../src/cli/exit.ts'
import { cryptoReady, randomBytes } from '../../src/protocol/crypto.ts'
import { formatReceiptCode, generateReceiptCode } from '../../src/protocol/receipt-code.ts'
import { bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let folder: string
/** Nobody listens there. */
let nowhere: string
/** A code under which nothing was ever sent. */
let unknownCode: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-cli-'))
  await writeFile(join(folder, 'text.md'), '내용')
  await writeFile(join(folder, 'empty.md'), ' \n')
  await writeFile(join(folder, 'latin1.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9]))
  await writeFile(join(folder, 'key.json'), '{}', { mode: 0o600 })
  nowhere = await freeAddress()
  await cryptoReady
  unknownCode = formatReceiptCode(generateReceiptCode(randomBytes))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function freeAddress(): Promise<string> {
  return new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address ? address.port : 0
      server.close(() => resolve(`http://127.0.0.1:${port}`))
    })
  })
}

const at = (file: string) => join(folder, file)

test('--help documents every exit code', async () => {
  const { code, out } = await bongsu(['--help'])
  expect(code).toBe(0)
  for (const number of Object.values(EXIT)) expect(out).toMatch(new RegExp(`^ {2}${number} `, 'm'))
})

test('wrong usage ends with 2, and says where to read on', async () => {
  const usages = [
    ['nonsense'],
    ['status', '--no-such-flag'],
    ['report', at('text.md'), '--kind', 'K77'],
    ['report'],
    ['report', '--to', 'nis'],
    ['open', '--key', at('key.json')],
    ['cases'],
    ['status', '--deployment', 'short'],
    ['status', '--timeout', '0'],
  ]
  const ran = await Promise.all(usages.map(args => bongsu(args)))
  expect(ran.map(({ code }, i) => [usages[i], code])).toEqual(usages.map(args => [args, 2]))
  expect(ran.filter(({ err }) => err === '')).toEqual([])
})

test('bad input ends with 2 before anything is sent', async () => {
  const inputs: readonly (readonly [args: readonly string[], input: string])[] = [
    [['status'], 'BW9D-JKAG-SGTP-65C8-DB41-H4XC-Z8EE'],
    [['mailbox'], ''],
    [['mailbox', '--delete', 'xyz'], unknownCode],
    [['write', '-'], 'text without a code'],
    [['write', '-', '--code-file', '-'], 'text'],
    [['withdraw', '--code-file', at('no-such-file')], ''],
    [['report', at('no-such-file'), '--to', 'nis'], ''],
    [['report', at('empty.md'), '--to', 'nis'], ''],
    [['report', at('latin1.md'), '--to', 'nis'], ''],
    [['status', '--server', 'ftp://127.0.0.1'], unknownCode],
    [['status', '--server', 'http://127.0.0.1/path'], unknownCode],
    [['cases', '--key', at('key.json')], ''],
    [['open', 'not-hex', '--key', at('key.json')], ''],
    [['authority', 'root', '--plan', at('key.json'), '--signer', at('key.json')], ''],
  ]
  const ran = await Promise.all(inputs.map(([args, input]) => bongsu([...args, '--json'], { input })))
  expect(ran.map(({ code }, i) => [inputs[i], code])).toEqual(inputs.map(given => [given, 2]))
  for (const { json } of ran) expect(json).toMatchObject({ error: { exit: 2 } })
})

test('a service that is not there ends with 3', async () => {
  const { code, json } = await bongsu(['status', '--server', nowhere, '--json'], { input: unknownCode })
  expect(code).toBe(3)
  expect(json).toMatchObject({ error: { kind: 'unreachable' } })
})

test('with --json a usage error is one object, too', async () => {
  const { json, code, err } = await bongsu(['status', '--json', '--no-such-flag'])
  expect(code).toBe(2)
  expect(err).toBe('')
  expect(json).toMatchObject({ error: { kind: 'usage' } })
})

test('it speaks Korean where the locale does, and where it is told to', async () => {
  const korean = await bongsu(['status'], { input: 'wrong', lang: 'ko_KR.UTF-8' })
  expect(korean.err).toContain('접수 코드가 아닙니다')
  const told = await bongsu(['status', '--lang', 'ko'], { input: 'wrong' })
  expect(told.err).toContain('접수 코드가 아닙니다')
  expect((await bongsu(['status'], { input: 'wrong' })).err).toContain('not a receipt code')
})

test('a wrong receipt code is not repeated on the screen', async () => {
  const input = 'BW9D-JKAG-SGTP-65C8-DB41-H4XC-Z8EE'
  const { out, err } = await bongsu(['status'], { input })
  expect(out + err).not.toContain('BW9D')
})
