import type { ComponentChildren } from 'preact'
import { grouped, overLines } from './shown.ts'

interface ButtonProps {
  readonly children: ComponentChildren
  readonly onClick: () => void
  readonly kind?: 'main' | 'plain' | 'quiet' | 'danger'
  readonly disabled?: boolean
  readonly label?: string | undefined
  readonly pressed?: boolean
}

export function Button({ children, onClick, kind = 'plain', disabled = false, label, pressed }: ButtonProps) {
  return (
    <button
      type="button"
      class={`button ${kind}`}
      onClick={onClick}
      disabled={disabled}
      aria-label={label}
      aria-pressed={pressed}
    >
      {children}
    </button>
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

/** In groups of four to be read aloud; selecting it gives it without gaps. */
export const Id = ({ of, short = false }: { readonly of: string; readonly short?: boolean }) => (
  <span class="mono id">
    {grouped(short ? of.slice(0, 8) : of).map((part, at) => (
      <span key={at}>{part}</span>
    ))}
  </span>
)

/** For a terminal; long ones over several lines, as a shell takes them. */
export const Commands = ({ lines }: { readonly lines: readonly string[] }) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must reach it.
  <pre class="commands mono" tabIndex={0}>
    {lines.map(overLines).join('\n')}
  </pre>
)
