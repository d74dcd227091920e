// A visit to the form or the console in Firefox or WebKit. The test fails where the page breaks its policy, writes an
// error, reaches for another machine or leaves anything behind.
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import type { Screen } from '../../support/screen.ts'
import { screenOf } from './at-screen.ts'
import { launchFirefox } from './firefox.ts'
import { type BrowserName, type BrowserOptions, type Size, type Tab, until } from './tab.ts'
import { launchWebKit } from './webkit.ts'

export interface Visit {
  readonly tab: Tab
  readonly page: Screen
  /** The next file that the page saves, once it has this length. */
  saved(length: number): Promise<{ name: string; bytes: Buffer }>
  /** What the page did that it must not; empty, or the test fails when it ends. */
  breaches(): Promise<readonly string[]>
}

export interface VisitOptions extends BrowserOptions {
  /** Null: as it opens by itself. */
  readonly size?: Size | null
  /** The test leaves the page, and looks at what was reached itself. */
  readonly leaves?: boolean
}

export const PHONE: Size = { width: 360, height: 740 }
export const DESKTOP: Size = { width: 1280, height: 900 }

const LAUNCH: Readonly<Record<BrowserName, (options: BrowserOptions) => Promise<Tab>>> = {
  firefox: launchFirefox,
  webkit: launchWebKit,
}

/** Ends with the test, and its profile with it. */
export async function launch(name: BrowserName, options: BrowserOptions = {}): Promise<Tab> {
  const tab = await LAUNCH[name](options)
  onTestFinished(async () => {
    await tab.end()
    await rm(tab.folder, { recursive: true, force: true, maxRetries: 5 })
  })
  return tab
}

export async function visit(name: BrowserName, address: string, options: VisitOptions = {}): Promise<Visit> {
  const { size = DESKTOP, leaves = false, ...more } = options
  const tab = await launch(name, more)
  const breaches = async () => [
    ...(await tab.breaches()),
    ...tab.reached.map(host => `reached ${host}`),
    ...(await leftBehind(tab)),
  ]
  let ended = false
  onTestFinished(async () => {
    if (ended || leaves) return
    ended = true
    const all = await breaches()
    if (all.length > 0) throw new Error(`the page broke its rules:\n${all.join('\n')}`)
  })
  if (size) await tab.resize(size)
  await tab.open(address)
  return { tab, page: screenOf(tab), breaches, saved: savedIn(tab) }
}

function savedIn(tab: Tab) {
  const known = new Set<string>()
  return (length: number) =>
    until('a saved file', async () => {
      for (const name of await readdir(tab.downloads)) {
        if (
          known.has(name) ||
          name.endsWith('.part') ||
          (await stat(join(tab.downloads, name))).size !== length
        )
          continue
        known.add(name)
        return { name, bytes: await readFile(join(tab.downloads, name)) }
      }
      return null
    })
}

const leftBehind = async (tab: Tab): Promise<string[]> => (await tab.run(`${storedInPage}`, [])) as string[]

/** Runs in the page. */
async function storedInPage(): Promise<string[]> {
  const found: string[] = []
  if (document.cookie !== '') found.push('cookie')
  if (location.protocol.startsWith('http')) {
    if (localStorage.length > 0) found.push('local storage')
    if (sessionStorage.length > 0) found.push('session storage')
    const databases = await indexedDB.databases().catch(() => [])
    if (databases.length > 0) found.push('a database')
    const caches = 'caches' in globalThis ? await globalThis.caches.keys().catch(() => []) : []
    if (caches.length > 0) found.push('a cache')
    const workers = await navigator.serviceWorker?.getRegistrations().catch(() => [])
    if (workers?.length) found.push('a service worker')
  }
  return found
}
