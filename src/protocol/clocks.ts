// A clock is a policy of the directory: which event starts it, which stops it, how long it may run, how days are counted.
import type { Names } from './directory.ts'
import { type JsonObject, read } from './document.ts'
import { ProtocolError } from './error.ts'
import { CALENDAR_RULES, PERIOD_UNITS, type Period, type PeriodUnit } from './periods.ts'

/** Whom an overdue clock is brought before, in this order: case team, its head, an auditor's count, the yearly figure. */
export const ESCALATION_STEPS = ['handler', 'supervisor', 'auditor', 'yearly-figure'] as const
export type EscalationStep = (typeof ESCALATION_STEPS)[number]

export interface ClockPolicy {
  readonly id: string
  readonly names: Names
  /** The article, or who set the target. */
  readonly basis: string
  /** `law` binds; a `target` is what the agencies set themselves, and is shown beside it. */
  readonly force: 'law' | 'target'
  /** Who has to act. */
  readonly duty: 'agency' | 'reporter'
  /** Kinds of event. One that this version does not know never occurs: the clock then stands still. */
  readonly starts: readonly string[]
  readonly stops: readonly string[]
  readonly period: Period
  readonly extension: ClockExtension | null
  readonly pause: ClockPause | null
  readonly escalation: readonly Escalation[]
}

/** An event of this kind, until the due day, makes the period longer by `length` of its own unit. */
export interface ClockExtension {
  readonly on: string
  readonly length: number
  readonly times: number
}

/**
 * Days from the request (`from`) to the answer, both included, are left out (Enforcement Decree of the Administrative
 * Procedures Act, 행정절차법 시행령, art. 11 no. 1). Nobody can stop a clock for good by asking: each request leaves out
 * at most `days` days after it, and only the first `times` requests count.
 */
export interface ClockPause {
  readonly from: string
  readonly until: readonly string[]
  readonly days: number
  readonly times: number
}

/** So many days after the due day, 0 on the first day after it, the step is reached. */
export interface Escalation {
  readonly after: number
  readonly to: EscalationStep
}

/** About ten years. A longer period would be a mistake, and a day's work to count. */
const MAX_LENGTH: Readonly<Record<PeriodUnit, number>> = { days: 3660, weeks: 520, months: 120, years: 10 }
const MAX_TIMES = 12
const NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/

function bad(name: string): never {
  throw new ProtocolError('bad-document', name)
}

function oneOf<T extends string>(from: JsonObject, name: string, values: readonly T[]): T {
  const value = read.text(from, name)
  return values.find(known => known === value) ?? bad(name)
}

/** A clock's id or a kind of event. */
function name(value: string): string {
  return value.length <= 64 && NAME.test(value) ? value : bad('name')
}

function kinds(from: JsonObject, member: string): string[] {
  const list = read.texts(from, member, 16).map(name)
  return list.length > 0 && new Set(list).size === list.length ? list : bad(member)
}

function upTo(from: JsonObject, member: string, minimum: number, maximum: number): number {
  const value = read.integer(from, member, minimum)
  return value <= maximum ? value : bad(member)
}

function parsePeriod(content: JsonObject): Period {
  const unit = oneOf(content, 'unit', PERIOD_UNITS)
  const rule = oneOf(content, 'rule', CALENDAR_RULES)
  if (rule === 'kr-working' && unit !== 'days') return bad('unit')
  return { length: upTo(content, 'length', 1, MAX_LENGTH[unit]), unit, rule }
}

function parseExtension(content: JsonObject, unit: PeriodUnit): ClockExtension {
  return {
    on: name(read.text(content, 'on')),
    length: upTo(content, 'length', 1, MAX_LENGTH[unit]),
    times: upTo(content, 'times', 1, MAX_TIMES),
  }
}

function parsePause(content: JsonObject): ClockPause {
  return {
    from: name(read.text(content, 'from')),
    until: kinds(content, 'until'),
    days: upTo(content, 'days', 1, 366),
    times: upTo(content, 'times', 1, MAX_TIMES),
  }
}

function parseEscalation(content: JsonObject): Escalation {
  return { after: upTo(content, 'after', 0, 3660), to: oneOf(content, 'to', ESCALATION_STEPS) }
}

function parseClock(content: JsonObject): ClockPolicy {
  const names = read.object(content, 'names')
  const period = parsePeriod(read.object(content, 'period'))
  const escalation = read.list(content, 'escalation', parseEscalation, ESCALATION_STEPS.length)
  const ranks = escalation.map(({ to }) => ESCALATION_STEPS.indexOf(to))
  const climbs = escalation.every(({ after }, i) => {
    const before = escalation[i - 1]
    return !before || (before.after <= after && (ranks[i - 1] ?? 0) < (ranks[i] ?? 0))
  })
  return {
    id: name(read.text(content, 'id')),
    names: { ko: read.text(names, 'ko'), en: read.text(names, 'en') },
    basis: read.text(content, 'basis'),
    force: oneOf(content, 'force', ['law', 'target']),
    duty: oneOf(content, 'duty', ['agency', 'reporter']),
    starts: kinds(content, 'starts'),
    stops: kinds(content, 'stops'),
    period,
    extension:
      content.extension === undefined ? null : parseExtension(read.object(content, 'extension'), period.unit),
    pause: content.pause === undefined ? null : parsePause(read.object(content, 'pause')),
    escalation: climbs ? escalation : bad('escalation'),
  }
}

/** Reads the member `clocks` of a signed document. Throws `bad-document`; ids must differ. */
export function parseClocks(content: JsonObject): ClockPolicy[] {
  const clocks = read.list(content, 'clocks', parseClock, 64)
  return new Set(clocks.map(({ id }) => id)).size === clocks.length ? clocks : bad('clocks')
}

/** As it stands in a document: what is not there is left out. */
export function clockEntry({ extension, pause, ...clock }: ClockPolicy): object {
  return { ...clock, ...(extension ? { extension } : {}), ...(pause ? { pause } : {}) }
}
