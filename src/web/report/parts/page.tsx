import { type ComponentChildren, Fragment } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

interface PageProps {
  /** Lines break at «|» before they break anywhere else. */
  readonly heading: string
  readonly lead?: ComponentChildren
  readonly above?: ComponentChildren
  readonly className?: string
  readonly children?: ComponentChildren
}

let shownBefore = false

/** One page: its heading gets the focus, so that a screen reader begins there. Not on the very first, as browsers do. */
export function Page({ heading, lead, above, className = '', children }: PageProps) {
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => {
    if (shownBefore) title.current?.focus({ preventScroll: true })
    if (shownBefore) window.scrollTo(0, 0)
    shownBefore = true
  }, [])
  return (
    <div class={`page ${className}`}>
      {above}
      <h1 ref={title} tabIndex={-1}>
        {heading.split('|').map((phrase, i) => (
          <Fragment key={phrase}>
            {i > 0 && ' '}
            <span class="phrase">{phrase}</span>
          </Fragment>
        ))}
      </h1>
      {lead !== undefined && <p class="lead">{lead}</p>}
      {children}
    </div>
  )
}

interface NoticeProps {
  readonly tone: 'plain' | 'warn' | 'bad' | 'good'
  readonly title?: string
  /** Said aloud as soon as it appears. */
  readonly urgent?: boolean
  readonly children?: ComponentChildren
}

export function Notice({ tone, title, urgent = false, children }: NoticeProps) {
  return (
    <div class={`notice ${tone}`} role={urgent ? 'alert' : undefined}>
      {title !== undefined && <p class="notice-title">{title}</p>}
      {children}
    </div>
  )
}
