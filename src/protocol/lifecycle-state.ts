// Where a case stands after its events. What may happen is the table's (lifecycle.ts) to say.
import type { DeviceRole } from './agency-documents.ts'
import { ProtocolError } from './error.ts'
import { type Action, type Row, rowIn, rowsOf } from './lifecycle.ts'
import { isSame, obstacleTo, parametersFit } from './lifecycle-guards.ts'
import type { State } from './lifecycle-phases.ts'
import { codesAfter } from './outcome-codes.ts'

/** One device is taken for one person: agencies certify a device for somebody, not for a desk. */
export interface Handler {
  /** Hexadecimal. */
  readonly device: string
  readonly agency: string
}

export interface Actor extends Handler {
  readonly role: DeviceRole
}

/** What an event says beside its kind; exactly what its row asks for. */
export interface Parameters {
  /** Of the row's code set. */
  readonly code?: string
  readonly agency?: string
  /** Hexadecimal. */
  readonly device?: string
  /** Thread index of the follow-up: 1, 2, … */
  readonly message?: number
}

export interface CaseEvent extends Parameters {
  readonly action: Action
  readonly by: Actor
}

export interface Decision {
  readonly action: Action
  readonly code: string
  /** Where a reporter was redirected. */
  readonly agency: string | null
  readonly by: readonly Handler[]
}

export interface CaseState {
  readonly state: State
  /** The agency that holds the case, and leads where others joined. */
  readonly holder: string
  readonly proposed: { readonly agency: string; readonly accepted: boolean } | null
  readonly invited: string | null
  readonly joined: readonly string[]
  /** A decision that waits for its second person. */
  readonly pending: Decision | null
  /** Outcome, out of scope, or redirection; null until there is one, and again once the case was reopened. */
  readonly decision: Decision | null
  /** An objection to the decision was taken. */
  readonly objected: boolean
  /** A request to the reporter for information is open. */
  readonly request: boolean
  /** Requests in a row that stayed without an answer. */
  readonly unanswered: number
  /** The last follow-up that an event rested on: each counts once. */
  readonly lastMessage: number
  /** It was registered as a grievance petition. */
  readonly petition: boolean
  /** Of a case that was taken over from another agency; null of every other. */
  readonly referral: 'taken-over' | 'finished' | 'returned' | null
  /** Who declared a conflict of interest that nobody found to be none. */
  readonly conflicts: readonly Handler[]
  readonly recused: readonly Handler[]
}

/** A report that its reporter sealed for this agency. */
export function newCase(holder: string): CaseState {
  return {
    state: 'new',
    holder,
    proposed: null,
    invited: null,
    joined: [],
    pending: null,
    decision: null,
    objected: false,
    request: false,
    unanswered: 0,
    lastMessage: 0,
    petition: false,
    referral: null,
    conflicts: [],
    recused: [],
  }
}

/** A case of another agency's, as the chain of the agency begins to which it was proposed. */
export function proposedCase(holder: string, agency: string): CaseState {
  const proposed = { agency, accepted: false }
  return { ...newCase(holder), state: 'assessing', proposed }
}

/** A case of another agency's, as the chain of the agency begins that was invited. */
export function invitingCase(holder: string, agency: string): CaseState {
  return { ...newCase(holder), state: 'assessing', invited: agency }
}

/** Throws `bad-chain` on what the table does not allow. */
export function applyEvent(state: CaseState, event: CaseEvent): CaseState {
  const obstacle = obstacleTo(state, event.by, event.action)
  const row = rowIn(event.action, state.state)
  if (obstacle || !row) throw new ProtocolError('bad-chain', obstacle ?? 'state')
  if (!parametersFit(row, state, event)) throw new ProtocolError('bad-chain', 'parameters')
  return happened(state, row, event)
}

/**
 * For the service, which cannot read codes: whatever code the row asks for is taken to be there. Throws `bad-chain`
 * on what the table does not allow.
 */
export function applyUnread(state: CaseState, event: CaseEvent): CaseState {
  const row = rowIn(event.action, state.state)
  const [code] = row?.code ? codesAfter(row.code, state.unanswered) : []
  return applyEvent(state, { ...event, ...(code === undefined ? {} : { code }) })
}

/** What an event did that was allowed when it was recorded, between others that this chain does not show. */
export function followEvent(state: CaseState, event: CaseEvent): CaseState {
  // Whoever takes over begins to assess, whatever became of a case of its own (lifecycle-views.ts).
  const [anyRow = null] = event.action === 'taken-over' ? rowsOf(event.action) : []
  const row = rowIn(event.action, state.state) ?? anyRow
  // What it confirms may be among what this reader leaves out: then it decides nothing.
  const isEmpty = !row || (row.to === 'as-proposed' && !state.pending)
  return isEmpty ? state : happened(state, row, event)
}

/** Index of the decision that waits for its second person; null where none does. */
export function pendingSince(start: CaseState, events: readonly CaseEvent[]): number | null {
  let state = start
  let since: number | null = null
  events.forEach((event, index) => {
    const isNew = state.pending === null
    state = followEvent(state, event)
    if (isNew) since = index
    if (state.pending === null) since = null
  })
  return since
}

function happened(state: CaseState, row: Row, event: CaseEvent): CaseState {
  if (row.twoPeople) return { ...state, pending: decisionOf(event, [event.by]) }
  if (row.to === 'as-proposed') return confirm(state, event)
  return { ...moved(state, row), ...EFFECTS[event.action]?.(state, event) }
}

/** Throws `bad-chain`. */
export function caseAfter(start: CaseState, events: readonly CaseEvent[]): CaseState {
  return events.reduce(applyEvent, start)
}

/** The state after each event, for a history. Throws `bad-chain`. */
export function statesAfter(start: CaseState, events: readonly CaseEvent[]): readonly CaseState[] {
  let state = start
  return events.map(event => {
    state = applyEvent(state, event)
    return state
  })
}

const handler = ({ device, agency }: Handler): Handler => ({ device, agency })

function decisionOf(event: CaseEvent, by: readonly Handler[]): Decision {
  return { action: event.action, code: event.code ?? '', agency: event.agency ?? null, by: by.map(handler) }
}

/** The reporter reads the code only where it is confirmed. */
function confirm(state: CaseState, { by, code }: CaseEvent): CaseState {
  const { pending } = state
  const row = pending && rowIn(pending.action, state.state)
  if (!row) throw new ProtocolError('bad-chain', 'nothing-pending')
  return {
    ...moved(state, row),
    pending: null,
    decision: { ...pending, code: code ?? pending.code, by: [...pending.by, handler(by)] },
  }
}

function moved(state: CaseState, row: Row): CaseState {
  const to = row.to === 'same' || row.to === 'as-proposed' ? state.state : row.to
  return { ...state, state: to }
}

const without = (handlers: readonly Handler[], gone: Handler) => handlers.filter(one => !isSame(one, gone))

/** Whoever is barred confirms nothing, and what they proposed falls. */
function pendingWithout({ pending }: CaseState, barred: Handler): Decision | null {
  return pending?.by.some(one => isSame(one, barred)) ? null : pending
}

/** The device that a supervisor names is one of the supervisor's own agency. */
const named = ({ device = '', by }: CaseEvent): Handler => ({ device, agency: by.agency })

/** What an action changes beside state and clocks. */
const EFFECTS: Readonly<Partial<Record<Action, (state: CaseState, event: CaseEvent) => Partial<CaseState>>>> =
  {
    declined: () => ({ pending: null }),
    'information-requested': () => ({ request: true }),
    'information-received': (_, { message = 0 }) => ({
      request: false,
      unanswered: 0,
      lastMessage: message,
    }),
    'information-lapsed': ({ unanswered }) => ({ request: false, unanswered: unanswered + 1 }),
    'outcome-reported': (_, event) => ({ decision: decisionOf(event, [event.by]) }),
    objected: (_, { message = 0 }) => ({ objected: true, lastMessage: message }),
    reopened: ({ referral }) => ({
      decision: null,
      objected: false,
      unanswered: 0,
      petition: false,
      referral: referral && 'taken-over',
    }),
    'petition-registered': () => ({ petition: true }),
    'investigation-finished': () => ({ referral: 'finished' }),
    'result-returned': () => ({ referral: 'returned' }),
    'conflict-declared': (state, { by }) => ({
      conflicts: [...state.conflicts, handler(by)],
      pending: pendingWithout(state, by),
    }),
    'conflict-cleared': ({ conflicts }, event) => ({ conflicts: without(conflicts, named(event)) }),
    recused: (state, event) => ({
      recused: [...state.recused, named(event)],
      conflicts: without(state.conflicts, named(event)),
      pending: pendingWithout(state, named(event)),
    }),
    'hand-over-proposed': (_, { agency = '' }) => ({ proposed: { agency, accepted: false } }),
    'hand-over-withdrawn': () => ({ proposed: null }),
    'hand-over-accepted': (_, { by }) => ({ proposed: { agency: by.agency, accepted: true } }),
    'hand-over-refused': () => ({ proposed: null }),
    'taken-over': ({ joined }, { by }) => ({
      holder: by.agency,
      proposed: null,
      joined: joined.filter(agency => agency !== by.agency),
      pending: null,
      decision: null,
      objected: false,
      unanswered: 0,
      referral: 'taken-over',
    }),
    'agency-invited': (_, { agency = '' }) => ({ invited: agency }),
    'invitation-accepted': ({ joined }, { by }) => ({ invited: null, joined: [...joined, by.agency] }),
    'invitation-refused': () => ({ invited: null }),
    'invitation-withdrawn': () => ({ invited: null }),
    'joint-left': ({ joined }, { by }) => ({ joined: joined.filter(agency => agency !== by.agency) }),
    'joint-ended': ({ joined }, event) => ({ joined: joined.filter(agency => agency !== event.agency) }),
  }
