// Which cases of the inbox are shown, and in which order; and how that stands in the address, without any id.
import { addDays } from '../../protocol/day.ts'
import type { Standing } from '../../protocol/lifecycle-phases.ts'
import type { InboxCase } from './inbox.ts'

export type CaseState = InboxCase['state']

export const CASE_STATES = [
  'new',
  'acknowledged',
  'unopenable',
  'withdrawn',
  'left',
] as const satisfies CaseState[]
export const SIZE_CLASSES = [8192, 32_768, 131_072, 524_288] as const
export const CASE_ORDERS = ['urgency', 'due', 'activity', 'day', 'size', 'state'] as const
export type CaseOrder = (typeof CASE_ORDERS)[number]
/** `soon`: within `SOON_DAYS`, or overdue. */
export const DUE_FILTERS = ['any', 'soon', 'overdue'] as const
export type DueFilter = (typeof DUE_FILTERS)[number]
export const SOON_DAYS = 7

export interface CaseFilter {
  /** Empty: all. */
  readonly states: readonly CaseState[]
  /** Only what somebody must be woken for. */
  readonly isUrgent: boolean
  /** Only where the reporter wishes to withdraw. */
  readonly isWished: boolean
  readonly due: DueFilter
  /** First and last day of receipt, YYYY-MM-DD. */
  readonly from: string | null
  readonly to: string | null
  /** Empty: all. */
  readonly sizes: readonly number[]
  /** Part of an id as it is shown. It never stands in the address. */
  readonly id: string
  readonly order: CaseOrder
  /** The latest, largest, most urgent, soonest due first. */
  readonly isDescending: boolean
}

export const EVERYTHING: CaseFilter = {
  states: [],
  isUrgent: false,
  isWished: false,
  due: 'any',
  from: null,
  to: null,
  sizes: [],
  id: '',
  order: 'urgency',
  isDescending: true,
}

/** Another agency asks this one to take it over or to join, and waits for an answer. */
export const isOffered = ({ standing }: { readonly standing: readonly Standing[] }): boolean =>
  standing.some(one => one === 'proposed' || one === 'invited')

/** `today`: YYYY-MM-DD, in Seoul. */
export function filterCases(cases: Iterable<InboxCase>, filter: CaseFilter, today: string): InboxCase[] {
  const id = filter.id.toLowerCase().replace(/[^0-9a-f]/g, '')
  const isMeant = (entry: InboxCase) =>
    (filter.states.length === 0 || filter.states.includes(entry.state)) &&
    (!filter.isUrgent || entry.urgent) &&
    (!filter.isWished || entry.withdrawalWished) &&
    isDueAs(entry, filter.due, today) &&
    (filter.from === null || entry.day >= filter.from) &&
    (filter.to === null || entry.day <= filter.to) &&
    (filter.sizes.length === 0 || filter.sizes.includes(entry.bucket)) &&
    entry.shown.includes(id)
  const compare = COMPARISONS[filter.order]
  const sign = filter.isDescending ? -1 : 1
  return [...cases].filter(isMeant).sort((a, b) => sign * compare(a, b) || b.order - a.order)
}

function isDueAs({ due }: InboxCase, filter: DueFilter, today: string): boolean {
  if (filter === 'any') return true
  return due !== null && (filter === 'overdue' ? due < today : due <= addDays(today, SOON_DAYS))
}

type Comparison = (a: InboxCase, b: InboxCase) => number

/** Urgent and unopened above urgent; then what waits for an answer to an offer; then what is new. */
const urgencyOf = (entry: InboxCase) =>
  (entry.urgent ? 4 : 0) + (isOffered(entry) ? 2 : 0) + (entry.state === 'new' ? 1 : 0)

/** What is due on no day comes behind all that is. */
const NEVER = '9999-12-31'

const compareDue: Comparison = (a, b) => {
  const [left, right] = [a.due ?? NEVER, b.due ?? NEVER]
  return Number(isOffered(a)) - Number(isOffered(b)) || (left < right ? 1 : left > right ? -1 : 0)
}

const COMPARISONS: Readonly<Record<CaseOrder, Comparison>> = {
  activity: (a, b) => a.order - b.order,
  day: (a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0),
  due: compareDue,
  urgency: (a, b) => urgencyOf(a) - urgencyOf(b),
  size: (a, b) => a.bucket - b.bucket,
  state: (a, b) => CASE_STATES.indexOf(b.state) - CASE_STATES.indexOf(a.state),
}

/** For `location.hash`, without the `#`; empty where everything is as at first. */
export function encodeFilter(filter: CaseFilter): string {
  const fields = {
    state: filter.states.join(','),
    urgent: filter.isUrgent ? '1' : '',
    wished: filter.isWished ? '1' : '',
    due: filter.due === 'any' ? '' : filter.due,
    from: filter.from ?? '',
    to: filter.to ?? '',
    size: filter.sizes.join(','),
    order: filter.order === EVERYTHING.order ? '' : filter.order,
    up: filter.isDescending ? '' : '1',
  }
  const given = Object.entries(fields).filter(([, value]) => value !== '')
  return given.map(([name, value]) => `${name}=${value}`).join('&')
}

/** Takes what it knows, and passes over everything else: an address can be typed by anybody. */
export function decodeFilter(hash: string): CaseFilter {
  const fields = new URLSearchParams(hash.replace(/^#/, ''))
  const listed = (name: string) => (fields.get(name) ?? '').split(',')
  const day = (name: string) => {
    const text = fields.get(name) ?? ''
    return /^\d{4}-\d{2}-\d{2}$/.test(text) ? text : null
  }
  return {
    states: CASE_STATES.filter(state => listed('state').includes(state)),
    isUrgent: fields.get('urgent') === '1',
    isWished: fields.get('wished') === '1',
    due: DUE_FILTERS.find(due => due === fields.get('due')) ?? 'any',
    from: day('from'),
    to: day('to'),
    sizes: SIZE_CLASSES.filter(size => listed('size').includes(String(size))),
    id: '',
    order: CASE_ORDERS.find(order => order === fields.get('order')) ?? EVERYTHING.order,
    isDescending: fields.get('up') !== '1',
  }
}
