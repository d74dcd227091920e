// A service that shows chains otherwise than they are: forged, cut, in another order, or beside other agencies.
import { expect } from 'vitest'
import { type Device, openCase, readCase, readStatus, serviceAt } from '../../src/client/index.ts'
import { outcomeOf } from './acting.ts'
import { AGENCIES, isHere, type ModelReport } from './model.ts'
import { deviceIn, type Real, realOf, reporterIn } from './real.ts'
import { intakeOf } from './view.ts'

interface Shown {
  core: string
  tag: string
  signature: string
  certificate: string
}
interface Chain {
  head: string
  events: Shown[]
}
interface Status {
  agencies: (Chain & { agency: string; chosen: boolean; state: string })[]
}

/** Null where there is nothing to do it to. */
type Tamper<T> = (value: T, pick: number) => T | null

const flipped = (text: string, at = 3) =>
  text.slice(0, at) + (text[at] === 'A' ? 'B' : 'A') + text.slice(at + 1)

const without = <T>(items: readonly T[], at: number) => [...items.slice(0, at), ...items.slice(at + 1)]

/** Whoever reads these chains calls them broken. */
const BREAKING: Readonly<Record<string, Tamper<Chain>>> = {
  'an event is missing': (chain, pick) =>
    chain.events.length < 1 ? null : { ...chain, events: without(chain.events, pick % chain.events.length) },
  'two events are swapped': ({ head, events }) => {
    const [first, second, ...more] = events
    return first && second ? { head, events: [second, first, ...more] } : null
  },
  'an event is there twice': chain => {
    const last = chain.events.at(-1)
    return last ? { ...chain, events: [...chain.events, last] } : null
  },
  'the head is another': chain => ({ ...chain, head: flipped(chain.head) }),
  'a tag is another': ({ head, events }, pick) => {
    const at = pick % Math.max(events.length, 1)
    const event = events[at]
    return event?.tag ? { head, events: events.with(at, { ...event, tag: flipped(event.tag) }) } : null
  },
  'a content is another': ({ head, events }, pick) => {
    const at = pick % Math.max(events.length, 1)
    const event = events[at]
    return event ? { head, events: events.with(at, { ...event, core: flipped(event.core, 200) }) } : null
  },
}

/** The chain holds together; that one event proves nothing. */
const FORGING: Readonly<Record<string, Tamper<Chain>>> = {
  'a signature is another': ({ head, events }, pick) => {
    const at = pick % Math.max(events.length, 1)
    const event = events[at]
    return event ? { head, events: events.with(at, { ...event, signature: flipped(event.signature) }) } : null
  },
}

const PARTIES: Readonly<Record<string, Tamper<Status>>> = {
  'an agency is smuggled in': status => smuggled(status, true),
  'an agency is there that nobody asked': status => smuggled(status, false),
  'a chosen agency is missing': ({ agencies }) => ({
    agencies: without(
      agencies,
      agencies.findIndex(({ chosen }) => chosen),
    ),
  }),
  'a chosen agency passes as asked': ({ agencies }) => ({
    agencies: agencies.map((entry, at) =>
      at === agencies.findIndex(({ chosen }) => chosen) ? { ...entry, chosen: false } : entry,
    ),
  }),
}

function smuggled({ agencies }: Status, chosen: boolean): Status | null {
  const stranger = AGENCIES.find(id => agencies.every(({ agency }) => agency !== id))
  const [model] = agencies
  if (!stranger || !model) return null
  return { agencies: [...agencies, { ...model, agency: stranger, chosen, state: 'assigned', events: [] }] }
}

/** Every answer of that path passes through `tamper`. */
const through = (url: string, path: RegExp, tamper: (body: unknown) => unknown) =>
  serviceAt(url, {
    fetch: async (input, init) => {
      const response = await fetch(input, init)
      if (init?.method !== 'GET' || !path.test(String(input))) return response
      const { status, headers } = response
      const kept = new Headers(headers)
      kept.delete('content-length')
      return new Response(JSON.stringify(tamper(await response.json())), { status, headers: kept })
    },
  })

/** One report a step, one kind of tampering after another. */
export async function checkTampering(real: Real, step: number): Promise<void> {
  const report = real.model.reports[step % Math.max(real.model.reports.length, 1)]
  if (!report) return
  await tamperStatus(real, report, step)
  await tamperCase(real, report, step)
}

async function tamperStatus(real: Real, report: ModelReport, step: number): Promise<void> {
  const [name = '', change] = Object.entries(PARTIES)[step % 4] ?? []
  const seen = await statusAs(real, report, status => change?.(status, step) ?? null)
  if (seen !== null) expect(seen, `${report.name}, to its reporter: ${name}`).toBe('agencies')
  const kinds = Object.entries({ ...BREAKING, ...FORGING })
  const [kind = '', tamper] = kinds[step % kinds.length] ?? []
  const answer = await statusAs(real, report, status => {
    const at = step % Math.max(status.agencies.length, 1)
    const entry = status.agencies[at]
    const changed = entry && tamper?.(entry, step)
    return entry && changed
      ? { ...status, agencies: status.agencies.with(at, { ...entry, ...changed }) }
      : null
  })
  // Where the chain also proves that somebody was asked, the status as a whole does not hold.
  if (answer !== null)
    expect(['forged', 'agencies'], `${report.name}, to its reporter: ${kind}`).toContain(answer)
}

/** `forged` where any agency's answer is; null where nothing was changed. */
async function statusAs(
  real: Real,
  report: ModelReport,
  tamper: (status: Status) => Status | null,
): Promise<string | null> {
  let isChanged = false
  const service = through(real.world.reporterUrl, /\/v1\/report$/, body => {
    const changed = tamper(body as Status)
    isChanged = changed !== null
    return isChanged ? { ...(body as Status), ...changed } : body
  })
  const reporter = { ...reporterIn(real, realOf(real, report)), service }
  const said = await outcomeOf(async () => {
    const { agencies } = await readStatus(reporter)
    return agencies.some(({ answer }) => answer === 'forged') ? 'forged' : 'believed'
  })
  return isChanged ? said : null
}

/** What an agency's own device makes of its own chain. */
async function tamperCase(real: Real, report: ModelReport, step: number): Promise<void> {
  const [member] = [...report.members.values()].filter(one => isHere(one) && one.garbage === 0)
  const id = member && realOf(real, report).cases.get(member.agency)
  if (!member || id === undefined) return
  const kinds = Object.entries(BREAKING)
  const [kind = '', tamper] = kinds[step % kinds.length] ?? []
  let isChanged = false
  const service = through(real.world.agencyUrl, /\/v1\/cases\//, body => {
    const changed = tamper?.(body as Chain, step) ?? null
    isChanged = changed !== null
    return isChanged ? { ...(body as Chain), ...changed } : body
  })
  const device: Device = { ...deviceIn(real, intakeOf(real, member.agency)), service }
  const said = await outcomeOf(async () => {
    await openCase(device, await readCase(device, id))
    return 'believed'
  })
  // A device without a key for the report does not come so far.
  if (isChanged && said !== 'no-key')
    expect(said, `${report.name}, to ${member.agency}: ${kind}`).toBe('chain')
}
