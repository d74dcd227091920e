// An agency may hold a case by itself and, of the same report, be asked by another agency to take over or to join: neither
// of the two needs to know of the other. So it sees up to two states, its own case and the one it was asked into, and
// an action belongs to the one that allows it.
import { ACTIONS, type Action } from './lifecycle.ts'
import { allowedActions, type Choice, obstacleTo } from './lifecycle-guards.ts'
import type { Obstacle } from './lifecycle-obstacles.ts'
import type { Standing } from './lifecycle-phases.ts'
import type { Actor, CaseState } from './lifecycle-state.ts'

/** How an agency that was asked has answered. */
export type Asked = Exclude<Standing, 'holder'>

export interface AskedAgency {
  readonly agency: string
  readonly standing: readonly Asked[]
}

/** Who works with whom, as far as one agency may know. */
export interface Work {
  readonly agency: string
  /** Its reporter chose it, or it took the case over. */
  readonly holds: boolean
  /** Those that it asked. */
  readonly asked: readonly AskedAgency[]
  /** What it was asked itself, and by whom; null for nothing. */
  readonly offer: {
    readonly lead: string
    readonly standing: readonly Asked[]
    /** Others who joined the lead. */
    readonly colleagues: readonly string[]
  } | null
}

/** `own` is what the agency's chain says by itself. */
export function viewsOf(own: CaseState, work: Work): readonly [CaseState, ...CaseState[]] {
  const held = heldView(own, work)
  const asked = askedView(own, work)
  if (held && asked) return [held, asked]
  return [held ?? asked ?? { ...own, ...NOBODY }]
}

const NOBODY = { holder: '', proposed: null, invited: null, joined: [] } as const

function heldView(own: CaseState, { agency, holds, asked }: Work): CaseState | null {
  if (!holds) return null
  const those = (...wanted: Asked[]) =>
    asked.filter(({ standing }) => standing.some(one => wanted.includes(one))).map(one => one.agency)
  const [proposed] = those('proposed', 'taking-over')
  const accepted = those('taking-over').length > 0
  return {
    ...own,
    holder: agency,
    proposed: proposed === undefined ? null : { agency: proposed, accepted },
    invited: those('invited')[0] ?? null,
    joined: those('joined'),
  }
}

/** Answering is open whatever its own case has come to. */
function askedView(own: CaseState, { agency, offer }: Work): CaseState | null {
  if (!offer) return null
  const { lead, standing, colleagues } = offer
  const accepted = standing.includes('taking-over')
  return {
    ...own,
    state: own.state === 'addressing' ? own.state : 'assessing',
    pending: null,
    holder: lead,
    proposed: accepted || standing.includes('proposed') ? { agency, accepted } : null,
    invited: standing.includes('invited') ? agency : null,
    joined: [...(standing.includes('joined') ? [agency] : []), ...colleagues],
  }
}

/** The state that an action belongs to: the first that allows it, or else the one that has more to say than «another agency». */
export function viewFor(
  views: readonly [CaseState, ...CaseState[]],
  who: Actor,
  action: Action,
): { readonly view: CaseState; readonly obstacle: Obstacle | null } {
  const found = views.map(view => ({ view, obstacle: obstacleTo(view, who, action) }))
  const [first = { view: views[0], obstacle: null }] = found
  return (
    found.find(({ obstacle }) => obstacle === null) ??
    found.find(({ obstacle }) => obstacle !== 'standing' && obstacle !== 'state') ??
    first
  )
}

/** Every action with its obstacle, over both states. */
export const choicesIn = (views: readonly [CaseState, ...CaseState[]], who: Actor): readonly Choice[] => {
  const choices = views.map(view => allowedActions(view, who))
  return ACTIONS.flatMap((action, at) => {
    const { view } = viewFor(views, who, action)
    return choices[views.indexOf(view)]?.[at] ?? []
  })
}
