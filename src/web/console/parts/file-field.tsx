// Files chosen or dropped.
import { useState } from 'preact/hooks'

interface FileFieldProps {
  readonly id: string
  readonly label: string
  readonly button: string
  /** The id of what describes it. */
  readonly describedBy?: string
  readonly isMultiple?: boolean
  readonly onFiles: (files: readonly File[]) => void
}

export function FileField({ id, label, button, describedBy, isMultiple = false, onFiles }: FileFieldProps) {
  const [isOver, setOver] = useState(false)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping a file is a second way beside the button in it.
    <div
      class={isOver ? 'file-field over' : 'file-field'}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        onFiles([...(event.dataTransfer?.files ?? [])])
      }}
    >
      <label for={id}>{label}</label>
      <input
        id={id}
        class="unseen"
        type="file"
        multiple={isMultiple}
        aria-describedby={describedBy}
        onChange={event => {
          onFiles([...(event.currentTarget.files ?? [])])
          // The same file can be chosen again.
          event.currentTarget.value = ''
        }}
      />
      <label for={id} class="button" aria-hidden="true">
        {button}
      </label>
    </div>
  )
}
