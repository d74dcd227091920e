// What the tests need of a browser, whatever it is driven by; and where Debian has put both.
import { existsSync, globSync } from 'node:fs'

export const BROWSERS = ['firefox', 'webkit'] as const
export type BrowserName = (typeof BROWSERS)[number]

export const FIREFOX = '/usr/bin/firefox-esr'
export const WEBKIT_DRIVER = '/usr/bin/WebKitWebDriver'
export const MINI_BROWSER = globSync('/usr/lib/*/webkit2gtk-4.1/MiniBrowser')[0] ?? ''

const MISSING = [FIREFOX, WEBKIT_DRIVER, MINI_BROWSER, '/usr/bin/Xvfb', '/usr/bin/xdotool'].filter(
  file => !existsSync(file),
)

/** Null where the tests can run. */
export const whyNot = !process.env.BONGSU_TEST_BROWSERS
  ? 'npm run test:browsers runs these'
  : MISSING.length > 0
    ? 'Firefox and WebKitGTK are not installed (scripts/browsers/install.sh)'
    : null
if (whyNot) process.stderr.write(`Skipped: ${whyNot}.\n`)

export interface Size {
  readonly width: number
  readonly height: number
}

/** How it differs from a browser as it comes. */
export interface BrowserOptions {
  /** Firefox's own, by name. */
  readonly preferences?: Readonly<Record<string, boolean | number | string>>
  /** For WebKit: of JavaScriptCore, among others. */
  readonly variables?: Readonly<Record<string, string>>
}

/** A browser of its own, with one page and a profile that nobody else has. */
export interface Tab {
  readonly name: BrowserName
  readonly version: string
  /** Its profile, and what it has saved. */
  readonly folder: string
  readonly downloads: string
  /** `host:port` as the page tried to reach them, this machine aside. */
  readonly reached: readonly string[]
  open(address: string): Promise<void>
  /** Back by the browser's own button. */
  back(): Promise<void>
  /** Runs a function in the page; what goes in and comes out is JSON. */
  run(source: string, args: readonly unknown[]): Promise<unknown>
  /** What can be read, without scripts, too. */
  text(): Promise<string>
  /** As a mouse does, where nothing but the page decides what was hit. */
  click(x: number, y: number): Promise<void>
  /** Keys one after the other, as WebDriver writes them. */
  keys(values: readonly string[]): Promise<void>
  choose(css: string, files: readonly string[]): Promise<void>
  resize(size: Size): Promise<void>
  /** PNG of what the window shows. */
  picture(): Promise<Buffer>
  /** Errors of the console and breaches of the page's policy so far. */
  breaches(): Promise<readonly string[]>
  /** Ends the browser and leaves its folder. */
  end(): Promise<void>
}

/** Milliseconds that any one command may take: a browser that hangs says where. */
export const COMMAND_MS = 150_000

/** Milliseconds. */
const BOUND = 60_000

/** Asked until it is so; a bound against hangs, not a measurement. */
export async function until<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
  const end = Date.now() + BOUND
  let last: unknown = null
  for (;;) {
    try {
      const answer = await ask()
      if (answer !== null) return answer
    } catch (error) {
      last = error
    }
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`, { cause: last })
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
