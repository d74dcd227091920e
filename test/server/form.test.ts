// How the reporters' listener hands out the form, and the agencies' the console.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { freePorts } from '../../scripts/free-ports.ts'
import { chooseCoding } from '../../src/server/web/coding.ts'
import { CONSOLE_FOLDER, FORM_FOLDER } from '../../src/server/web/site.ts'
import { type Answer, ask, askRaw, parseRaw, problemIn } from '../support/http.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
const lines: string[] = []
beforeAll(async () => {
  world = await createWorld({ onLogLine: line => lines.push(line) })
})
afterAll(() => world.stop())

const get = (path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> =>
  ask(world.reporterUrl, { path, headers })

async function assets(folder = FORM_FOLDER): Promise<string[]> {
  const { files } = JSON.parse(await readFile(join(folder, 'bongsu-web-manifest.json'), 'utf8'))
  return Object.keys(files).filter(path => path.startsWith('assets/'))
}

test('the page comes with its policy, is asked for again each time, and cannot be framed', async () => {
  const { status, headers, body } = await get('/')
  expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
  expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
  expect(headers['integrity-policy']).toBe('blocked-destinations=(script)')
  expect(headers['cache-control']).toContain('no-cache')
  expect(headers['set-cookie']).toBeUndefined()
  expect(body.equals(await readFile(join(FORM_FOLDER, 'index.html')))).toBe(true)
})

test('what is named by its hash stays; everything else is checked again', async () => {
  for (const path of await assets()) {
    const { status, headers, body } = await get(`/${path}`)
    expect([path, status]).toEqual([path, 200])
    expect(headers['cache-control']).toContain('immutable')
    expect(body.equals(await readFile(join(FORM_FOLDER, path)))).toBe(true)
  }
  const { headers } = await get('/bongsu-web-manifest.json')
  expect([headers['content-type'], headers['cache-control']]).toEqual([
    'application/json',
    'no-cache, no-transform',
  ])
})

test('the single file is a download under its own name, and /docs names its hash', async () => {
  const { headers } = await get('/bongsu-report.html')
  expect(headers['content-disposition']).toBe('attachment; filename="bongsu-report.html"')
  const { files } = JSON.parse((await get('/bongsu-web-manifest.json')).body.toString())
  expect((await get('/docs')).body.toString()).toContain(files['bongsu-report.html'].sha256)
})

test('each coding is what the browser takes, under an etag of its own', async () => {
  const plain = await get('/')
  const br = await get('/', { 'accept-encoding': 'gzip, deflate, br' })
  const gzip = await get('/', { 'accept-encoding': 'gzip' })
  expect([br.headers['content-encoding'], gzip.headers['content-encoding']]).toEqual(['br', 'gzip'])
  expect(brotliDecompressSync(br.body).equals(plain.body)).toBe(true)
  expect(gunzipSync(gzip.body).equals(plain.body)).toBe(true)
  const etags = [plain, br, gzip].map(({ headers }) => headers.etag)
  expect(new Set(etags).size).toBe(3)
  for (const { headers } of [plain, br, gzip]) expect(headers.vary).toBe('accept-encoding')
})

test.each([
  [undefined, 'identity'],
  ['', 'identity'],
  ['br;q=0, gzip', 'gzip'],
  ['BR', 'br'],
  ['*', 'br'],
  ['*;q=0.5, br;q=0', 'gzip'],
  ['deflate, zstd', 'identity'],
  ['gzip;q=0.000', 'identity'],
  ['identity;q=0', 'identity'],
] as const)('Accept-Encoding %s is answered with %s', (field, coding) => {
  expect(chooseCoding(field)).toBe(coding)
})

test('whoever has it already is told so, without a body', async () => {
  const { headers } = await get('/')
  const etag = headers.etag ?? ''
  for (const field of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
    const again = await get('/', { 'if-none-match': field })
    expect([again.status, again.body.length, again.headers.etag]).toEqual([304, 0, etag])
    expect(again.headers['content-security-policy']).toContain('trusted-types')
  }
  expect((await get('/', { 'if-none-match': '"other"' })).status).toBe(200)
})

describe('nothing but what was built is reached', () => {
  test.each([
    '/index.html',
    '/assets',
    '/assets/',
    '/assets/nothing.js',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2f..%2f..%2fpackage.json',
    '/assets/%2e%2e%2fbongsu-report.html',
    '/assets/__proto__',
    '/assets/constructor',
    '/bongsu-report.html.br',
    '/bongsu-web-manifest.json/',
  ])('%s', async path => {
    const answer = parseRaw(
      await askRaw(world.reporterUrl, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`),
    )
    expect(['not-found', 'malformed-request']).toContain(problemIn(answer))
  })

  test('dot segments are not resolved', async () => {
    const head = 'GET /assets/../../package.json HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'
    expect(problemIn(parseRaw(await askRaw(world.reporterUrl, head)))).toBe('not-found')
  })

  test('with another method', async () => {
    for (const method of ['POST', 'PUT', 'DELETE']) {
      expect(problemIn(await ask(world.reporterUrl, { method, path: '/' }))).toBe('not-found')
    }
    expect((await ask(world.reporterUrl, { method: 'HEAD', path: '/' })).status).toBe(404)
  })
})

describe('agencies get the console, and no form', () => {
  const at = (path: string) => ask(world.agencyUrl, { path })
  const built = (path: string) => readFile(join(CONSOLE_FOLDER, path))

  test('the page comes under the same policy', async () => {
    const { status, headers, body } = await at('/')
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8'])
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'")
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['integrity-policy']).toBe('blocked-destinations=(script)')
    expect(headers['set-cookie']).toBeUndefined()
    expect(body.equals(await built('index.html'))).toBe(true)
  })

  test('its files are those that its manifest names', async () => {
    const { files } = JSON.parse((await at('/bongsu-web-manifest.json')).body.toString())
    const paths = Object.keys(files).filter(path => path.startsWith('assets/'))
    expect(paths.length).toBeGreaterThan(3)
    for (const path of paths) {
      const { headers, body } = await at(`/${path}`)
      expect(headers['cache-control']).toContain('immutable')
      expect(body.equals(await built(path))).toBe(true)
    }
  })

  test('neither listener has a file of the other', async () => {
    expect(problemIn(await at('/bongsu-report.html'))).toBe('not-found')
    const [form, console] = [await assets(), await assets(CONSOLE_FOLDER)]
    for (const path of form.filter(path => !console.includes(path)))
      expect(problemIn(await at(`/${path}`))).toBe('not-found')
    for (const path of console.filter(path => !form.includes(path)))
      expect(problemIn(await get(`/${path}`))).toBe('not-found')
  })
})

test('what the API answers keeps its own policy', async () => {
  const { headers } = await get('/v1/health')
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['content-security-policy']).not.toContain('script-src')
})

test('a visit leaves no line in the log', async () => {
  lines.length = 0
  await get('/')
  await get('/assets/nothing.js')
  expect(lines).toEqual([])
})

test('without a build the service runs, and both pages say how to build', async () => {
  const formFolder = await mkdtemp(join(tmpdir(), 'bongsu-no-form-'))
  const bare = await createWorld({ formFolder, consoleFolder: formFolder })
  try {
    for (const url of [bare.reporterUrl, bare.agencyUrl]) {
      const { status, body } = await ask(url, { path: '/' })
      expect([status, body.toString()]).toEqual([503, expect.stringContaining('npm run build')])
    }
    expect((await ask(bare.reporterUrl, { path: '/v1/health' })).status).toBe(200)
    expect(problemIn(await ask(bare.reporterUrl, { path: '/bongsu-report.html' }))).toBe('not-found')
  } finally {
    await bare.stop()
    await rm(formFolder, { recursive: true })
  }
})

test.each([
  ['https://report.example', 503],
  [`http://${'a'.repeat(56)}.onion`, 200],
])('a form that was built for %s is answered at the onion service with %i', async (service, status) => {
  const formFolder = await mkdtemp(join(tmpdir(), 'bongsu-form-'))
  await cp(FORM_FOLDER, formFolder, { recursive: true })
  const manifest = join(formFolder, 'bongsu-web-manifest.json')
  const built = await readFile(manifest, 'utf8')
  await writeFile(manifest, built.replace('"service": null', `"service": "${service}"`))
  const [port] = await freePorts(1)
  const told: string[] = []
  const elsewhere = await createWorld({
    formFolder,
    variables: { BONGSU_ONION_LISTEN: `127.0.0.1:${port}` },
    onLogLine: line => told.push(line),
  })
  try {
    expect((await ask(elsewhere.reporterUrl, { path: '/' })).status).toBe(200)
    const onion = `http://127.0.0.1:${port}`
    expect((await ask(onion, { path: '/' })).status).toBe(status)
    expect((await ask(onion, { path: '/v1/directory' })).status).toBe(200)
    expect(told.filter(line => line.includes('not served at the onion'))).toHaveLength(status === 200 ? 0 : 1)
  } finally {
    await elsewhere.stop()
    await rm(formFolder, { recursive: true })
  }
})
