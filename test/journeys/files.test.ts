// Files, the whole way through the command: each step a process of its own, one of them killed on its way.
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, open, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { lengthOfClass } from '../../src/protocol/blob.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { bongsu, collect, type RunOptions, start } from '../cli/run.ts'
import { type CountingProxy, createCountingProxy } from '../support/counting-proxy.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 })

const MIB = 1024 * 1024

let world: World
let proxy: CountingProxy
let folder: string
let logged = ''

beforeAll(async () => {
  world = await createWorld({
    onLogLine: line => {
      logged += line
    },
  })
  proxy = await createCountingProxy(world.reporterUrl)
  folder = await mkdtemp(join(tmpdir(), 'bongsu-files-'))
  await writeFile(at('text.md'), '도면이 나갔습니다.')
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await proxy.stop()
  await world.stop()
})

const at = (file: string) => join(folder, file)
const pin = () => ['--deployment', Buffer.from(world.deploymentId).toString('base64url')]
const toReporters = () => ['--server', proxy.url, ...pin(), '--json']
const toAgency = (agency: AgencyId) => [
  ...['--server', world.agencyUrl, '--key', world.deviceKeyFile(agency)],
  ...pin(),
]
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function put(name: string, bytes: Uint8Array): Promise<Uint8Array> {
  await writeFile(at(name), bytes)
  return bytes
}

/** One byte, in place. */
async function alter(name: string, position: number): Promise<void> {
  const handle = await open(at(name), 'r+')
  const byte = Buffer.alloc(1)
  await handle.read(byte, 0, 1, position)
  byte[0] = (byte[0] ?? 0) ^ 1
  await handle.write(byte, 0, 1, position)
  await handle.close()
}

const reportArgs = (agency: AgencyId, ...more: string[]) => [
  ...['report', at('text.md'), '--to', agency, ...more],
  ...toReporters(),
]

interface Listed {
  readonly number: number
  readonly name: string
  readonly size: number
  readonly sha256: string
  readonly attached: boolean
  readonly saved?: string | null
}

interface Opened {
  readonly case: string
  readonly files: readonly Listed[]
  readonly followUps: readonly { readonly files: readonly Listed[] }[]
}

/** Waits for the beat that lets the case appear. */
async function caseOf(agency: AgencyId, digest: unknown): Promise<string> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const { json } = await bongsu(['cases', ...toAgency(agency), '--json'])
    for (const entry of (json as { cases: { case: string }[] }).cases) {
      const seen = await bongsu(['open', entry.case, '--no-record', ...toAgency(agency), '--json'])
      if (seen.json.digest === digest) return entry.case
    }
  }
  throw new Error('no case appeared')
}

async function openCase(agency: AgencyId, id: string, ...more: string[]): Promise<Opened> {
  const { code, json } = await bongsu(['open', id, ...more, ...toAgency(agency), '--json'])
  expect(code).toBe(0)
  return json as unknown as Opened
}

async function countBlobs(state: string): Promise<number> {
  const text = 'select count(*)::int as count from blobs where state = $1'
  const rows = await world.database.query<{ count: number }>({ name: 'count-blobs', text }, [state])
  return rows[0]?.count ?? 0
}

/** Runs until its upload's first `parts` are there and `proxy` holds the next back, and kills it there. */
async function killedAfter(parts: number, args: readonly string[], signal: NodeJS.Signals = 'SIGKILL') {
  const held = proxy.holdAfter(parts)
  const child = start(args)
  const out = collect(child.stdout)
  const ended = new Promise<number | null>(resolve => child.on('close', resolve))
  await Promise.race([held, ended])
  child.kill(signal)
  const code = await ended
  proxy.drop()
  return { code, out: out() }
}

test('a report whose upload was killed goes on where it stopped, and arrives; follow-up, reply and comparing', async () => {
  const plan = await put('도면 1.pdf', randomBytes(5 * MIB + 123))
  const photo = await put('photo.jpg', randomBytes(2 * MIB))
  const kept = await put('원본.dwg', randomBytes(100_000))
  const state = at('upload.state')
  const args = reportArgs(
    'nis',
    ...['--attach', at('도면 1.pdf'), at('photo.jpg'), '--keep', at('원본.dwg')],
    ...['--resume-file', state],
  )
  const before = proxy.parts()
  await killedAfter(3, args)
  expect(proxy.parts() - before).toBe(3)
  expect((await stat(state)).mode & 0o777).toBe(0o600)
  expect(Object.keys(JSON.parse(await readFile(state, 'utf8'))).sort()).toEqual(
    ['blobKey', 'deployment', 'files', 'format', 'length', 'message', 'partHashes', 'upload'].sort(),
  )

  const sent = await bongsu(args)
  expect([sent.code, sent.err]).toEqual([0, ''])
  // 8 MiB are sent, and 8 KiB of room for seals, each part once.
  expect(proxy.parts() - before).toBe(9)
  expect((await readdir(folder)).filter(name => name.includes('state'))).toEqual([])

  const id = await caseOf('nis', sent.json.digest)
  const opened = await openCase('nis', id)
  expect(opened.files).toEqual([
    expect.objectContaining({ number: 1, name: '도면 1.pdf', sha256: sha256(plan), attached: true }),
    expect.objectContaining({ number: 2, name: 'photo.jpg', type: 'image/jpeg', sha256: sha256(photo) }),
    expect.objectContaining({
      number: 3,
      name: '원본.dwg',
      size: 100_000,
      sha256: sha256(kept),
      attached: false,
    }),
  ])
  expect(JSON.stringify([sent.json, opened])).not.toContain('blobKey')

  await writeFile(at('code'), `${sent.json.code}\n`, { mode: 0o600 })
  const byCode = (...more: string[]) => [...more, '--code-file', at('code'), ...toReporters()]
  const later = await put('later.txt', randomBytes(70_000))
  expect((await bongsu(byCode('write', at('text.md'), '--attach', at('later.txt')))).code).toBe(0)

  const saved = await openCase('nis', id, '--save', at('evidence'))
  const paths = [...saved.files, ...(saved.followUps[0]?.files ?? [])].map(file => file.saved)
  expect(paths).toEqual([at('evidence/도면 1.pdf'), at('evidence/photo.jpg'), null, at('evidence/later.txt')])
  for (const [name, bytes] of [
    ['도면 1.pdf', plan],
    ['photo.jpg', photo],
    ['later.txt', later],
  ] as const) {
    expect((await readFile(at(`evidence/${name}`))).equals(bytes)).toBe(true)
    expect((await stat(at(`evidence/${name}`))).mode & 0o777).toBe(0o600)
  }
  expect(await readdir(at('evidence'))).toHaveLength(3)

  const compare = (file: string) => bongsu(['open', id, '--compare', at(file), ...toAgency('nis'), '--json'])
  const today = dayOf(world.now())
  expect((await compare('원본.dwg')).json.compared).toMatchObject({
    sha256: sha256(kept),
    matches: [
      { message: 0, number: 3, name: '원본.dwg', attached: false, day: expect.stringMatching(/^\d{4}-/) },
    ],
  })
  expect((await compare('later.txt')).json.compared).toMatchObject({ matches: [{ message: 1, day: today }] })
  await alter('원본.dwg', 5)
  const other = await compare('원본.dwg')
  expect([other.code, other.json.compared]).toMatchObject([1, { matches: [] }])

  const answer = await put('회신.hwp', randomBytes(1_500_000))
  const text = `${'긴 답변입니다. '.repeat(1500)}끝`
  const replyArgs = ['reply', id, '-', '--attach', at('회신.hwp'), ...toAgency('nis'), '--json']
  const replied = await bongsu(replyArgs, { input: text })
  expect(replied.json).toMatchObject({ numbers: [1, 2, 3], files: [{ name: '회신.hwp', attached: true }] })

  const mailbox = await bongsu(byCode('mailbox', '--save', at('answers')))
  const { replies } = mailbox.json as unknown as {
    replies: { id: string; number: number; files: Listed[] }[]
  }
  expect(replies.map(({ number, files }) => [number, files.map(file => file.saved)])).toEqual([
    [1, []],
    [2, []],
    [3, [at('answers/회신.hwp')]],
  ])
  expect((await readFile(at('answers/회신.hwp'))).equals(answer)).toBe(true)
  expect(mailbox.out).not.toContain('blobKey')

  const doomed = await countBlobs('doomed')
  expect((await bongsu(byCode('mailbox', '--delete', replies[2]?.id ?? ''))).code).toBe(0)
  expect(await countBlobs('doomed')).toBe(doomed + 1)
})

test('a file that changed between a kill and going on is refused, and put back it goes on', async () => {
  await put('changing.bin', randomBytes(4 * MIB))
  const state = at('changing.state')
  const args = reportArgs('police', '--attach', at('changing.bin'), '--resume-file', state)
  const before = proxy.parts()
  await killedAfter(2, args)
  await alter('changing.bin', 1000)
  const refused = await bongsu(args)
  expect([refused.code, refused.json]).toMatchObject([2, { error: { kind: 'bad-input' } }])
  expect(proxy.parts() - before).toBe(2)
  await alter('changing.bin', 1000)
  expect((await bongsu(args)).code).toBe(0)
  expect((await readdir(folder)).filter(name => name.includes('changing.state'))).toEqual([])
})

test('a file that changes while it is sent is refused, and nothing of it is left at the service', async () => {
  // Longer than what is sealed while the second part and those behind it are held.
  await put('moving.bin', randomBytes(8 * MIB))
  const open = await countBlobs('open')
  const held = proxy.holdAfter(1)
  const running = bongsu(reportArgs('police', '--attach', at('moving.bin')))
  await held
  await alter('moving.bin', 10)
  proxy.release()
  const { code, json } = await running
  expect([code, json]).toMatchObject([2, { error: { kind: 'bad-input' } }])
  expect(String((json.error as { detail: string }).detail)).toContain('changed while it was read')
  expect(await countBlobs('open')).toBe(open)
})

test('Ctrl-C without a state file gives the upload up; with one it can go on', async () => {
  await put('stopped.bin', randomBytes(3 * MIB))
  const open = await countBlobs('open')
  const args = reportArgs('police', '--attach', at('stopped.bin'))
  expect(await killedAfter(1, args, 'SIGINT')).toMatchObject({ code: 130 })
  expect(await countBlobs('open')).toBe(open)
  const state = at('stopped.state')
  expect(await killedAfter(1, [...args, '--resume-file', state], 'SIGINT')).toMatchObject({ code: 130 })
  expect(await countBlobs('open')).toBe(open + 1)
  const before = proxy.parts()
  expect((await bongsu([...args, '--resume-file', state])).code).toBe(0)
  expect(proxy.parts() - before).toBe(3)
})

test('an upload that ran out begins again; one that was whole says so, and both take the state away', async () => {
  // Seven parts: when the first is there, five may be sealed.
  await put('late.bin', randomBytes(6 * MIB))
  const state = at('late.state')
  const args = reportArgs('police', '--attach', at('late.bin'), '--resume-file', state)
  await killedAfter(1, args)
  const kept = await readFile(state)
  const end = { name: 'end-uploads', text: `update blobs set expires = 0 where state = 'open'` }
  await world.database.query(end)
  const before = proxy.parts()
  expect((await bongsu(args)).code).toBe(0)
  expect(proxy.parts() - before).toBe(7)
  // As if the command had been killed while the report was on its way.
  const whole = JSON.parse(kept.toString()) as { partHashes: string[] }
  const partHashes = Array.from({ length: 7 }, (_, i) => whole.partHashes[i] ?? whole.partHashes[0])
  await writeFile(state, JSON.stringify({ ...whole, partHashes }), { mode: 0o600 })
  const gone = await bongsu(args)
  expect([gone.code, gone.json]).toMatchObject([1, { error: { kind: 'upload-gone' } }])
  expect(await readdir(folder)).not.toContain('late.state')
})

test('what arrives changed is not kept, costs that file only, and ends with 4', async () => {
  await put('first.bin', randomBytes(MIB))
  await put('second.bin', randomBytes(MIB))
  const sent = await bongsu(reportArgs('ip-police', '--attach', at('first.bin'), at('second.bin')))
  const id = await caseOf('ip-police', sent.json.digest)
  const spoil = {
    name: 'spoil',
    text: `update blob_pieces set bytes = set_byte(bytes, 5000, get_byte(bytes, 5000) # 1)
      where n = 0 and part in (select part from blob_parts join blobs using (blob_id)
        where blob_parts.index = 0 and state = 'claimed' and length = ${lengthOfClass(2 * MIB)})`,
  }
  await world.database.query(spoil)
  const args = ['open', id, '--save', at('spoiled'), ...toAgency('ip-police')]
  const { code, json } = await bongsu([...args, '--json'])
  expect(code).toBe(4)
  expect((json as unknown as Opened).files).toMatchObject([
    { saved: null, error: { kind: 'unproven' } },
    { saved: at('spoiled/second.bin') },
  ])
  expect(await readdir(at('spoiled'))).toEqual(['second.bin'])
  const told = await bongsu(args, { lang: 'ko_KR.UTF-8' })
  expect(told.code).toBe(4)
  expect(told.out).toContain('저장하지 않음')
})

test('names of strangers stay names, on a disk and on a terminal', async () => {
  const name = 'plan\u202efdp.exe\n Acknowledged: yes\u001b[2J'
  await put(name, randomBytes(10))
  const sent = await bongsu(reportArgs('sme-office', '--attach', at(name)))
  const id = await caseOf('sme-office', sent.json.digest)
  const { out } = await bongsu(['open', id, '--save', at('named'), ...toAgency('sme-office')])
  expect(out).toContain('  1. plan‹U+202E›fdp.exe␊ Acknowledged: yes␛[2J\n')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
  expect(out).not.toMatch(/[\u001b\u202e]/)
  expect(await readdir(at('named'))).toEqual(['planfdp.exe Acknowledged_ yes[2J'])
  expect(logged).not.toMatch(/plan|Acknowledged/)
})

test.each([
  ['en', 'itself be an offence', 'stays in it', 'a machine set apart'],
  ['ko', '법에 걸릴 수 있습니다', '함께 갑니다', '별도의 기기'],
])(
  'in %s, people are warned before they attach and before they save; programs are told nothing',
  async (lang, ...said) => {
    await put('small.txt', randomBytes(10))
    const speak: RunOptions = { lang: lang === 'ko' ? 'ko_KR.UTF-8' : 'en_US.UTF-8' }
    const args = ['report', at('text.md'), '--to', 'serious-crimes', '--attach', at('small.txt')]
    const service = ['--server', proxy.url, ...pin()]
    const told = await bongsu([...args, ...service], speak)
    expect(told.err).toContain(said[0])
    expect(told.err).toContain(said[1])
    // No bar where nobody watches.
    expect(told.err).not.toContain('\r')
    const silent = await bongsu([...args, ...service, '--json'], speak)
    expect([silent.code, silent.err]).toEqual([0, ''])
    const id = await caseOf('serious-crimes', silent.json.digest)
    const saved = await bongsu(
      ['open', id, '--save', at(`warned-${lang}`), ...toAgency('serious-crimes')],
      speak,
    )
    expect(saved.err).toContain(said[2])
  },
)

test('a receipt that cannot be written does not cost the code', async () => {
  const sent = await bongsu(reportArgs('police', '--receipt', '/dev/full'))
  expect(sent.code).toBe(2)
  expect(sent.json).toMatchObject({ code: expect.stringMatching(/^[0-9A-Z-]{34}$/) })
})
