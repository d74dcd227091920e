// What other agencies asked and answered: answers put behind the offers that they answer: their days alone do not say it.
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import type { Names } from '../../protocol/directory.ts'
import type { EventKind } from '../../protocol/event.ts'
import type { Said } from './history.ts'

/** Kind and label are null where it does not verify. */
export interface Answered extends Omit<Said, 'subject'> {
  readonly agency: { readonly id: string; readonly names: Names | null }
  readonly what: 'step' | 'forged'
  /** It asks this agency; otherwise it answers what this one asked. */
  readonly isOffer: boolean
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

/** What ends an offer by the other agency's word; each ends one. */
const ENDS: readonly EventKind[] = ['hand-over-refused', 'invitation-refused', 'joint-left']
/** And by this agency's own. */
const WITHDRAWN: Partial<Readonly<Record<EventKind, EventKind>>> = {
  'hand-over-proposed': 'hand-over-withdrawn',
  'agency-invited': 'invitation-withdrawn',
}

const names = ({ subject }: Place, id: string) => subject?.kind === 'agency' && subject.id === id

/** Offers of a kind to an agency that this one did not end itself: those that the other one's endings end, in their order. */
function endedByOther(entries: readonly Place[], offers: readonly Place[], id: string): Place[] {
  return offers.filter(offer => {
    const rest = entries.slice(entries.indexOf(offer) + 1)
    const next = rest.findIndex(({ kind }) => kind === offer.kind)
    const again = rest.findIndex(entry => entry.kind === offer.kind && names(entry, id))
    const withdrawn = rest
      .slice(0, next < 0 ? rest.length : next)
      .some(({ kind }) => offer.kind !== null && kind === WITHDRAWN[offer.kind])
    const ended = rest
      .slice(0, again < 0 ? rest.length : again)
      .some(entry => entry.kind === 'joint-ended' && names(entry, id))
    return !withdrawn && !(offer.kind === 'agency-invited' && ended)
  })
}

/** Behind the offer that it answers, and behind every entry of an earlier day than its own; `answers` are in their order. */
export function answersInPlace<T extends Pick<Answered, 'agency' | 'kind' | 'day'>>(
  entries: readonly Place[],
  answers: readonly T[],
): (T & Pick<PlacedAnswer, 'after'>)[] {
  return answers.map((answer, at) => {
    const { agency, kind, day: answered } = answer
    const offers = entries.filter(
      entry => names(entry, agency.id) && (kind === null || entry.kind === OFFERS[kind]),
    )
    const isEnd = kind !== null && ENDS.includes(kind)
    const before = answers
      .slice(0, at)
      .filter(
        one =>
          one.agency.id === agency.id &&
          isEnd &&
          one.kind !== null &&
          ENDS.includes(one.kind) &&
          OFFERS[one.kind] === OFFERS[kind],
      )
    const ended = isEnd ? endedByOther(entries, offers, agency.id)[before.length] : undefined
    const offer = ended ?? offers.at(-1)
    const earlier = entries.findLast(({ day }) => day !== null && answered !== null && day < answered)
    return { ...answer, after: Math.max(offer?.index ?? -1, earlier?.index ?? -1) }
  })
}
