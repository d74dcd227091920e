import type { ComponentChildren } from 'preact'

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

/** Forward and back: always in this order and at this place. */
export const Steps = ({ children }: { readonly children: ComponentChildren }) => (
  <div class="steps">{children}</div>
)
