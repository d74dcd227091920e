// Keys that work wherever nobody is typing, and the page that tells of them.
import { useEffect, useRef } from 'preact/hooks'
import { Button } from './elements.tsx'
import { useSpeech } from './speaking.tsx'

export type KeyActions = Readonly<Record<string, (() => void) | undefined>>

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:TEXTAREA|SELECT)$/.test(target.tagName) || isLineOfText(target))

const isLineOfText = (target: HTMLElement) =>
  target instanceof HTMLInputElement && !/^(?:checkbox|radio|button|submit|file)$/.test(target.type)

/** Single keys; Escape works while typing, too. */
export function useKeys(actions: KeyActions, isOn: boolean): void {
  const latest = useRef({ actions, isOn })
  latest.current = { actions, isOn }
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented)
        return
      const isOpen = document.querySelector('dialog[open]') !== null
      if (isOpen) return
      const isLetter = event.key.length === 1
      if (isLetter && (!latest.current.isOn || isTyping(event.target))) return
      const action = latest.current.actions[isLetter ? event.key.toLowerCase() : event.key]
      if (!action) return
      event.preventDefault()
      action()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
}

interface KeysHelpProps {
  readonly isOn: boolean
  readonly onSwitch: (isOn: boolean) => void
  readonly onClose: () => void
}

export function KeysHelp({ isOn, onSwitch, onClose }: KeysHelpProps) {
  const { words } = useSpeech()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="keys-help" aria-labelledby="keys-heading" onClose={onClose}>
      <h2 id="keys-heading">{words.keys.heading}</h2>
      <dl>
        {words.keys.list.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <label class="option">
        <input type="checkbox" checked={isOn} onChange={event => onSwitch(event.currentTarget.checked)} />
        <span>
          {words.keys.off}
          <small>{words.keys.offHelp}</small>
        </span>
      </label>
      <Button kind="main" onClick={() => dialog.current?.close()}>
        {words.close}
      </Button>
    </dialog>
  )
}
