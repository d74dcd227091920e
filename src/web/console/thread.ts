// A case's conversation in one order: what the reporter wrote, what colleagues did, what goes out from here.
import type { OpenedMessage } from '../../client/index.ts'
import type { HistoryEntry } from './history.ts'
import type { Outgoing } from './outbox.ts'

export type ThreadItem =
  | {
      readonly kind: 'follow-up'
      readonly message: OpenedMessage
      /** Entries of the history that its writer had seen; null: of another history. */
      readonly seen: number | null
    }
  | { readonly kind: 'entry'; readonly entry: HistoryEntry }
  /** Written on this page: replies leave no entry. */
  | { readonly kind: 'outgoing'; readonly outgoing: Outgoing }

interface Conversation {
  readonly followUps: readonly OpenedMessage[]
  readonly seen: readonly (number | null)[]
  readonly entries: readonly HistoryEntry[]
  readonly outgoing: readonly Outgoing[]
}

/** By room: how much of the conversation was there when a letter went out. It ends with the room. */
const places = new WeakMap<object, Map<number, { followUps: number; entries: number }>>()

/** Follow-ups and entries keep their own orders; of one day, an entry stands behind what was written without it. */
export function threadOf(room: object, conversation: Conversation): ThreadItem[] {
  const { followUps, seen, entries } = conversation
  const letters = placed(room, conversation)
  const rest = [...entries]
  const takeLetters = (isDue: (place: Place) => boolean) => {
    const due = letters.filter(isDue)
    for (const letter of due) letters.splice(letters.indexOf(letter), 1)
    return due.map(({ outgoing }): ThreadItem => ({ kind: 'outgoing', outgoing }))
  }
  const take = (isDue: (entry: HistoryEntry) => boolean): ThreadItem[] =>
    rest
      .splice(0, rest.findLastIndex(isDue) + 1)
      .flatMap((entry): ThreadItem[] => [
        ...takeLetters(letter => letter.entries <= entry.index && letter.followUps === 0),
        { kind: 'entry', entry },
      ])
  const items = followUps.flatMap((message, at): ThreadItem[] => {
    const seenByWriter = seen[at] ?? null
    const before = take(
      ({ index, day }) => index < (seenByWriter ?? 0) || (day !== null && day < message.day),
    )
    const answered = takeLetters(letter => letter.followUps <= at)
    return [...before, ...answered, { kind: 'follow-up', message, seen: seenByWriter }]
  })
  return [...items, ...take(() => true), ...takeLetters(() => true)]
}

interface Place {
  readonly outgoing: Outgoing
  readonly followUps: number
  readonly entries: number
}

function placed(room: object, { followUps, entries, outgoing }: Conversation): Place[] {
  const known = places.get(room) ?? new Map<number, { followUps: number; entries: number }>()
  places.set(room, known)
  return outgoing.map(letter => {
    const place = known.get(letter.id) ?? { followUps: followUps.length, entries: entries.length }
    known.set(letter.id, place)
    return { outgoing: letter, ...place }
  })
}
