// A story: steps one after another, and after each what must hold.
import fc from 'fast-check'
import { expect } from 'vitest'
import type { AgencyId, World } from '../support/world.ts'
import { ATTACKS } from './attacks.ts'
import { checkReport, findCases } from './check.ts'
import {
  attempt,
  attemptByHand,
  type Command,
  dismiss,
  doing,
  enrol,
  open,
  pass,
  rival,
  submit,
  takeBack,
  write,
} from './commands.ts'
import { AGENCIES, noticed } from './model.ts'
import { begin, type Real, settle } from './real.ts'
import { ACTIONS } from './rules.ts'
import { checkTampering } from './tampering.ts'
import { type View, viewOf } from './view.ts'

const PEOPLE: Readonly<Record<string, Command>> = {
  submit,
  write,
  takeBack,
  open,
  rival,
  attempt,
  attemptByHand,
  pass,
  enrol,
  dismiss,
  ...Object.fromEntries(ACTIONS.map(action => [action, doing(action)])),
}
export const COMMANDS: Readonly<Record<string, Command>> = { ...PEOPLE, ...ATTACKS }

/** How often each is tried, where it is not once. */
const WEIGHTS: Readonly<Record<string, number>> = {
  submit: 3,
  write: 3,
  open: 10,
  rival: 12,
  badOffer: 4,
  garbageOffer: 2,
  complain: 3,
  overreach: 2,
  enrol: 2,
  attempt: 2,
  attemptByHand: 3,
  'assessment-started': 6,
  'hand-over-proposed': 6,
  'hand-over-accepted': 5,
  'hand-over-refused': 2,
  'taken-over': 6,
  'agency-invited': 6,
  'invitation-accepted': 6,
  'invitation-refused': 2,
  'joint-left': 2,
}

export interface Step {
  readonly command: string
  readonly pick: number
}

export const step: fc.Arbitrary<Step> = fc.record({
  command: fc.oneof(
    ...Object.keys(COMMANDS).map(name => ({ weight: WEIGHTS[name] ?? 1, arbitrary: fc.constant(name) })),
  ),
  pick: fc.nat(100_000),
})

/** Two agencies that do not know of each other have one report at work: there is something to hand over. */
export const BEGINNING: readonly Step[] = [
  { command: 'submit', pick: 5 },
  { command: 'open', pick: 0 },
  { command: 'open', pick: 0 },
  { command: 'assessment-started', pick: 0 },
  { command: 'assessment-started', pick: 4 },
]

type Views = ReadonlyMap<AgencyId, View>

const viewsOf = async (real: Real): Promise<Views> =>
  new Map(await Promise.all(AGENCIES.map(async agency => [agency, await viewOf(real, agency)] as const)))

/** What each agency may notice now. */
const noticedBy = ({ model: { reports, devices } }: Real) =>
  new Map(
    AGENCIES.map(agency => {
      const own = devices
        .filter(device => device.agency === agency)
        .map(({ name, revoked }) => `${name} ${revoked}`)
      return [agency, JSON.stringify([own, ...reports.map(report => noticed(report, agency))])]
    }),
  )

/** Runs what is possible of it; answers what happened. */
export async function tell(world: World, steps: readonly Step[]): Promise<readonly string[]> {
  const real = await begin(world)
  const told: string[] = []
  let views = await viewsOf(real)
  for (const { command, pick } of steps) {
    const before = noticedBy(real)
    for (const report of real.model.reports) report.touched = new Set()
    const done = await COMMANDS[command]?.(real, pick)
    if (!done) continue
    told.push(done.said)
    await telling(told, async () => {
      expect(done.outcome, 'what came of it').toBe(done.expected)
      await settle(real)
      const after = await viewsOf(real)
      compare(real, { before, views, after })
      views = after
      for (const [agency, view] of after) await findCases(real, agency, view)
      for (const report of real.model.reports) {
        const isWhole = told.length % 5 === 0
        if (report.touched.size > 0 || isWhole) await checkReport(real, report, isWhole)
      }
      await checkTampering(real, told.length)
    })
  }
  for (const report of real.model.reports) await telling(told, () => checkReport(real, report, true))
  if (process.env.TELL)
    (await import('node:fs')).appendFileSync('/tmp/modelwork/told', `${told.join('\n')}\n\n`)
  return told
}

/** A failure says what had happened. */
async function telling(told: readonly string[], check: () => Promise<void>): Promise<void> {
  try {
    await check()
  } catch (error) {
    const story = told.map((line, i) => `${i + 1}. ${line}`).join('\n')
    throw new Error(`after\n${story}\n${error instanceof Error ? error.message : error}`, { cause: error })
  }
}

/** Whom a step does not concern sees the same bytes as before it. */
function compare(
  { model }: Real,
  { before, views, after }: { before: ReadonlyMap<AgencyId, string>; views: Views; after: Views },
): void {
  const now = noticedBy({ model } as Real)
  for (const agency of AGENCIES) {
    const isTouched = model.reports.some(report => report.touched.has(agency))
    if (isTouched || now.get(agency) !== before.get(agency)) continue
    expect(after.get(agency), `what ${agency} sees, whom this does not concern`).toEqual(views.get(agency))
  }
}
