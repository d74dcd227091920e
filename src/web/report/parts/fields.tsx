// What can be answered with. A browser that checks spelling may send the text somewhere: it is asked not to.
import type { ComponentChildren } from 'preact'
import { useSpeech } from './speaking.tsx'

interface TextProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: ComponentChildren
  readonly error?: string | null
  readonly rows?: number
  readonly required?: boolean
  /** As long as it is on its way. */
  readonly readOnly?: boolean
  /** The page's heading says the same. */
  readonly hideLabel?: boolean
}

const UNASSISTED = {
  autocomplete: 'off',
  autocorrect: 'off',
  autocapitalize: 'off',
  spellcheck: false,
  writingsuggestions: 'false',
  'data-gramm': 'false',
} as const

export function TextField({ id, label, value, onChange, help, error, rows = 4, ...more }: TextProps) {
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id} class={more.hideLabel ? 'unseen' : 'label'}>
        {label}
      </label>
      {help && (
        <div id={`${id}-help`} class="help">
          {help}
        </div>
      )}
      <textarea
        id={id}
        rows={rows}
        dir="auto"
        value={value}
        required={more.required ?? false}
        readOnly={more.readOnly ?? false}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        onInput={event => onChange(event.currentTarget.value)}
        {...UNASSISTED}
      />
      <FieldError id={id} error={error ?? null} />
    </div>
  )
}

interface LineProps {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly help?: ComponentChildren
  readonly error?: string | null
  /** Shown as dots. A password's field would have browsers offer to keep the code, and takes no Korean. */
  readonly masked?: boolean
  readonly placeholder?: string
  readonly mono?: boolean
}

export function LineField({ id, label, value, onChange, help, error, masked, placeholder, mono }: LineProps) {
  const described = [help ? `${id}-help` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ')
  return (
    <div class="field">
      <label for={id} class="label">
        {label}
      </label>
      {help && (
        <div id={`${id}-help`} class="help">
          {help}
        </div>
      )}
      <input
        id={id}
        name={id}
        type="text"
        class={`${mono ? 'mono' : ''} ${masked ? 'masked' : ''}`}
        value={value}
        placeholder={placeholder}
        aria-invalid={error ? true : undefined}
        aria-describedby={described || undefined}
        onInput={event => onChange(event.currentTarget.value)}
        {...UNASSISTED}
      />
      <FieldError id={id} error={error ?? null} />
    </div>
  )
}

/** Always there, so that what appears in it is announced. */
export const FieldError = ({ id, error }: { readonly id: string; readonly error: string | null }) => (
  <p id={`${id}-error`} class="error" aria-live="polite">
    {error}
  </p>
)

interface ChoicesProps {
  readonly name: string
  readonly legend: string
  readonly many: boolean
  readonly options: readonly { readonly code: string; readonly label: string }[]
  readonly chosen: readonly string[]
  readonly onChange: (codes: readonly string[]) => void
  readonly dense?: boolean
}

export function Choices({ name, legend, many, options, chosen, onChange, dense = false }: ChoicesProps) {
  const { words } = useSpeech()
  const toggle = (code: string) => {
    if (!many) return onChange([code])
    onChange(chosen.includes(code) ? chosen.filter(other => other !== code) : [...chosen, code])
  }
  return (
    <fieldset class="choices">
      <legend class="help">{legend}</legend>
      <div class={dense ? 'options dense' : 'options'}>
        {options.map(({ code, label }) => (
          <label key={code} class="option">
            <input
              type={many ? 'checkbox' : 'radio'}
              name={name}
              checked={chosen.includes(code)}
              onChange={() => toggle(code)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
      {!many && chosen.length > 0 && (
        <button type="button" class="button quiet" onClick={() => onChange([])}>
          {words.clearChoice}
        </button>
      )}
    </fieldset>
  )
}
