// On a new machine `node` is another one before the packages are there than after.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  scripts: Record<string, string>
}

test('what installs the packages runs alone: a shell keeps the node that it found first', () => {
  const installing = Object.values(scripts).filter(command => command.includes('scripts/install.mjs'))
  expect(installing.length).toBeGreaterThan(3)
  expect(new Set(installing)).toEqual(new Set(['node scripts/install.mjs']))
})
