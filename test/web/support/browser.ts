// A visit to the form in Chromium. The test fails where the page breaks its policy, writes an error, asks another
// host or leaves anything behind.
import type { BrowserContext, Page, Request } from 'playwright-core'
import { onTestFinished } from 'vitest'
import type { Chromium } from '../../support/chromium.ts'

export interface VisitOptions {
  readonly screen?: 'phone' | 'desktop'
  readonly colors?: 'light' | 'dark'
  readonly locale?: string
  /** Where the form may send requests; without it, to the address's own origin. */
  readonly service?: string
  /** The test looks at the breaches itself. */
  readonly expectBreaches?: boolean
  /** HOST:PORT of a SOCKS proxy that reaches the address. */
  readonly socks?: string
}

export interface Exchange {
  readonly method: string
  readonly url: string
  readonly requestBody: Buffer | null
  /** Null: no answer. */
  readonly status: number | null
  /** Bytes of the answer's body as they came over the wire; null: no answer. */
  readonly responseBytes: number | null
}

export interface Visit {
  readonly page: Page
  readonly context: BrowserContext
  /** All that went over the network so far, in the order of the answers. */
  network(): Promise<readonly Exchange[]>
  /** What the page did that it must not; empty, or the test fails when it ends. */
  breaches(): Promise<readonly string[]>
}

const SCREENS = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true },
  desktop: { viewport: { width: 1280, height: 900 }, deviceScaleFactor: 1 },
} as const

/** Opens the address; checked and closed when the test ends. */
export async function visit(chromium: Chromium, address: string, options: VisitOptions = {}): Promise<Visit> {
  const {
    screen = 'desktop',
    colors = 'light',
    locale = 'ko-KR',
    service = new URL(address).origin,
  } = options
  const context = await chromium.browser.newContext({
    ...SCREENS[screen],
    colorScheme: colors,
    locale,
    reducedMotion: 'reduce',
    ...(options.socks ? { proxy: { server: `socks5://${options.socks}` } } : {}),
  })
  const found: string[] = []
  await context.exposeBinding('reportBreach', (_source, what: string) => found.push(what))
  await context.addInitScript(watchPage)
  const page = await context.newPage()
  watchConsole(page, service, found)
  const pending = watchNetwork(page, [service, new URL(address).origin], found)
  const breaches = async () => [...found, ...(await leftBehind(context, page))]
  onTestFinished(async () => {
    const all = await breaches()
    await Promise.all(pending)
    await context.close()
    if (all.length > 0 && !options.expectBreaches)
      throw new Error(`the page broke its rules:\n${all.join('\n')}`)
  })
  await page.goto(address)
  return { page, context, network: () => Promise.all(pending), breaches }
}

/** Runs in the page before its own scripts. */
function watchPage(): void {
  const report = (what: string) => void Reflect.get(globalThis, 'reportBreach')(what)
  document.addEventListener(
    'securitypolicyviolation',
    ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
      report(`policy: ${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`),
  )
  const forbid = (owner: object, name: string) =>
    Object.defineProperty(owner, name, {
      value: () => {
        report(`storage: ${name}`)
        throw new Error(`${name} is not for this page`)
      },
    })
  forbid(Storage.prototype, 'setItem')
  forbid(IDBFactory.prototype, 'open')
  if ('caches' in globalThis) forbid(CacheStorage.prototype, 'open')
  if ('serviceWorker' in navigator) forbid(ServiceWorkerContainer.prototype, 'register')
  Object.defineProperty(Document.prototype, 'cookie', {
    get: () => '',
    set: () => report('storage: cookie'),
  })
  const pushState = history.pushState.bind(history)
  history.pushState = (...entry) => {
    report('history: pushState')
    pushState(...entry)
  }
}

function watchConsole(page: Page, service: string, found: string[]): void {
  page.on('pageerror', error => found.push(`error: ${error.stack ?? error.message}`))
  page.on('console', message => {
    if (message.type() !== 'error') return
    // The browser's own note about a refusal or a lost connection; the network log has both.
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (isRefusal && message.location().url.startsWith(`${service}/v1/`)) return
    found.push(`console: ${message.text()} (${message.location().url})`)
  })
}

function watchNetwork(page: Page, origins: readonly string[], found: string[]): Promise<Exchange>[] {
  const exchanges: Promise<Exchange>[] = []
  page.on('request', request => {
    const { protocol, origin } = new URL(request.url())
    if (['data:', 'blob:', 'about:'].includes(protocol)) return
    const isOwnFile = protocol === 'file:' && request.isNavigationRequest()
    if (!isOwnFile && !origins.includes(origin)) found.push(`foreign request: ${request.url()}`)
  })
  // A request that is still under way when the visit ends has no size.
  page.on('requestfinished', request => exchanges.push(exchangeOf(request).catch(() => unanswered(request))))
  page.on('requestfailed', request => exchanges.push(Promise.resolve(unanswered(request))))
  return exchanges
}

const unanswered = (request: Request): Exchange => ({
  method: request.method(),
  url: request.url(),
  requestBody: request.postDataBuffer(),
  status: null,
  responseBytes: null,
})

async function exchangeOf(request: Request): Promise<Exchange> {
  const response = await request.response()
  const { responseBodySize } = await request.sizes()
  return { ...unanswered(request), status: response?.status() ?? null, responseBytes: responseBodySize }
}

async function leftBehind(context: BrowserContext, page: Page): Promise<string[]> {
  const { cookies, origins } = await context.storageState()
  const kept = origins.flatMap(({ origin, localStorage }) =>
    localStorage.map(({ name }) => `${origin} ${name}`),
  )
  const session = page.url().startsWith('http') ? await page.evaluate(() => sessionStorage.length) : 0
  return [
    ...cookies.map(({ name }) => `cookie: ${name}`),
    ...kept.map(what => `local storage: ${what}`),
    ...(session > 0 ? ['session storage'] : []),
  ]
}

/** As a browser tells a page that it goes into the memory of pages, or that it is back: then the page loads anew. */
export async function turnPage(page: Page, way: 'pagehide' | 'pageshow'): Promise<void> {
  const loaded = way === 'pageshow' ? page.waitForEvent('load') : null
  await page.evaluate(name => {
    // Not within this call, which would end with the page.
    const turn = () => window.dispatchEvent(new PageTransitionEvent(name, { persisted: true }))
    if (name === 'pagehide') turn()
    else setTimeout(turn, 50)
  }, way)
  await loaded
}
