// Somebody at the screen of any browser: finds by what is seen, and acts as a mouse and a keyboard do.
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Finding, Found, Role, Screen } from '../../support/screen.ts'
import { inPage, type Said, type Seen, type Step } from './in-page.ts'
import { type Tab, until } from './tab.ts'

const said = (text: string | RegExp, exact = false): Said =>
  typeof text === 'string' ? { text, exact } : { pattern: text.source, flags: text.flags }

const ROLES: Readonly<Record<Role, string>> = {
  button: 'button:not([role]), [role=button]',
  checkbox: 'input[type=checkbox]',
  heading: 'h1, h2, h3, h4, h5, h6',
  listbox: '[role=listbox]',
  option: '[role=option], option',
  radio: 'input[type=radio]',
  tab: '[role=tab]',
  tablist: '[role=tablist]',
}

const KEYS: Readonly<Record<string, string>> = {
  Tab: '\ue004',
  Enter: '\ue007',
  Escape: '\ue00c',
  Space: ' ',
  ArrowLeft: '\ue012',
  ArrowUp: '\ue013',
  ArrowRight: '\ue014',
  ArrowDown: '\ue015',
}

const SOURCE = inPage.toString()

const finding = (tab: Tab, steps: readonly Step[]): Finding => {
  const then = (...more: Step[]) => found(tab, [...steps, ...more])
  return {
    locator: (css, { hasText } = {}) =>
      then(
        { by: 'css', css },
        ...(hasText === undefined ? [] : [{ by: 'containing', said: said(hasText) } as const]),
      ),
    getByRole: (role, { name, exact } = {}) =>
      then({ by: 'role', css: ROLES[role], name: name === undefined ? null : said(name, exact) }),
    getByText: (text, { exact } = {}) => then({ by: 'text', said: said(text, exact) }),
    getByLabel: text => then({ by: 'label', said: said(text) }),
  }
}

function found(tab: Tab, steps: readonly Step[]): Found {
  const what = JSON.stringify(steps)
  const run = (act: Parameters<typeof inPage>[1], argument = '') => tab.run(SOURCE, [steps, act, argument])
  const see = () => run('see') as Promise<Seen>
  const there = () => until(what, async () => ((seen: Seen) => (seen.count > 0 ? seen : null))(await see()))
  const at = (index: number) => found(tab, [...steps, { by: 'at', index }])
  const click = async () => {
    const point = await until(`to click ${what}`, () => run('point'))
    const [x, y] = point as [number, number]
    await tab.click(x, y)
  }
  return {
    ...finding(tab, steps),
    first: () => at(0),
    last: () => at(-1),
    nth: at,
    filter: ({ hasText }) => found(tab, [...steps, { by: 'containing', said: said(hasText) }]),
    async waitFor({ state = 'visible' } = {}) {
      await until(`${state} ${what}`, async () => {
        const { count, isVisible } = await see()
        const states = { attached: count > 0, detached: count === 0, visible: isVisible, hidden: !isVisible }
        return states[state] || null
      })
    },
    click,
    async check() {
      if (!(await there()).checked) await click()
    },
    async fill(text) {
      const filled = (await until(`to fill ${what}`, () => run('fill', text))) as { value: string }
      if (filled.value !== text) throw new Error(`${what} took ${JSON.stringify(filled.value)}`)
    },
    async focus() {
      await until(`to focus ${what}`, () => run('focus'))
    },
    async setInputFiles(files) {
      const [step] = steps
      if (steps.length !== 1 || step?.by !== 'css') throw new Error('by a selector of its own')
      await there()
      await tab.choose(step.css, typeof files === 'string' ? [files] : await written(tab, files))
    },
    count: async () => (await see()).count,
    isVisible: async () => (await see()).isVisible,
    isDisabled: async () => (await there()).isDisabled,
    textContent: async () => (await there()).text,
    allTextContents: async () => [...(await see()).texts],
    inputValue: async () => (await there()).value,
    async getAttribute(name) {
      const { value } = (await until(what, () => run('attribute', name))) as { value: string | null }
      return value
    },
  }
}

/** As a folder has them, from which a browser takes files. */
async function written(tab: Tab, files: readonly { name: string; buffer: Buffer }[]): Promise<string[]> {
  const folder = await mkdtemp(join(tab.folder, 'chosen-'))
  return Promise.all(
    files.map(async ({ name, buffer }) => {
      await writeFile(join(folder, name), buffer)
      return join(folder, name)
    }),
  )
}

export const screenOf = (tab: Tab): Screen => ({
  ...finding(tab, []),
  keyboard: {
    press: key => tab.keys([KEYS[key] ?? key]),
    type: text => tab.keys([...text]),
  },
})
