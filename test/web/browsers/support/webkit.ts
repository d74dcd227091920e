// WebKitGTK, the engine of Safari as Debian has it, by WebDriver and its own small browser, on a display of its own.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { createNoWayOut } from './no-way-out.ts'
import {
  type BrowserOptions,
  COMMAND_MS,
  MINI_BROWSER,
  type Size,
  type Tab,
  until,
  WEBKIT_DRIVER,
} from './tab.ts'

/** As tall as a whole page, which is looked at by a window of its height. */
const SCREEN = '1400x9000x24'
// The toolbar would keep the window from being as narrow as a phone.
const NO_TOOLBAR = '* { font-size: 1px; padding: 0; margin: 0; min-width: 0; min-height: 0; border-width: 0 }'
const NO_ANIMATIONS = '[Settings]\ngtk-enable-animations=0\n'

const DOUBLE_CLICK_MS = 1_100

/** The number of the display. */
export async function startDisplay(): Promise<{ display: string; child: ChildProcess }> {
  const child = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', SCREEN, '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  })
  const pipe = child.stdio[3] as Readable
  const number = await new Promise<string>((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`Xvfb ended with ${code}`)))
    let said = ''
    pipe.on('data', piece => {
      said += piece
      if (said.endsWith('\n')) resolve(said.trim())
    })
  })
  return { display: `:${number}`, child }
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.on('exit', () => resolve())
    child.kill()
  })

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })

/** A home whose windows can be narrow and whose downloads are found. */
export async function homeFor(downloads: string, folder: string): Promise<void> {
  await mkdir(downloads)
  await mkdir(join(folder, '.config/gtk-3.0'), { recursive: true })
  await writeFile(join(folder, '.config/user-dirs.dirs'), `XDG_DOWNLOAD_DIR="${downloads}"\n`)
  await writeFile(join(folder, '.config/gtk-3.0/gtk.css'), NO_TOOLBAR)
  await writeFile(join(folder, '.config/gtk-3.0/settings.ini'), NO_ANIMATIONS)
}

/** The environment of a browser that is at home there. */
export const environmentAt = (folder: string, display: string, more: BrowserOptions['variables'] = {}) => ({
  PATH: process.env.PATH,
  LANG: 'C.UTF-8',
  HOME: folder,
  TMPDIR: folder,
  DISPLAY: display,
  ...more,
})

/** Without a window manager no window has the focus, and none shows where it is. */
const giveFocus = async (env: NodeJS.ProcessEnv): Promise<void> => {
  await promisify(execFile)(
    'xdotool',
    ['search', '--sync', '--onlyvisible', '--class', 'MiniBrowser', 'windowfocus'],
    {
      env,
    },
  )
}

const sender = (base: string) => async (method: string, path: string, body?: object) => {
  const response = await fetch(base + path, {
    method,
    signal: AbortSignal.timeout(COMMAND_MS),
    ...(body ? { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } } : {}),
  })
  const { value } = (await response.json()) as { value: unknown }
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(value)}`)
  return value
}

// Installed once the page is there: WebDriver has nothing earlier. Breaches of the policy are told from the beginning.
const WATCH = `() => {
  const found = (globalThis.breachesFound = [])
  const say = what => found.push(what)
  new ReportingObserver(reports => {
    for (const { body } of reports) say('policy: ' + body.effectiveDirective + ' ' + body.blockedURL)
  }, { buffered: true, types: ['csp-violation'] }).observe()
  addEventListener('error', ({ message }) => say('error: ' + message))
  addEventListener('unhandledrejection', ({ reason }) => say('rejected: ' + reason))
  const { error } = console
  console.error = (...what) => { say('console: ' + what.join(' ')); error.apply(console, what) }
}`

export async function launchWebKit({ variables }: BrowserOptions = {}): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-webkit-'))
  const downloads = join(folder, 'saved')
  await homeFor(downloads, folder)
  const { display, child: xvfb } = await startDisplay()
  const env = environmentAt(folder, display, variables)
  const port = await freePort()
  const driver = spawn(WEBKIT_DRIVER, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    env,
  })
  const wayOut = await createNoWayOut()
  const base = `http://127.0.0.1:${port}`
  await until('the driver', () => sender(base)('GET', '/status'))
  const opened = (await sender(base)('POST', '/session', {
    capabilities: {
      alwaysMatch: {
        unhandledPromptBehavior: 'accept',
        'webkitgtk:browserOptions': {
          binary: MINI_BROWSER,
          args: ['--automation', `--proxy=http://${wayOut.address}`, '--ignore-host=127.0.0.1'],
        },
      },
    },
  })) as { sessionId: string; capabilities: { browserVersion: string } }
  const send = sender(`${base}/session/${opened.sessionId}`)
  await giveFocus(env)
  await send('POST', '/timeouts', { script: 120_000 })
  const act = (source: object) => send('POST', '/actions', { actions: [source] })
  const run: Tab['run'] = async (source, args) => {
    const script = `const [json, done] = arguments
      new Promise(resolve => resolve((${source})(...JSON.parse(json))))
        .then(value => done({ json: JSON.stringify(value ?? null) }), error => done({ error: String(error) }))`
    const answer = await send('POST', '/execute/async', { script, args: [JSON.stringify(args)] })
    const { json, error } = answer as { json?: string; error?: string }
    if (json === undefined) throw new Error(error)
    return JSON.parse(json)
  }
  let clicked = 0
  return {
    name: 'webkit',
    version: opened.capabilities.browserVersion,
    folder,
    downloads,
    reached: wayOut.reached,
    async open(url) {
      await send('POST', '/url', { url })
      await run(WATCH, [])
    },
    async back() {
      await send('POST', '/back', {})
    },
    run,
    async text() {
      const script = 'return document.documentElement.innerText'
      return String(await send('POST', '/execute/sync', { script, args: [] }))
    },
    async click(x, y) {
      // Two within a second are a double click to it, wherever they are and however much the page changed between.
      await sleep(clicked + DOUBLE_CLICK_MS - performance.now())
      clicked = performance.now()
      const actions = [
        { type: 'pointerMove', x: Math.floor(x), y: Math.floor(y) },
        { type: 'pointerDown', button: 0 },
        { type: 'pointerUp', button: 0 },
      ]
      await act({ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions })
    },
    async keys(values) {
      const actions = values.flatMap(value => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await act({ type: 'key', id: 'keyboard', actions })
    },
    async choose(css, files) {
      const element = (await send('POST', '/element', { using: 'css selector', value: css })) as object
      const [id] = Object.values(element)
      await send('POST', `/element/${id}/value`, { text: files.join('\n') })
    },
    async resize({ width, height }) {
      // The window keeps some lines for itself, and takes its time.
      let more: Size = { width: 0, height: 0 }
      await until('the size', async () => {
        await send('POST', '/window/rect', { width: width + more.width, height: height + more.height })
        const [w, h] = (await run('() => [innerWidth, innerHeight]', [])) as [number, number]
        if (w === width && h === height) return true
        const outer = (await send('GET', '/window/rect')) as Size
        more = { width: outer.width - w, height: outer.height - h }
        return null
      })
    },
    async picture() {
      return Buffer.from(String(await send('GET', '/screenshot')), 'base64')
    },
    async breaches() {
      return (await run('() => globalThis.breachesFound ?? []', [])) as string[]
    },
    async end() {
      await send('DELETE', '').catch(() => undefined)
      await ended(driver)
      await ended(xvfb)
      await wayOut.stop()
    },
  }
}
