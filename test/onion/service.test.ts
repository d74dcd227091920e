// The onion service for real: Tor from Debian's package, a network of its own on loopback, the torrc of this repository.
import { createHash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readChallenge } from '../../src/protocol/challenge.ts'
import { bongsu } from '../cli/run.ts'
import { signedHeaders, tooLittleWork } from '../support/caller.ts'
import { ask } from '../support/http.ts'
import { createOnionWorld, documentedTorrc, type OnionWorld, whyNot } from '../support/onion.ts'
import { newReporter, sealFor } from '../support/reporter.ts'
import { officerAt } from '../web/support/command-agency.ts'
import { curl, type Fetched } from './curl.ts'

// A network that votes first, and six hops for each answer.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 600_000 })

const WORK_BITS = 6
/** Requests a minute from one address, where that counts. */
const RATE_LIMIT = 40
const TEXT = '같은 부서의 과장이 전극 공정 조건표를 옮겼습니다.'

/** Readable where it differs; every challenge does. */
const shown = (path: string, { body, headers, status }: Fetched) => {
  // Only where TLS is.
  const { 'strict-transport-security': _, 'bongsu-challenge': challenge, ...others } = headers
  return {
    path,
    status,
    headers: { ...others, 'bongsu-challenge': challenge?.length },
    body: body.toString(),
  }
}

describe.skipIf(whyNot)('an onion service', () => {
  let onion: OnionWorld
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bongsu-onion-'))
    onion = await createOnionWorld({ workBits: WORK_BITS, rateLimit: RATE_LIMIT })
  })
  afterAll(async () => {
    await onion?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  const overTor = (path: string, ...more: readonly string[]) =>
    curl(onion.onionUrl + path, onion.socks, ...more)
  const direct = (path: string, ...more: readonly string[]) =>
    curl(onion.world.reporterUrl + path, null, ...more)

  test('carries a report with a file, its status, a reply with a file and a follow-up, by the command', async () => {
    const deployment = Buffer.from(onion.world.deploymentId).toString('base64url')
    const through = ['--server', onion.onionUrl, '--socks', onion.socks, '--deployment', deployment, '--json']
    const [text, photo] = [join(folder, 'text.md'), join(folder, 'photo.jpg')]
    await writeFile(text, TEXT)
    await writeFile(photo, Buffer.alloc(2_500_000, 'photo'))
    const sent = await bongsu(['report', text, '--to', 'police', '--attach', photo, '--yes', ...through])
    expect([sent.code, sent.err]).toEqual([0, ''])
    const byCode = (...args: string[]) =>
      bongsu([...args, '--code-file', '-', ...through], { input: String(sent.json.code) })

    const officer = officerAt(onion.world, 'police')
    const opened = await officer.open(TEXT)
    await officer.reply(opened.case, '잘 받았습니다.')
    expect((await byCode('status')).json).toMatchObject({
      agencies: [{ id: 'police', answer: 'acknowledged' }],
    })
    expect((await byCode('mailbox')).json).toMatchObject({
      replies: [{ text: '잘 받았습니다.', verdict: 'genuine' }],
    })

    const more = join(folder, 'more.md')
    await writeFile(more, '날짜를 다시 들었습니다.')
    expect((await byCode('write', more)).code).toBe(0)
    expect((await officer.open(TEXT)).followUps).toMatchObject([{ text: '날짜를 다시 들었습니다.' }])
  })

  test('is reached by the lines of docs/operations.md just so', async () => {
    const other = await onion.publish(await documentedTorrc())
    expect(other).not.toBe(onion.onionUrl)
    expect((await curl(`${other}/v1/health`, onion.socks)).status).toBe(200)
  })

  test('asks for proof of work', async () => {
    const reporter = newReporter(onion.world)
    const body = Buffer.from(JSON.stringify((await sealFor(onion.world, reporter, ['nis'])).body))
    const put = async (work?: (nonce: string) => string) => {
      const { nonce } = JSON.parse((await overTor('/v1/challenges', '--request', 'POST')).body.toString())
      expect(readChallenge(nonce).workBits).toBe(WORK_BITS)
      const call = { method: 'PUT', path: '/v1/report', body, nonce, ...(work ? { work: work(nonce) } : {}) }
      const fields = Object.entries(signedHeaders(reporter.caller, call)).flatMap(([name, value]) => [
        '--header',
        `${name}: ${value}`,
      ])
      const file = join(folder, 'body.json')
      await writeFile(file, body)
      return overTor('/v1/report', '--request', 'PUT', ...fields, '--data-binary', `@${file}`)
    }
    const refused = await put(nonce => tooLittleWork(reporter.caller, nonce, body))
    expect(JSON.parse(refused.body.toString())).toMatchObject({ type: '/problems/work-required' })
    expect((await put()).status).toBe(200)
  })

  test('answers as elsewhere, errors too, and names no other address', async () => {
    const requests: readonly (readonly string[])[] = [
      ['/'],
      ['/docs'],
      ['/v1/directory'],
      ['/bongsu-web-manifest.json'],
      ['/v1/report'],
      ['/v1/cases'],
      ['/nothing'],
      ['/v1/%zz'],
      ['/v1/challenges', '--request', 'PUT'],
      ['/v1/report', '--request', 'PUT', '--header', 'content-type: application/json', '--data', '{'],
      ['/v1/mailbox', '--request', 'POST', '--header', 'content-type: text/plain', '--data', 'x'],
      ['/v1/uploads', '--request', 'OPTIONS'],
      ['/', '--header', 'Host: a', '--header', 'Host: b'],
      ['/', '--header', `X-Filler: ${'a'.repeat(9000)}`],
    ]
    for (const [path = '', ...more] of requests) {
      const there = await overTor(path, ...more)
      expect(shown(path, there)).toEqual(shown(path, await direct(path, ...more)))
      const fields = Object.entries(there.headers).map(([name, value]) => `${name}: ${value}`)
      expect(
        fields.filter(field =>
          /onion-location|alt-svc|upgrade-insecure|set-cookie|^server|127\.0\.0\.1|localhost/i.test(field),
        ),
      ).toEqual([])
      expect(fields.filter(field => /^location/.test(field))).toEqual([])
    }
  })

  test('serves the form whole, and nothing in it is from elsewhere', async () => {
    const page = await overTor('/')
    expect(page.body.toString()).not.toMatch(/(src|href)="?[a-z]*:?\/\//)
    expect(page.headers['content-security-policy']).not.toMatch(/https?:|upgrade/)
    const { files } = JSON.parse((await overTor('/bongsu-web-manifest.json')).body.toString()) as {
      files: Readonly<Record<string, { readonly sha256: string }>>
    }
    expect(Object.keys(files).length).toBeGreaterThan(4)
    for (const [path, { sha256 }] of Object.entries(files)) {
      const { status, body } = await overTor(path === 'index.html' ? '/' : `/${path}`)
      expect([path, status, createHash('sha256').update(body).digest('hex')]).toEqual([path, 200, sha256])
    }
  })

  // Last: afterwards the reporters' own listener has had enough of this address.
  test('counts no addresses: all come from its own', async () => {
    const asked = RATE_LIMIT + 10
    const direct = await Promise.all(
      Array.from({ length: asked }, () => ask(onion.world.reporterUrl, { path: '/v1/health' })),
    )
    expect(new Set(direct.map(({ status }) => status))).toEqual(new Set([200, 429]))
    const behind = await Promise.all(
      Array.from({ length: 10 * asked }, () => ask(onion.behindUrl, { path: '/v1/health' })),
    )
    expect(new Set(behind.map(({ status }) => status))).toEqual(new Set([200]))
    const urls = Array.from({ length: asked }, () => `${onion.onionUrl}/v1/health`)
    const { body } = await curl(urls[0] ?? '', onion.socks, '--write-out', '%{http_code}\n', ...urls.slice(1))
    expect(body.toString().match(/"database":true/g)).toHaveLength(asked)
  })
})
