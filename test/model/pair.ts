// The same story in two worlds; in one of them there is a report more, which is not for one agency.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { AgencyId, World } from '../support/world.ts'
import { checkReport, findCases } from './check.ts'
import { type Command, type Done, send } from './commands.ts'
import { AGENCIES } from './model.ts'
import { begin, type Real, settle } from './real.ts'
import { ACTIONS } from './rules.ts'
import { COMMANDS, type Step } from './story.ts'
import { casesOf, type View, viewOf, withoutChance } from './view.ts'

export interface PairStep extends Step {
  /** About the report that is in one of the worlds only. */
  readonly hidden: boolean
}

const OPEN = ['submit', 'write', 'open', 'pass', 'enrol', 'dismiss', 'takeBack', ...ACTIONS]
const HIDDEN = ['submit', 'write', 'open', 'attempt', 'takeBack', ...ACTIONS]

const namesOf = (names: readonly string[]) =>
  fc.oneof(...names.map(name => ({ weight: RARE.has(name) ? 1 : 4, arbitrary: fc.constant(name) })), {
    weight: 4,
    arbitrary: fc.constant('open'),
  })
const RARE = new Set(['takeBack', 'conflict-declared', 'enrol', 'dismiss', 'attempt'])

export const pairStep: fc.Arbitrary<PairStep> = fc.boolean().chain(hidden =>
  fc.record({
    hidden: fc.constant(hidden),
    command: namesOf(hidden ? HIDDEN : OPEN),
    pick: fc.nat(100_000),
  }),
)

/** Both worlds begin with a case at work. */
export const PAIR_BEGINNING: readonly PairStep[] = [false, true].flatMap(hidden => [
  { hidden, command: 'submit', pick: 5 },
  { hidden, command: 'open', pick: 0 },
  { hidden, command: 'assessment-started', pick: 0 },
])

/** What the agency saw after each step that both worlds know. */
export async function seenBy(
  world: World,
  agency: AgencyId,
  steps: readonly PairStep[],
  isWhole: boolean,
): Promise<{
  readonly said: readonly string[]
  readonly views: readonly unknown[]
  readonly hidden: number
}> {
  const real = await begin(world)
  const beside: Real = Object.create(real, {
    model: { value: { devices: real.model.devices, reports: [] } },
    reports: { value: new Map() },
  })
  const said: string[] = []
  const views: unknown[] = []
  let hidden = 0
  let before = await viewOf(real, agency, true)
  for (const step of steps) {
    if (step.hidden && !isWhole) continue
    const one = step.hidden ? beside : real
    for (const report of one.model.reports) report.touched = new Set()
    const done = await doneBy(one, agency, step)
    if (!done) continue
    expect(done.outcome, done.said).toBe(done.expected)
    const view = await settled(real, beside, agency)
    if (step.hidden) {
      expect(view, `what ${agency} sees after: ${done.said}`).toEqual(before)
      hidden++
    } else {
      said.push(done.said)
      views.push(comparable(view))
    }
    before = view
    for (const report of one.model.reports) if (report.touched.size > 0) await checkReport(one, report)
  }
  return { said, views, hidden }
}

function doneBy(real: Real, agency: AgencyId, { hidden, command, pick }: PairStep): Promise<Done | null> {
  return hidden && command === 'submit'
    ? submitBeside(agency)(real, pick)
    : (COMMANDS[command]?.(real, pick) ?? none)
}

const none = Promise.resolve(null)

/** To any agencies but this one, which its reporter excludes. */
const submitBeside =
  (agency: AgencyId): Command =>
  async (real, pick) => {
    if (real.model.reports.length >= 2) return null
    const others = AGENCIES.filter(other => other !== agency)
    const at = pick % others.length
    const order = [...others.slice(at), ...others.slice(0, at)]
    const chosen = order.slice(0, 1 + (Math.floor(pick / 4) % 3))
    const name = `hidden ${real.model.reports.length}`
    return send(real, name, { chosen, excluded: [agency], world: real.world })
  }

async function settled(real: Real, beside: Real, agency: AgencyId): Promise<View> {
  await settle(real)
  const reports = [...real.reports.values(), ...beside.reports.values()]
  for (const other of AGENCIES) await findCases(real, other, { cases: await casesOf(real, other) }, reports)
  return viewOf(real, agency, true)
}

/** Where several cases came up at one beat, their order is chance. */
function comparable({ answers }: View) {
  const { list, ...others } = answers
  const { cases, ...rest }: { cases: object[] } = JSON.parse(list?.text ?? '{"cases":[]}')
  const shown = Object.entries(others).map(([name, answer]) => [
    name.replace(/ .*/, ''),
    withoutChance(JSON.stringify(answer)),
  ])
  return {
    list: { ...list, text: '' },
    rest,
    cases: cases.map(entry => withoutChance(JSON.stringify(entry))).sort(),
    answers: shown.map(entry => entry.join(' ')).sort(),
  }
}
