import type { RefObject } from 'preact'
import { useState } from 'preact/hooks'
import {
  CASE_ORDERS,
  CASE_STATES,
  type CaseFilter,
  DUE_FILTERS,
  EVERYTHING,
  SIZE_CLASSES,
} from '../case-filter.ts'
import { Button } from '../parts/elements.tsx'
import { SearchIcon } from '../parts/icons.tsx'
import { kibibytes } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'

interface InboxToolsProps {
  readonly filter: CaseFilter
  readonly onFilter: (next: CaseFilter) => void
  readonly search: RefObject<HTMLInputElement | null>
  readonly counted: string
  /** Enter in the search. */
  readonly onSearched: () => void
}

export function InboxTools({ filter, onFilter, search, counted, onSearched }: InboxToolsProps) {
  const { inbox } = useSpeech().words
  const set = (change: Partial<CaseFilter>) => onFilter({ ...filter, ...change })
  const active = filtersIn(filter)
  // Afterwards it is whoever reads who opens and closes it.
  const [isOpen] = useState(active > 0)
  return (
    <search class="inbox-tools">
      <div class="search-line">
        <label for="search" class="unseen">
          {inbox.search}
        </label>
        <SearchIcon />
        <input
          ref={search}
          id="search"
          type="text"
          class="mono"
          placeholder={inbox.search}
          aria-describedby="search-hint"
          value={filter.id}
          autocomplete="off"
          spellcheck={false}
          onInput={event => set({ id: event.currentTarget.value })}
          onKeyDown={event => {
            if (event.key === 'Enter') onSearched()
          }}
        />
        <span id="search-hint" class="unseen">
          {inbox.searchHint}
        </span>
      </div>
      <div class="order-line">
        <label for="order" class="unseen">
          {inbox.order}
        </label>
        <select
          id="order"
          value={filter.order}
          onChange={event => {
            const order = CASE_ORDERS.find(name => name === event.currentTarget.value)
            if (order) set({ order })
          }}
        >
          {CASE_ORDERS.map(order => (
            <option key={order} value={order}>
              {inbox.orders[order]}
            </option>
          ))}
        </select>
        <Button
          label={filter.isDescending ? inbox.descending : inbox.ascending}
          onClick={() => set({ isDescending: !filter.isDescending })}
        >
          {filter.isDescending ? '↓' : '↑'}
        </Button>
        <p class="counted" role="status">
          {counted}
        </p>
      </div>
      <details class="filters" open={isOpen}>
        <summary>{active > 0 ? inbox.filtersOn(active) : inbox.filters}</summary>
        <Filters filter={filter} set={set} />
        {active > 0 && (
          <Button
            onClick={() => set({ ...EVERYTHING, order: filter.order, isDescending: filter.isDescending })}
          >
            {inbox.clear}
          </Button>
        )}
      </details>
    </search>
  )
}

const filtersIn = ({ states, sizes, isUrgent, isWished, due, from, to }: CaseFilter): number =>
  states.length +
  sizes.length +
  [isUrgent, isWished, due !== 'any', from !== null, to !== null].filter(Boolean).length

interface FiltersProps {
  readonly filter: CaseFilter
  readonly set: (change: Partial<CaseFilter>) => void
}

function Filters({ filter, set }: FiltersProps) {
  const { inbox } = useSpeech().words
  return (
    <div class="filter-groups">
      <fieldset>
        <legend>{inbox.states}</legend>
        {CASE_STATES.map(state => (
          <Chip
            key={state}
            label={inbox.state[state]}
            isOn={filter.states.includes(state)}
            onChange={() => set({ states: toggled(CASE_STATES, filter.states, state) })}
          />
        ))}
        <Chip
          label={inbox.urgent}
          isOn={filter.isUrgent}
          onChange={() => set({ isUrgent: !filter.isUrgent })}
        />
        <Chip
          label={inbox.wished}
          isOn={filter.isWished}
          onChange={() => set({ isWished: !filter.isWished })}
        />
      </fieldset>
      <fieldset>
        <legend>{inbox.dues}</legend>
        {DUE_FILTERS.map(due => (
          <Chip
            key={due}
            group="due"
            label={inbox.dueFilters[due]}
            isOn={filter.due === due}
            onChange={() => set({ due })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>{inbox.sizes}</legend>
        {SIZE_CLASSES.map(size => (
          <Chip
            key={size}
            label={kibibytes(size)}
            isOn={filter.sizes.includes(size)}
            onChange={() => set({ sizes: toggled<number>(SIZE_CLASSES, filter.sizes, size) })}
          />
        ))}
      </fieldset>
      <fieldset>
        <legend>{inbox.days}</legend>
        <Day label={inbox.from} value={filter.from} onChange={from => set({ from })} />
        <Day label={inbox.to} value={filter.to} onChange={to => set({ to })} />
      </fieldset>
    </div>
  )
}

/** In the order of all of them, so that the same choice is always the same address. */
const toggled = <T,>(all: readonly T[], chosen: readonly T[], one: T): T[] =>
  all.filter(each => (each === one ? !chosen.includes(each) : chosen.includes(each)))

interface ChipProps {
  readonly label: string
  /** Of which one is on. */
  readonly group?: string
  readonly isOn: boolean
  readonly onChange: () => void
}

const Chip = ({ label, group, isOn, onChange }: ChipProps) => (
  <label class="chip">
    <input
      type={group === undefined ? 'checkbox' : 'radio'}
      name={group}
      checked={isOn}
      onChange={onChange}
    />
    <span>{label}</span>
  </label>
)

interface DayProps {
  readonly label: string
  readonly value: string | null
  readonly onChange: (day: string | null) => void
}

const Day = ({ label, value, onChange }: DayProps) => (
  <label class="day">
    <input
      type="date"
      value={value ?? ''}
      onChange={event => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
    />
    <span>{label}</span>
  </label>
)
