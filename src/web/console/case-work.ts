// Where an opened case stands, for whoever works on it: state, agencies, what may be done, what is due.
import {
  actorOf,
  agenciesToday,
  caseStateOf,
  choicesOf,
  clocksOf,
  type Device,
  type MissingKey,
  missingHere,
  type OpenedCase,
  offersTo,
  partnersOf,
  waitingParticulars,
} from '../../client/index.ts'
import type { CaseClock } from '../../protocol/case-clocks.ts'
import type { Agency, Names } from '../../protocol/directory.ts'
import type { Choice } from '../../protocol/lifecycle-guards.ts'
import type { Standing } from '../../protocol/lifecycle-phases.ts'
import type { Actor, CaseState } from '../../protocol/lifecycle-state.ts'
import { codeNames } from './said.ts'

export type OtherAgency = Pick<Agency, 'id' | 'names' | 'about' | 'powers' | 'territory'>

export interface WorkPartner {
  readonly id: string
  /** Null where the directory does not know it any more. */
  readonly names: Names | null
  readonly standing: readonly Standing[]
  /** Asked by this agency; otherwise it leads, or was asked by who leads. */
  readonly isAsked: boolean
}

/** What another agency asked of this one, and why; nulls where it cannot be read, or does not verify. */
export interface WorkOffer {
  readonly id: string
  readonly code: Names | null
  readonly text: string | null
}

export interface CaseWork {
  readonly actor: Actor
  readonly state: CaseState
  /** The text of a decision that waits for its second person, who tells it to the reporter. */
  readonly pendingText: string | null
  readonly standing: readonly Standing[]
  readonly partners: readonly WorkPartner[]
  readonly offers: readonly WorkOffer[]
  /** Messages that do not open on this device: a case that lacks one cannot be offered from here. */
  readonly missing: readonly MissingKey[]
  readonly choices: readonly Choice[]
  readonly clocks: readonly CaseClock[]
  /** YYYY-MM-DD, in Seoul. */
  readonly today: string
  /**
   * Other agencies that can be written to today, without those that the reporter excluded: nothing of these is shown.
   * Null where this version cannot read whom the reporter excluded.
   */
  readonly agencies: readonly OtherAgency[] | null
  /** Of every agency of the directory. */
  readonly names: ReadonlyMap<string, Names>
}

export function workOf(device: Device, opened: OpenedCase): CaseWork {
  const { directory, today } = device.trust
  const names = new Map(directory.agencies.map(agency => [agency.id, agency.names]))
  return {
    actor: actorOf(device),
    state: caseStateOf(device, opened),
    pendingText: waitingParticulars(device, opened)?.text ?? null,
    standing: opened.file.standing,
    partners: partnersOf(device, opened).map(({ agencyId, lead, standing }) => ({
      id: agencyId,
      names: names.get(agencyId) ?? null,
      standing,
      isAsked: lead === device.agency.id,
    })),
    offers: offersTo(device, opened).map(({ agencyId, event: { verdict, particulars } }) => ({
      id: agencyId,
      code:
        verdict === 'forged' || particulars?.code === undefined ? null : codeNames(verdict, particulars.code),
      text: particulars?.text ?? null,
    })),
    missing: missingHere(opened),
    choices: choicesOf(device, opened),
    clocks: clocksOf(device, opened),
    today,
    agencies: othersFor(device, opened),
    names,
  }
}

function othersFor({ agency, trust }: Device, { answers }: OpenedCase): OtherAgency[] | null {
  if (!answers) return null
  const excluded = answers.notFor ?? []
  return agenciesToday(trust).filter(({ id }) => id !== agency.id && !excluded.includes(id))
}
