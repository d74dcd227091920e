// Somebody who looks at each page in Firefox or WebKit: for axe and for widths, and with BONGSU_SCREENSHOTS set for
// people, whose pictures go to dist/screenshots.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Look } from '../../support/walk.ts'
import type { Size, Tab } from './tab.ts'

const FOLDER = join(import.meta.dirname, '../../../../dist/screenshots')

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Runs in the page, behind the text of axe. */
const AUDIT = `const { violations } = await globalThis.axe.run(document, { runOnly: ${JSON.stringify(RULES)} })
  return violations.flatMap(({ id, nodes }) => nodes.map(node => id + ': ' + node.html.slice(0, 200)))`

let axe: Promise<string> | null = null

async function findings(tab: Tab): Promise<string[]> {
  axe ??= readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
  return (await tab.run(`async () => {${await axe}\n${AUDIT}}`, [])) as string[]
}

const measured = async (tab: Tab) =>
  (await tab.run(
    `() => {
      const { scrollWidth, clientWidth, scrollHeight } = document.documentElement
      return { sideways: scrollWidth - clientWidth, height: scrollHeight, h1: document.querySelectorAll('h1').length }
    }`,
    [],
  )) as { sideways: number; height: number; h1: number }

/** `found` is to be empty at the end. */
export function looking(tab: Tab, size: Size, at: string): { look: Look; found: string[] } {
  const found: string[] = []
  const look: Look = async what => {
    const { sideways, height, h1 } = await measured(tab)
    if (sideways > 0) found.push(`${what}: scrolls sideways by ${sideways}`)
    if (h1 !== 1) found.push(`${what}: ${h1} h1`)
    for (const finding of await findings(tab)) found.push(`${what}: ${finding}`)
    if (!process.env.BONGSU_SCREENSHOTS) return
    // All of it, by a window of its height.
    await tab.resize({ width: size.width, height: Math.max(size.height, height) })
    await mkdir(FOLDER, { recursive: true })
    await writeFile(join(FOLDER, `${at}-${what}.${tab.name}.png`), await tab.picture())
    await tab.resize(size)
  }
  return { look, found }
}

interface Focus {
  /** Null: nothing has it. */
  readonly on: string | null
  readonly isSeen: boolean
}

/** Runs in the page: what has the focus, and whether it can be seen that it has. */
function focusInPage(): Focus {
  const active = document.activeElement
  if (!active || active === document.body) return { on: null, isSeen: true }
  const isRinged = (element: Element | null) => {
    if (!element) return false
    const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element)
    return (outlineStyle !== 'none' && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== 'none'
  }
  // The ring of a hidden field is at its label, or at what stands beside it.
  const around = [active, active.closest('.option, label'), active.nextElementSibling]
  const name = active.getAttribute('aria-label') ?? active.textContent ?? ''
  const on = `${active.localName}#${active.id} ${name.replace(/\s+/g, ' ').trim()}`
  return { on, isSeen: around.some(isRinged) || active.querySelector('.active') !== null }
}

/** By Tab alone to what has this in its name or id; the stops where nothing shows the focus. */
export async function tabTo(tab: Tab, wanted: RegExp): Promise<string[]> {
  const unseen: string[] = []
  const passed: string[] = []
  for (let stops = 0; stops < 120; stops++) {
    const { on, isSeen } = (await tab.run(`${focusInPage}`, [])) as Focus
    if (on !== null && !isSeen && !on.startsWith('h')) unseen.push(on)
    if (on !== null && wanted.test(on)) return unseen
    passed.push(String(on))
    await tab.keys(['\ue004'])
  }
  throw new Error(`no ${wanted} among ${passed.join(' | ')}`)
}
