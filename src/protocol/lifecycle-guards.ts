// Who may do what with a case now, and for the rest why not.
import { isAgencyId } from './agency-id.ts'
import type { Names } from './directory.ts'
import { ACTIONS, type Action, type Row, rowIn, rowsOf } from './lifecycle.ts'
import type { CaseObstacle, Obstacle } from './lifecycle-obstacles.ts'
import type { Standing } from './lifecycle-phases.ts'
import type { Actor, CaseState, Handler, Parameters } from './lifecycle-state.ts'
import { codesAfter } from './outcome-codes.ts'

const DEVICE_ID = /^[0-9a-f]{32}$/

export interface Choice {
  readonly action: Action
  readonly label: Names
  /** Why it is not open; null where it is. */
  readonly obstacle: Obstacle | null
  /** Proposes only, for a second person to confirm. */
  readonly twoPeople: boolean
  readonly tells: boolean
  /** One of these is given; null where no code is asked for. */
  readonly codes: readonly string[] | null
  readonly names: 'agency' | 'device' | 'message' | null
}

/** Every action with its obstacle: buttons, and what those greyed out say. */
export function allowedActions(state: CaseState, who: Actor): readonly Choice[] {
  return ACTIONS.map(action => {
    const row = rowIn(action, state.state) ?? rowsOf(action)[0]
    return {
      action,
      label: row?.label ?? { ko: action, en: action },
      obstacle: obstacleTo(state, who, action),
      twoPeople: row?.twoPeople ?? false,
      tells: tellsReporter(state, action),
      codes: row?.code ? codesAfter(row.code, state.unanswered) : null,
      names: row?.names ?? null,
    }
  })
}

/**
 * What has happened, as clocks hear it, once this action is done: what was proposed, where this confirms it; nothing, where
 * a second person has to confirm, or where it says again what was said before.
 */
export function whatHappens({ pending, state }: CaseState, action: Action): Action | null {
  const row = rowIn(action, state)
  if (row?.to === 'as-proposed') return pending?.action ?? null
  return row && !row.twoPeople && !row.again ? action : null
}

/** Of a decision for two people, once it is confirmed. */
export function tellsReporter({ pending, state }: CaseState, action: Action): boolean {
  const row = rowIn(action, state)
  if (row?.to === 'as-proposed') return (pending && rowIn(pending.action, state)?.tells) ?? false
  return (!row?.twoPeople && row?.tells) ?? false
}

/** The first thing in the way; null where there is none. */
export function obstacleTo(state: CaseState, who: Actor, action: Action): Obstacle | null {
  if (!rowsOf(action).some(({ by }) => by.includes(who.role))) return 'role'
  const row = rowIn(action, state.state)
  if (!row) return 'state'
  const standings = standingsOf(state, who.agency)
  if (!(row.standing ?? ['holder']).some(standing => standings.includes(standing))) return 'standing'
  if (!row.despiteConflict && state.recused.some(one => isSame(one, who))) return 'recused'
  if (!row.despiteConflict && state.conflicts.some(one => isSame(one, who))) return 'conflict'
  if (!row.whilePending && state.pending) return 'pending'
  return row.unless?.find(obstacle => STANDS_IN_THE_WAY[obstacle](state, who)) ?? null
}

export const isSame = (a: Handler, b: Handler): boolean => a.device === b.device && a.agency === b.agency

export function standingsOf(state: CaseState, agency: string): readonly Standing[] {
  const standings: readonly (readonly [Standing, boolean])[] = [
    ['holder', state.holder === agency],
    ['joined', state.joined.includes(agency)],
    ['invited', state.invited === agency],
    ['proposed', state.proposed?.agency === agency && !state.proposed.accepted],
    ['taking-over', state.proposed?.agency === agency && state.proposed.accepted],
  ]
  return standings.filter(([, is]) => is).map(([standing]) => standing)
}

const STANDS_IN_THE_WAY: Readonly<Record<CaseObstacle, (state: CaseState, who: Actor) => boolean>> = {
  'nothing-pending': ({ pending }) => !pending,
  'own-proposal': ({ pending }, who) => pending?.by.some(one => isSame(one, who)) ?? false,
  'own-decision': ({ decision }, who) => decision?.by.some(one => isSame(one, who)) ?? false,
  'request-open': ({ request }) => request,
  'no-request': ({ request }) => !request,
  'hand-over-open': ({ proposed }) => proposed !== null,
  'no-hand-over': ({ proposed }) => proposed === null,
  'invitation-open': ({ invited }) => invited !== null,
  'no-invitation': ({ invited }) => invited === null,
  'nobody-joined': ({ joined }) => joined.length === 0,
  'objected-before': ({ objected }) => objected,
  'petition-open': ({ petition }) => petition,
  'no-petition': ({ petition }) => !petition,
  'no-referral': ({ referral }) => referral !== 'taken-over',
  'no-result-due': ({ referral }) => referral !== 'finished',
  'no-conflict': ({ conflicts }, who) =>
    !conflicts.some(one => one.agency === who.agency && one.device !== who.device),
}

/** Whether an event says what its row asks for, and nothing else. */
export function parametersFit(
  row: Row,
  state: CaseState,
  event: Parameters & { readonly by: Actor },
): boolean {
  const codeFits = codeFitsIn(row, state, event.code)
  const strangers = (['agency', 'device', 'message'] as const).filter(name => name !== row.names)
  if (!codeFits || strangers.some(name => event[name] !== undefined)) return false
  switch (row.names) {
    case 'agency':
      return agencyFits(row.action, state, event.agency)
    case 'device':
      return deviceFits(row.action, state, event.by, event.device)
    case 'message':
      return Number.isSafeInteger(event.message) && (event.message ?? 0) > state.lastMessage
    default:
      return true
  }
}

function agencyFits(action: Action, { holder, joined }: CaseState, agency = ''): boolean {
  if (action === 'joint-ended') return joined.includes(agency)
  if (action === 'agency-invited' && joined.includes(agency)) return false
  return isAgencyId(agency) && agency !== holder
}

/** A decision is confirmed as it was proposed; whoever cannot read codes gives none. */
function codeFitsIn(row: Row, { unanswered, pending }: CaseState, code: string | undefined): boolean {
  if (row.to === 'as-proposed') return code === undefined || code === pending?.code
  if (!row.code || code === undefined) return !row.code && code === undefined
  return codesAfter(row.code, unanswered).includes(code)
}

/** Nobody decides about their own impartiality. */
function deviceFits(action: Action, state: CaseState, by: Actor, device = ''): boolean {
  const named = { device, agency: by.agency }
  if (!DEVICE_ID.test(device) || isSame(named, by)) return false
  if (action === 'conflict-cleared') return state.conflicts.some(one => isSame(one, named))
  return !state.recused.some(one => isSame(one, named))
}
