// Which actions stand where in the panel. Every one is shown, also where it is not open: it says why.
import type { Action } from '../../protocol/lifecycle.ts'
import type { Choice } from '../../protocol/lifecycle-guards.ts'
import type { Obstacle } from '../../protocol/lifecycle-obstacles.ts'

export const ACTION_GROUPS = {
  decide: [
    'assessment-started',
    'accepted',
    'outcome-reported',
    'closed',
    'out-of-scope',
    'redirected',
    'confirmed',
    'declined',
    'objection-rejected',
    'reopened',
  ],
  reporter: [
    'information-requested',
    'information-received',
    'information-lapsed',
    'feedback-given',
    'objected',
    'petition-registered',
  ],
  agencies: [
    'hand-over-accepted',
    'hand-over-refused',
    'taken-over',
    'invitation-accepted',
    'invitation-refused',
    'hand-over-proposed',
    'hand-over-withdrawn',
    'agency-invited',
    'invitation-withdrawn',
    'joint-left',
    'joint-ended',
    'investigation-finished',
    'result-returned',
  ],
  time: ['assessment-extended', 'feedback-extended', 'petition-extended'],
  fairness: ['conflict-declared', 'conflict-cleared', 'recused'],
} as const satisfies Readonly<Record<string, readonly Action[]>>
export type ActionGroup = keyof typeof ACTION_GROUPS

/** Have a place of their own on the page. */
export const ELSEWHERE: readonly Action[] = ['acknowledged', 'unopenable', 'noted']

const RARE: readonly Action[] = [
  ...ACTION_GROUPS.time,
  ...ACTION_GROUPS.fairness,
  'joint-left',
  'joint-ended',
  'reopened',
  'petition-registered',
]

/** Nobody here expects these now: another step, another role, or nothing there that it could be about. */
const FAR: readonly Obstacle[] = [
  'role',
  'state',
  'standing',
  'nothing-pending',
  'no-request',
  'no-hand-over',
  'no-invitation',
  'nobody-joined',
  'no-conflict',
  'petition-open',
  'no-petition',
  'no-referral',
  'no-result-due',
]

export interface GroupedChoices {
  readonly group: ActionGroup
  readonly choices: readonly Choice[]
}

export interface Panel {
  /** Open, or barred by something that passes. */
  readonly now: readonly GroupedChoices[]
  readonly rare: readonly GroupedChoices[]
  readonly later: readonly GroupedChoices[]
}

export function panelOf(choices: readonly Choice[]): Panel {
  const isFar = ({ obstacle }: Choice) => obstacle !== null && FAR.includes(obstacle)
  const isRare = ({ action }: Choice) => RARE.includes(action)
  return {
    now: grouped(choices.filter(choice => !isFar(choice) && !isRare(choice))),
    rare: grouped(choices.filter(choice => !isFar(choice) && isRare(choice))),
    later: grouped(choices.filter(isFar)),
  }
}

const GROUP_NAMES = Object.keys(ACTION_GROUPS) as ActionGroup[]

function grouped(choices: readonly Choice[]): GroupedChoices[] {
  return GROUP_NAMES.flatMap(group => {
    const inGroup = ACTION_GROUPS[group].flatMap(name => choices.find(({ action }) => action === name) ?? [])
    return inGroup.length > 0 ? [{ group, choices: inGroup }] : []
  })
}
