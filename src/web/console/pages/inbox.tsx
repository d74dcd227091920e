import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { rememberFilter } from '../address.ts'
import { type CaseFilter, decodeFilter, filterCases } from '../case-filter.ts'
import type { InboxCase, InboxState } from '../inbox.ts'
import { useAtWork, useObserved } from '../parts/at-work.ts'
import { useKeys } from '../parts/keyboard.tsx'
import { dayInSeoul } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { VirtualList } from '../parts/virtual-list.tsx'
import { CaseRow } from './inbox-row.tsx'
import { InboxTools } from './inbox-tools.tsx'

interface InboxPageProps {
  readonly chosen: string | null
  readonly onChoose: (id: string) => void
  /** Where there is room for one of both only: from the case to the list. */
  readonly onBack: () => void
  readonly hasLetters: boolean
}

const idOf = (entry: InboxCase) => entry.case

export function InboxPage({ chosen, onChoose, onBack, hasLetters }: InboxPageProps) {
  const { words, number } = useSpeech()
  const { inbox, session } = useAtWork()
  const { cases, connection } = useObserved(inbox)
  const [filter, setFilter] = useFilter()
  const [activeId, setActiveId] = useState<string | null>(chosen)
  const search = useRef<HTMLInputElement>(null)
  const today = dayInSeoul(session.now())
  const shown = useMemo(() => filterCases(cases.values(), filter, today), [cases, filter, today])
  const active = useMemo(() => shown.findIndex(entry => entry.case === activeId), [shown, activeId])
  const move = (by: number) => {
    const next = shown[Math.max(0, Math.min(shown.length - 1, active + by))]
    if (next) setActiveId(next.case)
    focusList()
  }
  const active1 = shown[active]
  useKeys(
    {
      j: () => move(1),
      k: () => move(active < 0 ? 1 : -1),
      '/': () => search.current?.focus(),
      Escape: onBack,
    },
    hasLetters,
  )
  return (
    <section class="inbox" aria-labelledby="inbox-heading">
      <h2 id="inbox-heading" class="unseen">
        {words.inbox.heading}
      </h2>
      <InboxTools
        filter={filter}
        onFilter={setFilter}
        search={search}
        counted={words.inbox.counted(number(shown.length), number(cases.size))}
        onSearched={() => {
          if (!active1) setActiveId(shown[0]?.case ?? null)
          focusList()
        }}
      />
      {shown.length === 0 && (
        <div class="empty">
          <p>{cases.size === 0 ? words.inbox.empty : words.inbox.noMatch}</p>
          {cases.size === 0 && connection.kind === 'live' && <p>{words.inbox.emptyText}</p>}
        </div>
      )}
      <VirtualList
        items={shown}
        keyOf={idOf}
        label={words.inbox.list}
        active={active}
        chosen={chosen}
        onActive={index => setActiveId(shown[index]?.case ?? null)}
        onChoose={entry => onChoose(entry.case)}
      >
        {entry => <CaseRow entry={entry} />}
      </VirtualList>
      <Arrivals cases={cases} isLive={connection.kind === 'live'} />
    </section>
  )
}

export const focusList = () => document.querySelector<HTMLElement>('.list')?.focus()

/** Out of the address, and back into it with each change. */
function useFilter(): [CaseFilter, (next: CaseFilter) => void] {
  const [filter, setFilter] = useState(() => decodeFilter(location.hash))
  useEffect(() => {
    // Somebody typed another address.
    const read = () => setFilter(decodeFilter(location.hash))
    window.addEventListener('hashchange', read)
    return () => window.removeEventListener('hashchange', read)
  }, [])
  const change = (next: CaseFilter) => {
    rememberFilter(next)
    setFilter(next)
  }
  return [filter, change]
}

/** Says how many came while the page was open, and puts the number of new ones into the window's title. */
function Arrivals({ cases, isLive }: { readonly cases: InboxState['cases']; readonly isLive: boolean }) {
  const { words } = useSpeech()
  const known = useRef<number | null>(null)
  const [arrived, setArrived] = useState(0)
  useEffect(() => {
    if (isLive && known.current !== null && cases.size > known.current) setArrived(cases.size - known.current)
    if (isLive) known.current = cases.size
  }, [cases, isLive])
  useEffect(() => {
    let unopened = 0
    for (const { state } of cases.values()) if (state === 'new') unopened++
    document.title = unopened > 0 ? `(${unopened}) ${words.title}` : words.title
  }, [cases, words])
  return (
    <p class="unseen" aria-live="polite">
      {arrived > 0 && words.inbox.arrived(arrived)}
    </p>
  )
}
