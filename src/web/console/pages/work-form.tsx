// One action before it is signed: who learns of it, what it asks for, and the button that signs.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { confirmsDecision } from '../../../protocol/lifecycle.ts'
import type { Choice } from '../../../protocol/lifecycle-guards.ts'
import type { CaseWork } from '../case-work.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { fitsText, readersOf } from '../said.ts'
import { CodeField, SubjectField } from './form-fields.tsx'
import { type Offer, OfferView, whyNotOffered } from './hand-over.tsx'
import type { WorkProps } from './work.tsx'
import { Decided } from './work-standing.tsx'

interface ActionFormProps extends WorkProps {
  readonly choice: Choice
  /** Chosen before the form is seen; empty where nothing is. */
  readonly subject: string
  readonly onClose: () => void
}

interface Filled {
  readonly code: string
  readonly subject: string
  readonly text: string
}

const EMPTY: Filled = { code: '', subject: '', text: '' }

export type FieldName = 'code' | 'subject' | 'text'

/** The first field that has to be filled or made shorter. */
function lacking({ codes, names }: Choice, { code, subject, text }: Filled): FieldName | null {
  if (names && subject === '') return 'subject'
  if (codes && code === '') return 'code'
  return fitsText(text) ? null : 'text'
}

const offerOf = ({ action }: Choice): Offer | null =>
  action === 'hand-over-proposed' || action === 'agency-invited' ? action : null

export function ActionForm({ room, state, content, choice, subject: given, onClose }: ActionFormProps) {
  const { words, language } = useSpeech()
  const said = words.work.form
  const [filled, setFilled] = useState({ ...EMPTY, subject: given })
  const [wrong, setWrong] = useState<FieldName | null>(null)
  const heading = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => heading.current?.focus(), [])
  const { action, codes, names } = choice
  const label = choice.label[language]
  const set = (change: Partial<Filled>) => {
    setFilled({ ...filled, ...change })
    setWrong(null)
  }
  const offer = offerOf(choice)
  const isBarred = offer !== null && whyNotOffered(content) !== null
  const sign = async () => {
    const missing = lacking(choice, filled)
    setWrong(missing)
    if (missing !== null) return document.getElementById(`act-${missing}`)?.focus()
    const { code, subject, text } = filled
    await room.act({
      action,
      ...(codes ? { code } : {}),
      ...(names ? { subject } : {}),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
    })
    // Without an answer of the service it stays as it was filled in.
    if (room.current().trouble === null) onClose()
  }
  const field = { filled, set, wrong, choice, content }
  return (
    <form
      class="action-form"
      aria-labelledby="form-heading"
      onSubmit={event => {
        event.preventDefault()
        if (state.busy === null && !isBarred) void sign()
      }}
    >
      <h4 id="form-heading" ref={heading} tabIndex={-1}>
        {said.heading(label)}
      </h4>
      <WhoLearns choice={choice} work={content.work} />
      {names && !isBarred && (
        <SubjectField {...field} room={room} team={state.team} isOffer={offer !== null} />
      )}
      {offer && <OfferView offer={offer} content={content} agencyId={filled.subject} />}
      {codes && !isBarred && <CodeField {...field} />}
      {!isBarred && !confirmsDecision(action) && <TextField {...field} />}
      <div class="button-row">
        {!isBarred && (
          <button type="submit" class="button main" aria-disabled={state.busy !== null}>
            {said.sign(label)}
          </button>
        )}
        <Button onClick={onClose}>{said.cancel}</Button>
      </div>
    </form>
  )
}

/** By what the service and the reporter are given, not by what anybody means. */
function WhoLearns({ choice: { action, twoPeople, tells }, work }: { choice: Choice; work: CaseWork }) {
  const { words } = useSpeech()
  const said = words.work.form
  const { pending } = work.state
  const isConfirming = confirmsDecision(action)
  const readers = readersOf(action)
  const { title, text } = twoPeople
    ? { title: said.proposes, text: said.proposesText }
    : said.readers[readers]
  return (
    <Notice tone={twoPeople || readers === 'told' || tells ? 'warn' : 'plain'} title={title}>
      <p>{text}</p>
      {isConfirming && pending && (
        <>
          <p>{said.confirms}</p>
          <div>
            <Decided decision={pending} work={work} />
          </div>
          {work.pendingText !== null && <Untrusted text={work.pendingText} label={said.textFor.told} />}
        </>
      )}
      <p>{said.final}</p>
    </Notice>
  )
}

export interface FieldProps {
  readonly filled: Filled
  readonly set: (change: Partial<Filled>) => void
  readonly wrong: FieldName | null
  readonly choice: Choice
  readonly content: WorkProps['content']
}

function TextField({ filled, set, wrong, choice }: FieldProps) {
  const { form } = useSpeech().words.work
  return (
    <div class="field">
      <label for="act-text">{form.textFor[choice.twoPeople ? 'told' : readersOf(choice.action)]}</label>
      <textarea
        id="act-text"
        rows={4}
        dir="auto"
        value={filled.text}
        aria-invalid={wrong === 'text'}
        aria-describedby="act-text-problem"
        onInput={event => set({ text: event.currentTarget.value })}
        autocomplete="off"
        spellcheck={false}
      />
      <p id="act-text-problem" class="error" aria-live="polite">
        {wrong === 'text' && form.tooLong}
      </p>
    </div>
  )
}
