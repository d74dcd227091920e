// What a reporter can give wrong: said in the language of whoever gave it, by the command as people run it.
import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { failureOf, type GivenWrong, WrongInput } from '../../src/cli/exit.ts'
import { englishInput } from '../../src/cli/words/en-input.ts'
import { korean } from '../../src/cli/words/ko.ts'
import { KOREAN_FILE_ERRORS, koreanInput } from '../../src/cli/words/ko-input.ts'
import { InvalidInput } from '../../src/client/index.ts'
import { cryptoReady, randomBytes } from '../../src/protocol/crypto.ts'
import { formatReceiptCode, generateReceiptCode } from '../../src/protocol/receipt-code.ts'
import { createWorld, type World } from '../support/world.ts'
import { ENGLISH } from './english.ts'
import { bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 120_000 })

type Kind = GivenWrong['kind']

/** That happen in between two steps of one command, or after ten thousand files: no single command line leads there. */
const IN_BETWEEN: readonly Kind[] = [
  'agency-not-today',
  'objection-misplaced',
  'file-changed',
  'file-changed-since',
  'name-taken',
]

let folder: string
let world: World
let pinned: string
/** Of a report that the police got. */
let code: string
/** Of one that was withdrawn. */
let withdrawn: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bongsu-wrong-'))
  world = await createWorld()
  pinned = Buffer.from(world.deploymentId).toString('base64url')
  await cryptoReady
  await writeFile(at('text.md'), '내용')
  await writeFile(at('plan.pdf'), 'twelve bytes')
  await writeFile(at('empty.md'), ' \n')
  await writeFile(at('latin1.md'), Buffer.from([0x63, 0x61, 0x66, 0xe9]))
  await writeFile(at('long.md'), 'x'.repeat(2 * 1024 * 1024 + 1))
  await writeFile(at('wide.md'), 'x'.repeat(400_001))
  await writeFile(at('huge.bin'), '')
  await truncate(at('huge.bin'), 2 ** 31 + 1)
  await mkdir(at('folder'))
  await writeFile(at('open.state'), '{}', { mode: 0o644 })
  await writeFile(at('other.state'), '{}', { mode: 0o600 })
  await writeFile(at('taken.state.lock'), String(process.pid))
  const state = {
    format: 'bongsu upload 1',
    message: 'report',
    deployment: pinned,
    files: [{ name: 'plan.pdf', size: 13 }],
    blobKey: pinned,
    upload: pinned,
    length: 65_536,
    partHashes: [],
  }
  await writeFile(at('size.state'), JSON.stringify(state), { mode: 0o600 })
  await writeFile(at('follow-up.state'), JSON.stringify({ ...state, message: 'follow-up' }), { mode: 0o600 })
  code = await sent()
  withdrawn = await sent()
  await onService(['withdraw', '--yes'], withdrawn)
})
afterAll(async () => {
  await world.stop()
  await rm(folder, { recursive: true, force: true })
})

const at = (file: string) => join(folder, file)

const onService = ([command = '', ...more]: readonly string[], input = '', lang = 'en_US.UTF-8') =>
  bongsu([command, '--server', world.reporterUrl, '--deployment', pinned, ...more], { input, lang })

async function sent(): Promise<string> {
  const { json } = await onService(['report', at('text.md'), '--to', 'police', '--json'])
  return String(json.code)
}

/** What leads there, and what must be said of it in Korean. */
function mistakes(): Partial<
  Record<Kind, readonly [args: readonly string[], korean: string, input?: string]>
> {
  const text = at('text.md')
  const report = ['report', text, '--to', 'police']
  const resuming = (state: string) => [
    ...report,
    '--attach',
    at('plan.pdf'),
    '--yes',
    '--resume-file',
    at(state),
  ]
  const unknown = formatReceiptCode(generateReceiptCode(randomBytes))
  const everybody = 'sme-office,nis,police,ip-police,serious-crimes'
  return {
    'no-text-named': [['report'], '어떤 글을 보낼지'],
    'empty-text': [['report', at('empty.md'), '--to', 'police'], '글이 비어 있습니다'],
    'text-too-large': [['report', at('long.md')], 'long.md: 글이 너무 깁니다'],
    'not-utf8': [['report', at('latin1.md')], 'latin1.md: UTF-8로 된 글이 아닙니다'],
    'input-taken': [['write', '-', '--code-file', '-'], '글과 접수 코드를 함께', '내용'],
    'no-code-given': [['write', '-'], '접수 코드를 물을 터미널이 없습니다', '내용'],
    'nobody-to-ask': [['withdraw'], '물어볼 터미널이 없습니다', code],
    'to-and-not-for': [[...report, '--not-for', 'police'], '같은 기관을 적으셨습니다: police'],
    'no-such-agency': [['report', text, '--to', 'polise'], '그런 기관이 없습니다: polise (있는 기관: '],
    'none-recommended': [['report', text, '--not-for', everybody], '권하는 곳이 남지 않았습니다'],
    'report-too-long': [['report', at('wide.md'), '--to', 'police'], '글이 너무 깁니다. 줄이거나'],
    'agency-count': [['report', text, '--to', everybody], '4곳까지'],
    'object-to-stranger': [['write', text, '--object', 'nis'], '관여하지 않는 기관입니다: nis', code],
    'nothing-to-object': [['write', text, '--object', 'police'], '이의를 제기할 수 있는 일이', code],
    'no-holder': [['write', text], '맡고 있는 기관이 없어', withdrawn],
    'save-and-delete': [
      ['mailbox', '--save', 'x', '--delete', '00'.repeat(16)],
      '함께 쓸 수 없습니다',
      unknown,
    ],
    'no-reply-id': [['mailbox', '--delete', 'xyz'], '회신의 식별값이 아닙니다: xyz', unknown],
    'roots-and-directory': [['verify', '--roots', text], '둘 다 적지'],
    'service-address': [['status', '--server', 'ftp://x.example'], '서비스 주소가 아닙니다: ftp://', unknown],
    'not-a-file': [[...report, '--attach', at('folder')], 'folder: 파일이 아닙니다'],
    'too-many-files': [[...report, '--keep', ...Array(33).fill(text)], '32개까지 보낼 수 있는데 33개'],
    'files-too-large': [[...report, '--attach', at('huge.bin')], '2 GiB가 넘습니다'],
    'resume-without-files': [[...report, '--resume-file', at('state')], '--attach 로 파일을 보낼 때만'],
    'resume-of-another': [resuming('follow-up.state'), '다른 메시지나 다른 배치'],
    'resume-other-files': [resuming('size.state'), '크기가 바뀌었습니다'],
    'no-resume-file': [resuming('other.state'), '적어 둔 파일이 아닙니다'],
    'others-may-read': [resuming('open.state'), 'chmod 600'],
    'upload-taken': [resuming('taken.state'), '다른 명령이 이 올리기를'],
  }
}

test('a mistake is told in Korean where the language is Korean, and to programs in English', async () => {
  const told = mistakes()
  for (const [kind, [args, words, input]] of Object.entries(told)) {
    const run = (lang: string) => onService(args, input, lang)
    // One after the other: a file of an upload is one command's at a time.
    const [ko, en] = [await run('ko_KR.UTF-8'), await run('en_US.UTF-8')]
    expect([kind, ko.code, ko.err]).toEqual([kind, 2, expect.stringContaining(words)])
    expect([kind, ko.err]).toEqual([kind, expect.not.stringMatching(ENGLISH)])
    expect([kind, en.code, en.err]).toEqual([kind, 2, expect.stringMatching(/That cannot be used\. \(.+\)/)])
  }
  expect([...Object.keys(told), ...IN_BETWEEN].sort()).toEqual(Object.keys(koreanInput).sort())
})

test('programs get the English detail in every language', async () => {
  const { json } = await bongsu(['report', at('empty.md'), '--json'], { lang: 'ko_KR.UTF-8' })
  expect(json).toEqual({ error: { kind: 'bad-input', detail: 'the text is empty', exit: 2 } })
})

test('a service that is not there, or does not answer, is told in Korean', async () => {
  const silent = createServer(socket => socket.resume())
  await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
  const { port } = silent.address() as AddressInfo
  const server = ['--server', `http://127.0.0.1:${port}`, '--timeout', '1']
  const ask = () => onService(['status', ...server], code, 'ko_KR.UTF-8')
  const late = await ask()
  expect([late.code, late.err]).toEqual([3, '서비스에 연결할 수 없습니다. (제때 응답하지 않음)\n'])
  await new Promise(resolve => silent.close(resolve))
  const nobody = await ask()
  expect([nobody.code, nobody.err]).toEqual([3, '서비스에 연결할 수 없습니다. (연결이 되지 않음)\n'])
})

test('what the system says of a file is told in Korean', async () => {
  const of = async (path: string, ...more: string[]) =>
    (await bongsu(['report', path, ...more], { lang: 'ko_KR.UTF-8' })).err
  expect(await of(at('no-such.md'))).toContain('no-such.md: 그런 파일이나 폴더가 없습니다.')
  expect(await of(at('folder'))).toContain('파일이 아니라 폴더입니다.')
  expect(await of(at('text.md/x'))).toContain('폴더가 아닌 것을 폴더로')
  expect(await of(at('text.md'), '--keep', at('no-plan.pdf'))).toContain('no-plan.pdf: 그런 파일이나 폴더가')
})

test('every kind has words, in English for what the command itself finds, in Korean for all', () => {
  expect(Object.keys(koreanInput)).toEqual(expect.arrayContaining(Object.keys(englishInput)))
  for (const say of Object.values(koreanInput))
    expect(say('가', '나')).toMatch(/\p{Script=Hangul}.*[.)가나]$/u)
  for (const words of Object.values(KOREAN_FILE_ERRORS)) expect(words).toMatch(/\p{Script=Hangul}.*\.$/u)
  const changed = failureOf(new InvalidInput('a.pdf changed while it was read', 'file-changed', 'a.pdf'))
  expect(korean.failure(changed)).toContain('a.pdf: 읽는 동안')
  expect(korean.failure(failureOf(new WrongInput('name-taken', 'here')))).toContain('here: 같은 이름의')
})
