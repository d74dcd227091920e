// Devices of three agencies, and what they record about a case.
import type { Action } from '../../src/protocol/lifecycle.ts'
import { obstacleTo } from '../../src/protocol/lifecycle-guards.ts'
import {
  type Actor,
  applyEvent,
  type CaseEvent,
  caseAfter,
  newCase,
  type Parameters,
} from '../../src/protocol/lifecycle-state.ts'
import { refusal } from './support.ts'

const ROLES = {
  intake: 'intake',
  investigator: 'investigator',
  colleague: 'investigator',
  supervisor: 'supervisor',
  deputy: 'supervisor',
  auditor: 'auditor',
  machine: 'machine',
} as const satisfies Readonly<Record<string, Actor['role']>>

/** What opening a report comes to. */
export const OPENING = ['acknowledged', 'unopenable'] as const satisfies readonly Action[]

type Person = keyof typeof ROLES

function peopleOf(agency: string, first: number): Readonly<Record<Person, Actor>> {
  const entries = Object.entries(ROLES).map(([person, role], at) => {
    const device = (first + at).toString(16).padStart(32, '0')
    return [person, { device, agency, role }] as const
  })
  return Object.fromEntries(entries) as Record<Person, Actor>
}

export const nis = peopleOf('nis', 0x10)
export const police = peopleOf('police', 0x20)
export const sme = peopleOf('sme-office', 0x30)
export const EVERYBODY: readonly Actor[] = [nis, police, sme].flatMap(agency => Object.values(agency))

export const did = (by: Actor, action: Action, says: Parameters = {}): CaseEvent => ({ action, by, ...says })

export const ASSESSING = [did(nis.intake, 'acknowledged'), did(nis.intake, 'assessment-started')]
export const ADDRESSING = [...ASSESSING, did(nis.investigator, 'accepted')]
export const CONCLUDED = [...ADDRESSING, did(nis.investigator, 'outcome-reported', { code: 'prevented' })]
export const CLOSED = [...CONCLUDED, did(nis.supervisor, 'closed')]
export const OUT_OF_SCOPE = [
  ...ASSESSING,
  did(nis.intake, 'out-of-scope', { code: 'private-dispute' }),
  did(nis.supervisor, 'confirmed'),
]
export const OBJECTED = [...CLOSED, did(nis.intake, 'objected', { message: 1 })]

export const after = (...events: readonly CaseEvent[]) => caseAfter(newCase('nis'), events)
export const attempt = (events: readonly CaseEvent[], event: CaseEvent) =>
  refusal(() => applyEvent(after(...events), event))
export const obstacle = (events: readonly CaseEvent[], who: Actor, action: Action) =>
  obstacleTo(after(...events), who, action)
