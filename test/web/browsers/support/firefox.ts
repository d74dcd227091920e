// Firefox as Debian has it, by WebDriver BiDi, which it speaks itself.
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createNoWayOut } from './no-way-out.ts'
import { type BrowserOptions, COMMAND_MS, FIREFOX, type Tab } from './tab.ts'

type Result = Readonly<Record<string, unknown>>
interface Message {
  readonly id?: number
  readonly type: string
  readonly method?: string
  readonly result?: Result
  readonly params?: Readonly<Record<string, unknown>>
  readonly error?: string
  readonly message?: string
}

/** Commands and their answers over one socket. */
async function connect(address: string, onEvent: (method: string, params: Result) => void) {
  const socket = new WebSocket(`${address}/session`)
  const waiting = new Map<number, { resolve: (result: Result) => void; reject: (error: Error) => void }>()
  let last = 0
  socket.onmessage = ({ data }) => {
    const { id, type, method, result = {}, params = {}, error, message }: Message = JSON.parse(String(data))
    if (type === 'event') onEvent(method ?? '', params)
    const asked = waiting.get(id ?? 0)
    waiting.delete(id ?? 0)
    if (type === 'error') asked?.reject(new Error(`${error}: ${message}`))
    else asked?.resolve(result)
  }
  socket.onclose = () => {
    for (const { reject } of waiting.values()) reject(new Error('the browser has gone'))
    waiting.clear()
  }
  await new Promise<void>((resolve, reject) => {
    socket.onopen = () => resolve()
    socket.onerror = () => reject(new Error('no connection to the browser'))
  })
  return (method: string, params: object = {}): Promise<Result> =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} hangs`)), COMMAND_MS)
      const settled = (settle: () => void) => {
        clearTimeout(timer)
        settle()
      }
      waiting.set(++last, {
        resolve: result => settled(() => resolve(result)),
        reject: error => settled(() => reject(error)),
      })
      socket.send(JSON.stringify({ id: last, method, params }))
    })
}

async function start(folder: string) {
  const child = spawn(
    FIREFOX,
    ['--headless', '--no-remote', '--profile', folder, '--remote-debugging-port', '0'],
    { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: folder, TMPDIR: folder } },
  )
  const ended = new Promise<void>(resolve => child.on('exit', () => resolve()))
  const address = await new Promise<string>((resolve, reject) => {
    let said = ''
    child.on('error', reject)
    child.on('exit', code => reject(new Error(`Firefox ended with ${code}: ${said}`)))
    child.stderr.on('data', piece => {
      said += piece
      const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? []
      if (found) resolve(found)
    })
  })
  return { child, ended, address }
}

const preferencesOf = (downloads: string, more: BrowserOptions['preferences']) => ({
  'browser.download.folderList': 2,
  'browser.download.dir': downloads,
  'intl.accept_languages': 'ko-KR, ko',
  'ui.prefersReducedMotion': 1,
  'media.gmp-manager.updateEnabled': false,
  // So that what it writes to its profile is there to be found.
  'browser.sessionstore.interval': 500,
  ...more,
})

export async function launchFirefox({ preferences }: BrowserOptions = {}): Promise<Tab> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-firefox-'))
  const downloads = join(folder, 'saved')
  await mkdir(downloads)
  const lines = Object.entries(preferencesOf(downloads, preferences)).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
  )
  await writeFile(join(folder, 'user.js'), lines.join(''))
  const { child, ended, address } = await start(folder)
  const wayOut = await createNoWayOut()
  const found: string[] = []
  const send = await connect(address, (_, { level, text }) => {
    // Breaches of the policy are among them.
    if (level === 'error') found.push(`console: ${text}`)
  })
  const { capabilities } = await send('session.new', {
    capabilities: {
      alwaysMatch: {
        proxy: { proxyType: 'manual', httpProxy: wayOut.address, sslProxy: wayOut.address },
        unhandledPromptBehavior: { beforeUnload: 'accept' },
      },
    },
  })
  await send('session.subscribe', { events: ['log.entryAdded'] })
  const { context } = await send('browsingContext.create', { type: 'tab' })
  const act = (source: object) => send('input.performActions', { context, actions: [source] })
  return {
    name: 'firefox',
    version: String((capabilities as Result).browserVersion),
    folder,
    downloads,
    reached: wayOut.reached,
    async open(url) {
      // Without scripts Firefox never says that a page is complete.
      const wait = preferences?.['javascript.enabled'] === false ? 'none' : 'complete'
      await send('browsingContext.navigate', { context, url, wait })
    },
    async back() {
      await send('browsingContext.traverseHistory', { context, delta: -1 })
    },
    async run(source, args) {
      const { result, exceptionDetails } = await send('script.callFunction', {
        functionDeclaration: `async json => JSON.stringify((await (${source})(...JSON.parse(json))) ?? null)`,
        arguments: [{ type: 'string', value: JSON.stringify(args) }],
        target: { context },
        awaitPromise: true,
        userActivation: true,
      })
      if (exceptionDetails) throw new Error(String((exceptionDetails as Result).text))
      return JSON.parse(String((result as Result).value))
    },
    async text() {
      const { result } = await send('script.evaluate', {
        expression: 'document.documentElement.innerText',
        target: { context },
        awaitPromise: false,
      })
      return String((result as Result).value)
    },
    async click(x, y) {
      await act({
        type: 'pointer',
        id: 'mouse',
        actions: [
          { type: 'pointerMove', x, y },
          { type: 'pointerDown', button: 0 },
          { type: 'pointerUp', button: 0 },
        ],
      })
    },
    async keys(values) {
      const actions = values.flatMap(value => [
        { type: 'keyDown', value },
        { type: 'keyUp', value },
      ])
      await act({ type: 'key', id: 'keyboard', actions })
    },
    async choose(css, files) {
      const locator = { type: 'css', value: css }
      const { nodes } = await send('browsingContext.locateNodes', { context, locator })
      const [element] = nodes as readonly { readonly sharedId: string }[]
      if (!element) throw new Error(`no ${css}`)
      await send('input.setFiles', { context, element: { sharedId: element.sharedId }, files })
    },
    async resize(viewport) {
      await send('browsingContext.setViewport', { context, viewport })
    },
    async picture() {
      const { data } = await send('browsingContext.captureScreenshot', { context })
      return Buffer.from(String(data), 'base64')
    },
    breaches: async () => found,
    async end() {
      if (child.exitCode === null) await send('browser.close').catch(() => child.kill())
      await ended
      await wayOut.stop()
    },
  }
}
