// Who may do what to a case, in the model.
import type { AgencyId } from '../support/world.ts'
import {
  askedBy,
  isHere,
  type ModelDevice,
  type ModelReport,
  type OfferKind,
  type Role,
  type Stage,
  seen,
} from './model.ts'

export const ACTIONS = [
  'assessment-started',
  'accepted',
  'outcome-reported',
  'feedback-given',
  'noted',
  'conflict-declared',
  'hand-over-proposed',
  'hand-over-withdrawn',
  'hand-over-accepted',
  'hand-over-refused',
  'taken-over',
  'agency-invited',
  'invitation-accepted',
  'invitation-refused',
  'invitation-withdrawn',
  'joint-left',
  'joint-ended',
] as const
export type ModelAction = (typeof ACTIONS)[number]

interface Rule {
  readonly roles: readonly Role[]
  readonly as: readonly ('holder' | OfferKind)[]
  /** Where the agency's own case has to be, for its holder. */
  readonly stages?: readonly Stage[]
  readonly code?: string
  readonly unless?: (report: ModelReport, agency: AgencyId) => boolean
  readonly target?: (report: ModelReport, agency: AgencyId, target: AgencyId) => boolean
}

const ANY: readonly Role[] = ['intake', 'investigator', 'supervisor']
const LEADS: readonly Role[] = ['investigator', 'supervisor']
const WORKING: readonly Stage[] = ['assessing', 'addressing']

const hasAsked =
  (...kinds: OfferKind[]) =>
  (report: ModelReport, agency: AgencyId) =>
    askedBy(report, agency).some(({ offer }) => kinds.includes(offer.kind))
const not =
  (test: (report: ModelReport, agency: AgencyId) => boolean) => (report: ModelReport, agency: AgencyId) =>
    !test(report, agency)
const unsettled = hasAsked('proposed', 'taking-over', 'invited')
const isJoined = (report: ModelReport, agency: AgencyId, target: AgencyId) =>
  askedBy(report, agency).some(({ member, offer }) => member.agency === target && offer.kind === 'joined')

const RULES: Readonly<Record<ModelAction, Rule>> = {
  'assessment-started': { roles: ANY, as: ['holder'], stages: ['acknowledged'] },
  accepted: { roles: ANY, as: ['holder'], stages: ['assessing'] },
  'outcome-reported': {
    roles: LEADS,
    as: ['holder'],
    stages: ['addressing'],
    code: 'prevented',
    unless: unsettled,
  },
  'feedback-given': { roles: ANY, as: ['holder'], stages: WORKING },
  noted: { roles: ANY, as: ['holder', 'joined'], stages: ['acknowledged', ...WORKING, 'concluded'] },
  'conflict-declared': {
    roles: ANY,
    as: ['holder', 'joined', 'invited', 'proposed', 'taking-over'],
    code: 'other',
  },
  'hand-over-proposed': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    code: 'power-needed',
    unless: unsettled,
    target: (_, agency, target) => agency !== target,
  },
  'hand-over-withdrawn': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    unless: not(hasAsked('proposed', 'taking-over')),
  },
  'hand-over-accepted': { roles: ANY, as: ['proposed'] },
  'hand-over-refused': { roles: ANY, as: ['proposed'], code: 'no-power' },
  'taken-over': { roles: ANY, as: ['taking-over'] },
  'agency-invited': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    code: 'reporter-agreed',
    unless: unsettled,
    target: (report, agency, target) => agency !== target && !isJoined(report, agency, target),
  },
  'invitation-accepted': { roles: ANY, as: ['invited'] },
  'invitation-refused': { roles: ANY, as: ['invited'], code: 'no-capacity' },
  'invitation-withdrawn': {
    roles: LEADS,
    as: ['holder'],
    stages: WORKING,
    unless: not(hasAsked('invited')),
  },
  'joint-left': { roles: LEADS, as: ['joined'] },
  'joint-ended': {
    roles: LEADS,
    as: ['holder'],
    stages: ['acknowledged', ...WORKING, 'concluded'],
    target: isJoined,
  },
}

export const codeOf = (action: ModelAction): string | undefined => RULES[action].code
export const namesAgency = (action: ModelAction): boolean => RULES[action].target !== undefined

/** Whether the lifecycle lets this device do it, to `target` or to somebody; keys are another matter. */
export function allows(
  report: ModelReport,
  device: ModelDevice,
  action: ModelAction,
  target: AgencyId | null,
): boolean {
  const rule = RULES[action]
  const member = report.members.get(device.agency)
  if (!isHere(member) || device.revoked || device.ability !== 'reader') return false
  if (!rule.roles.includes(device.role)) return false
  if (member.barred.has(device)) return false
  const asHolder = member.holds && rule.as.includes('holder') && (rule.stages?.includes(member.stage) ?? true)
  const asAsked = seen(member).some(({ kind }) => rule.as.includes(kind))
  if (!asHolder && !asAsked) return false
  if (rule.unless?.(report, device.agency)) return false
  return target === null || (rule.target?.(report, device.agency, target) ?? true)
}
