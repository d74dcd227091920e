// How far something has come, with what may be done about it.
import type { ComponentChildren } from 'preact'

interface TransferProps {
  readonly label: string
  readonly done: number
  readonly of: number
  /** The same as words. */
  readonly text: string
  readonly children?: ComponentChildren
}

export function Transfer({ label, done, of, text, children }: TransferProps) {
  return (
    <div class="transfer">
      <progress aria-label={label} max={Math.max(1, of)} value={of === 0 ? 1 : done} />
      <span class="transfer-text">{text}</span>
      {children && <span class="button-row">{children}</span>}
    </div>
  )
}
