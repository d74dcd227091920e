// Whom or what an action can name: agencies that may hear of the case, devices of this agency, follow-ups.
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import type { Names } from '../../protocol/directory.ts'
import type { Choice } from '../../protocol/lifecycle-guards.ts'
import type { CaseContent } from './case-content.ts'
import type { TeamDevice } from './case-room.ts'

type Opened = Extract<CaseContent, { kind: 'opened' }>

export type Nameable =
  | { readonly kind: 'agency'; readonly id: string; readonly names: Names | null }
  | { readonly kind: 'device'; readonly id: string; readonly role: DeviceRole | null }
  | { readonly kind: 'message'; readonly id: string; readonly day: string }

export function nameable(
  { action, names }: Pick<Choice, 'action' | 'names'>,
  content: { readonly work: Opened['work']; readonly opened: Pick<Opened['opened'], 'followUps'> },
  team: readonly TeamDevice[],
): Nameable[] {
  const { work, opened } = content
  const { state } = work
  switch (names) {
    case 'agency':
      return agenciesFor(action, work)
    case 'device':
      return devicesFor(action, work, team)
    case 'message':
      return opened.followUps
        .filter(({ index }) => index > state.lastMessage)
        .map(({ index, day }) => ({ kind: 'message', id: String(index), day }))
    case null:
      return []
  }
}

function agenciesFor(action: Choice['action'], { state, agencies, names }: Opened['work']): Nameable[] {
  if (action === 'joint-ended')
    return state.joined.map(id => ({ kind: 'agency', id, names: names.get(id) ?? null }))
  const isAmong = action === 'agency-invited' ? state.joined : []
  return (agencies ?? [])
    .filter(({ id }) => !isAmong.includes(id))
    .map(({ id, names: called }) => ({ kind: 'agency', id, names: called }))
}

/** Nobody decides about their own impartiality. */
function devicesFor(
  action: Choice['action'],
  { state, actor }: Opened['work'],
  team: readonly TeamDevice[],
): Nameable[] {
  const inOwn = (list: typeof state.conflicts) =>
    list.filter(({ agency }) => agency === actor.agency).map(({ device }) => device)
  const roleOf = (id: string) => team.find(device => device.id === id)?.role ?? null
  const gone = inOwn(state.recused)
  // Whoever declared a conflict may have left the list since.
  const ids = action === 'conflict-cleared' ? inOwn(state.conflicts) : team.map(({ id }) => id)
  return ids
    .filter(id => id !== actor.device && (action === 'conflict-cleared' || !gone.includes(id)))
    .map(id => ({ kind: 'device', id, role: roleOf(id) }))
}
