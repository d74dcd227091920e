// The code: shown once, kept by nobody but its reader, and asked back before the page lets go.
import { useRef, useState } from 'preact/hooks'
import type { PreparedReport } from '../engine.ts'
import type { Engine } from '../load-engine.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { LineField } from '../parts/fields.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { saveText } from '../parts/saving.ts'
import { useSpeech } from '../parts/speaking.tsx'

type Form = 'groups' | 'ko' | 'en'

interface CodeProps {
  readonly engine: Engine
  readonly prepared: PreparedReport
  readonly onDone: () => void
}

export function CodePage({ engine, prepared, onDone }: CodeProps) {
  const [form, setForm] = useState<Form>('groups')
  const [asking, setAsking] = useState<readonly [number, number] | null>(null)
  const parts =
    form === 'groups'
      ? engine.formatReceiptCode(prepared.code).split('-')
      : engine.receiptCodeToWords(prepared.code, form).split(' ')
  if (asking) {
    return (
      <Confirm
        key="confirm"
        form={form}
        parts={parts}
        asking={asking}
        onAgain={() => setAsking(null)}
        onDone={onDone}
      />
    )
  }
  return (
    <Shown
      key="shown"
      form={form}
      parts={parts}
      onForm={setForm}
      onWritten={() => setAsking(twoOf(parts.length))}
    />
  )
}

/** Two places of a code, by chance, in order. */
function twoOf(count: number): readonly [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2))
  const first = a % count
  const second = (first + 1 + (b % (count - 1))) % count
  return first < second ? [first, second] : [second, first]
}

interface ShownProps {
  readonly form: Form
  readonly parts: readonly string[]
  readonly onForm: (form: Form) => void
  readonly onWritten: () => void
}

function Shown({ form, parts, onForm, onWritten }: ShownProps) {
  const { words } = useSpeech()
  const { code } = words
  const forms = [
    ['groups', code.groups],
    ['ko', code.wordsKo],
    ['en', code.wordsEn],
  ] as const
  return (
    <Page heading={code.heading} lead={code.lead}>
      <CodeSheet form={form} parts={parts} />
      <fieldset class="choices inline no-print">
        <legend class="help">{code.forms}</legend>
        <div class="options">
          {forms.map(([value, label]) => (
            <label key={value} class="option">
              <input type="radio" name="form" checked={form === value} onChange={() => onForm(value)} />
              <span>{label}</span>
            </label>
          ))}
        </div>
      </fieldset>
      <Keeping form={form} parts={parts} />
      <Notice tone="warn" title={code.never}>
        <p>{code.keep}</p>
      </Notice>
      <Steps>
        <Button kind="main" onClick={onWritten}>
          {code.written}
        </Button>
      </Steps>
    </Page>
  )
}

const CodeSheet = ({ form, parts }: Pick<ShownProps, 'form' | 'parts'>) => {
  const { code } = useSpeech().words
  return (
    <section class={`code-sheet ${form === 'groups' ? 'groups' : 'words'}`} aria-label={code.spoken}>
      <ol lang={form === 'groups' ? undefined : form}>
        {parts.map((part, i) => (
          <li key={i}>{part}</li>
        ))}
      </ol>
    </section>
  )
}

function Keeping({ form, parts }: Pick<ShownProps, 'form' | 'parts'>) {
  const { code } = useSpeech().words
  const [said, setSaid] = useState('')
  const text = parts.join(form === 'groups' ? '-' : ' ')
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setSaid(code.copied),
      () => setSaid(code.notCopied),
    )
  const save = () => {
    saveText(code.fileName, `${text}\n`)
    setSaid(code.saved(code.fileName))
  }
  return (
    <div class="keeping no-print">
      <div class="button-row">
        {/* Absent where the page came over plain HTTP. */}
        {'clipboard' in navigator && <Button onClick={copy}>{code.copy}</Button>}
        <Button
          onClick={() => {
            setSaid(code.printed)
            window.print()
          }}
        >
          {code.print}
        </Button>
        <Button onClick={save}>{code.save}</Button>
      </div>
      <p class="help" role="status">
        {said}
      </p>
    </div>
  )
}

interface ConfirmProps {
  readonly form: Form
  readonly parts: readonly string[]
  readonly asking: readonly [number, number]
  readonly onAgain: () => void
  readonly onDone: () => void
}

/** As forgiving as the code itself is read. */
const plain = (text: string) =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .replace(/[\s\-\u2010-\u2015\u2212]/g, '')
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1')

function Confirm({ form, parts, asking, onAgain, onDone }: ConfirmProps) {
  const { words } = useSpeech()
  const { code } = words
  const [typed, setTyped] = useState<readonly [string, string]>(['', ''])
  const [tried, setTried] = useState(false)
  const place = useRef<HTMLFormElement>(null)
  const wrong = asking.map((at, i) => plain(typed[i] ?? '') !== plain(parts[at] ?? ''))
  const confirm = (event?: Event) => {
    event?.preventDefault()
    setTried(true)
    const first = wrong.indexOf(true)
    if (first < 0) return onDone()
    place.current?.querySelectorAll('input')[first]?.focus()
  }
  return (
    <Page heading={code.confirmHeading} lead={code.confirmLead}>
      <form ref={place} onSubmit={confirm}>
        <div class="pair">
          {asking.map((at, i) => (
            <LineField
              key={at}
              id={`back-${i}`}
              label={form === 'groups' ? code.group(at + 1) : code.word(at + 1)}
              value={typed[i] ?? ''}
              onChange={value => setTyped(i === 0 ? [value, typed[1]] : [typed[0], value])}
              error={tried && wrong[i] ? code.wrong(at + 1) : null}
              mono={form === 'groups'}
            />
          ))}
        </div>
        <Steps>
          <Button onClick={onAgain}>{code.again}</Button>
          <button type="submit" class="button main">
            {code.confirm}
          </button>
        </Steps>
      </form>
    </Page>
  )
}
