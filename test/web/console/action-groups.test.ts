import { expect, test } from 'vitest'
import { ACTIONS } from '../../../src/protocol/lifecycle.ts'
import { allowedActions, type Choice } from '../../../src/protocol/lifecycle-guards.ts'
import { type CaseState, newCase } from '../../../src/protocol/lifecycle-state.ts'
import {
  ACTION_GROUPS,
  ELSEWHERE,
  type GroupedChoices,
  panelOf,
} from '../../../src/web/console/action-groups.ts'

const DEVICE = 'a'.repeat(32)
const panelFor = (
  state: Partial<CaseState>,
  role: 'intake' | 'investigator' | 'supervisor' = 'investigator',
) => panelOf(allowedActions({ ...newCase('police'), ...state }, { agency: 'police', device: DEVICE, role }))
const choicesIn = (groups: readonly GroupedChoices[]): Choice[] => groups.flatMap(({ choices }) => choices)
const namesIn = (groups: readonly GroupedChoices[]) => choicesIn(groups).map(({ action }) => action)
const openIn = (groups: readonly GroupedChoices[]) =>
  choicesIn(groups).flatMap(({ action, obstacle }) => (obstacle === null ? [action] : []))

test('every action of the lifecycle has one place on the page', () => {
  const placed = [...Object.values(ACTION_GROUPS).flat(), ...ELSEWHERE]
  expect([...placed].sort()).toEqual([...ACTIONS].sort())
})

test('every action is in the panel, open or not', () => {
  const { now, rare, later } = panelFor({ state: 'assessing' })
  const shown = [...namesIn(now), ...namesIn(rare), ...namesIn(later)]
  expect(shown.sort()).toEqual(ACTIONS.filter(action => !ELSEWHERE.includes(action)).sort())
})

test('what this device can do now stands first, and what it cannot says why', () => {
  const { now, rare, later } = panelFor({ state: 'acknowledged' })
  expect(openIn(now)).toEqual(['assessment-started'])
  expect(openIn(rare)).toEqual(['petition-registered', 'conflict-declared'])
  expect(openIn(later)).toEqual([])
  expect(choicesIn(later).find(({ action }) => action === 'closed')?.obstacle).toBe('role')
})

test('a decision that waits bars the rest, where it can be seen', () => {
  const by = { agency: 'police', device: DEVICE }
  const pending = { action: 'out-of-scope' as const, code: 'too-vague', agency: null, by: [by] }
  const { now } = panelFor({ state: 'assessing', pending })
  const obstacles = Object.fromEntries(choicesIn(now).map(({ action, obstacle }) => [action, obstacle]))
  expect(obstacles).toMatchObject({ confirmed: 'own-proposal', accepted: 'pending', declined: null })
})

test('who declared a conflict finds nothing open but to declare', () => {
  const conflicts = [{ agency: 'police', device: DEVICE }]
  const { now, rare } = panelFor({ state: 'assessing', conflicts })
  expect(openIn(now)).toEqual([])
  expect(new Set(choicesIn(now).map(({ obstacle }) => obstacle))).toEqual(new Set(['conflict']))
  expect(choicesIn(rare).every(({ obstacle }) => obstacle === 'conflict')).toBe(true)
})
