// What other agencies answered, put behind the offers that they answer: their days alone do not say it.
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import type { Names } from '../../protocol/directory.ts'
import type { EventKind } from '../../protocol/event.ts'

export interface Answered {
  readonly agency: { readonly id: string; readonly names: Names | null }
  /** Null where it does not verify. */
  readonly kind: EventKind | null
  readonly what: 'step' | 'forged'
  readonly label: Names | null
  readonly day: string | null
  readonly device: { readonly id: string; readonly role: DeviceRole } | null
}

export interface PlacedAnswer extends Answered {
  /** Index of the entry that it stands behind; −1: before all. */
  readonly after: number
}

interface Place {
  readonly index: number
  readonly kind: EventKind | null
  readonly day: string | null
  readonly subject: { readonly kind: string; readonly id: string } | null
}

/** What an answer is an answer to. */
const OFFERS: Partial<Readonly<Record<EventKind, EventKind>>> = {
  'hand-over-accepted': 'hand-over-proposed',
  'hand-over-refused': 'hand-over-proposed',
  'taken-over': 'hand-over-proposed',
  'invitation-accepted': 'agency-invited',
  'invitation-refused': 'agency-invited',
  'joint-left': 'agency-invited',
}

/** Behind the last offer of its kind to its agency, and behind every entry of an earlier day than its own. */
export function answersInPlace(entries: readonly Place[], answers: readonly Answered[]): PlacedAnswer[] {
  return answers.map(answer => {
    const { agency, kind, day: answered } = answer
    const offer = entries.findLast(
      entry =>
        entry.subject?.kind === 'agency' &&
        entry.subject.id === agency.id &&
        (kind === null || entry.kind === OFFERS[kind]),
    )
    const earlier = entries.findLast(({ day }) => day !== null && answered !== null && day < answered)
    return { ...answer, after: Math.max(offer?.index ?? -1, earlier?.index ?? -1) }
  })
}
