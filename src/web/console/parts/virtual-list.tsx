// A long list of which only what is seen is in the page. Rows are of one height, which the style sheet gives.
import { type ComponentChildren, createRef } from 'preact'
import { useEffect, useLayoutEffect, useMemo, useState } from 'preact/hooks'

/** Rows above and below what is seen, so that quick scrolling shows no gap. */
const SPARE = 6
/** Before anything was measured. */
const FIRST_ROWS = 30

interface VirtualListProps<T> {
  readonly items: readonly T[]
  readonly keyOf: (item: T) => string
  readonly label: string
  /** Index of the row that the keys move; -1: none. */
  readonly active: number
  /** Of the row that is open beside the list. */
  readonly chosen: string | null
  readonly onActive: (index: number) => void
  readonly onChoose: (item: T) => void
  readonly children: (item: T) => ComponentChildren
}

export function VirtualList<T>(props: VirtualListProps<T>) {
  const { items, keyOf, active } = props
  const scroller = useMemo(() => createRef<HTMLDivElement>(), [])
  const room = useMemo(() => createRef<HTMLDivElement>(), [])
  const [seen, setSeen] = useState({ first: 0, count: FIRST_ROWS })
  const first = Math.max(0, Math.min(seen.first, items.length - seen.count))
  const rows = items.slice(first, first + seen.count)
  useLayoutEffect(() => {
    // The sheet places rows by these; a style attribute would need a hole in the policy.
    room.current?.style.setProperty('--rows', String(items.length))
    room.current?.style.setProperty('--first', String(first))
  }, [items.length, first, room])
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setSeen(before => viewOf(element, before))
    look()
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element && active >= 0) showRow(element, active)
  }, [active, scroller])
  const current = items[active]
  return (
    <div
      ref={scroller}
      class="list"
      role="listbox"
      aria-label={props.label}
      aria-activedescendant={current && rows.includes(current) ? `row-${keyOf(current)}` : undefined}
      tabIndex={0}
      onKeyDown={event => moveByKey(event, props)}
    >
      <div ref={room} class="list-room" role="presentation">
        {rows.map((item, at) => (
          <Row key={keyOf(item)} {...props} item={item} index={first + at} />
        ))}
      </div>
    </div>
  )
}

type RowProps<T> = VirtualListProps<T> & { readonly item: T; readonly index: number }

function Row<T>({ items, keyOf, active, chosen, onActive, onChoose, children, item, index }: RowProps<T>) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox has the focus and the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant points at it.
    <div
      id={`row-${keyOf(item)}`}
      class={index === active ? 'row active' : 'row'}
      role="option"
      aria-selected={keyOf(item) === chosen}
      aria-posinset={index + 1}
      aria-setsize={items.length}
      onClick={() => {
        onActive(index)
        onChoose(item)
      }}
    >
      {children(item)}
    </div>
  )
}

const rowHeightIn = (element: HTMLElement) =>
  Number.parseFloat(getComputedStyle(element).getPropertyValue('--row-height')) *
    Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 64

function viewOf(element: HTMLElement, before: { first: number; count: number }) {
  const height = rowHeightIn(element)
  const first = Math.max(0, Math.floor(element.scrollTop / height) - SPARE)
  const count = Math.ceil(element.clientHeight / height) + 2 * SPARE
  return first === before.first && count === before.count ? before : { first, count }
}

function showRow(element: HTMLElement, index: number): void {
  const height = rowHeightIn(element)
  const top = index * height
  if (top < element.scrollTop) element.scrollTop = top
  else if (top + height > element.scrollTop + element.clientHeight)
    element.scrollTop = top + height - element.clientHeight
}

function moveByKey<T>(
  event: KeyboardEvent,
  { items, active, onActive, onChoose }: VirtualListProps<T>,
): void {
  const page = 10
  const target: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + page,
    PageUp: active - page,
    Home: 0,
    End: items.length - 1,
  }
  const item = items[active]
  if ((event.key === 'Enter' || event.key === ' ') && item) onChoose(item)
  const next = target[event.key]
  if (next === undefined && event.key !== 'Enter' && event.key !== ' ') return
  event.preventDefault()
  if (next !== undefined && items.length > 0) onActive(Math.max(0, Math.min(items.length - 1, next)))
}
