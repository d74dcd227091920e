import { useState } from 'preact/hooks'
import { TECHNOLOGY_FIELDS } from '../../../protocol/taxonomy.ts'
import { type Answer, contentOf, type Draft, excessBytes, isAnswered, type QuestionId } from '../answers.ts'
import type { Connection } from '../connection.ts'
import type { ChosenFile } from '../evidence.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { EvidenceFiles, useFilesError } from '../parts/evidence-files.tsx'
import { Choices, TextField } from '../parts/fields.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { type Speech, useSpeech } from '../parts/speaking.tsx'
import { QUESTIONS, type Question } from '../questions.ts'
import type { QuestionWords } from '../words/en-questions.ts'

interface QuestionProps {
  readonly at: number
  readonly draft: Draft
  /** Null as long as there is none: the questions do not wait for it. */
  readonly connection: Connection | null
  readonly onFiles: (files: readonly ChosenFile[]) => void
  readonly onAnswer: (id: QuestionId, change: Partial<Answer>) => void
  readonly onWake: (wake: boolean) => void
  readonly onBack: () => void
  readonly onNext: () => void
  /** Where somebody came here from checking. */
  readonly onCheck: (() => void) | null
}

export function choiceLabel({ words, language }: Speech, id: QuestionId, code: string): string {
  const choices: QuestionWords['choices'] = words.questions[id].choices
  return choices[code] ?? TECHNOLOGY_FIELDS[code]?.[language] ?? code
}

/** Characters that are too many; 0 where the answer fits. */
export function overflow({ id, room }: Question, draft: Draft): number {
  const { text } = draft.answers[id]
  if (text.length > room && room > 0) return text.length - room
  // Only a long text can fill the envelope, and only then is it worth measuring.
  if (id !== 'what' || text.length < 80_000) return 0
  const content = contentOf(draft, 'ko', (_, code) => code)
  const excess = excessBytes(content, draft.files)
  const bytesEach = new TextEncoder().encode(text).length / text.length
  return Math.ceil(excess / bytesEach)
}

export function QuestionPage(props: QuestionProps) {
  const { at, draft, connection, onBack, onNext, onCheck } = props
  const { words, number } = useSpeech()
  const [tried, setTried] = useState(false)
  const filesError = useFilesError(connection, draft.files)
  const question = QUESTIONS[at]
  if (!question) return null
  const { id } = question
  const needed = id === 'what' && draft.answers.what.text.trim() === ''
  const over = overflow(question, draft)
  const error = over > 0 ? words.tooLong(number(over)) : tried && needed ? words.needed : null
  const go = (on: () => void) => () => {
    setTried(true)
    if (over > 0 || needed) document.getElementById(id)?.focus()
    else if (id === 'evidence' && filesError) document.getElementById('files')?.focus()
    else on()
  }
  const hasFiles = id === 'evidence' && draft.files.length > 0
  const skips = id !== 'what' && !hasFiles && !isAnswered(draft.answers[id])
  return (
    <Page
      heading={words.questions[id].title}
      lead={words.questions[id].help}
      above={<Progress at={at + 1} of={QUESTIONS.length} required={id === 'what'} />}
    >
      <form onSubmit={event => event.preventDefault()}>
        <AnswerFields {...props} question={question} error={error} />
        <Steps>
          <Button onClick={onBack}>{words.back}</Button>
          <Button kind="main" onClick={go(onCheck ?? onNext)}>
            {onCheck ? words.toCheck : skips ? words.unknown : words.next}
            {skips && !onCheck && <span class="button-note">{words.unknownNote}</span>}
          </Button>
        </Steps>
      </form>
    </Page>
  )
}

interface FieldsProps extends QuestionProps {
  readonly question: Question
  readonly error: string | null
}

function AnswerFields({ question, draft, connection, onAnswer, onFiles, onWake, error }: FieldsProps) {
  const speech = useSpeech()
  const { words } = speech
  const { id, choose, codes, room } = question
  const answer = draft.answers[id]
  const text = words.questions[id]
  return (
    <>
      {choose !== 'none' && (
        <Choices
          name={id}
          legend={choose === 'one' ? words.chooseOne : words.chooseMany}
          many={choose === 'many'}
          options={codes.map(code => ({ code, label: choiceLabel(speech, id, code) }))}
          chosen={answer.codes}
          onChange={chosen => onAnswer(id, { codes: chosen })}
          dense={id === 'field'}
        />
      )}
      {id === 'when' && answer.codes.includes('U0') && <Danger />}
      {room > 0 && (
        <TextField
          id={id}
          label={text.textLabel}
          hideLabel={choose === 'none'}
          rows={id === 'what' ? 10 : 4}
          value={answer.text}
          onChange={value => onAnswer(id, { text: value })}
          help={text.examples.length > 0 && <Examples examples={text.examples} />}
          error={error}
          required={id === 'what'}
        />
      )}
      {id === 'evidence' && (
        <section aria-labelledby="files-heading">
          <h2 id="files-heading">{words.files.heading}</h2>
          <EvidenceFiles files={draft.files} onFiles={onFiles} connection={connection} />
        </section>
      )}
      {id === 'when' && <Wake wake={draft.wake} onWake={onWake} />}
    </>
  )
}

function Examples({ examples }: { readonly examples: readonly string[] }) {
  const { words } = useSpeech()
  return (
    <>
      {words.examples}
      <ul class="examples">
        {examples.map(example => (
          <li key={example}>{example}</li>
        ))}
      </ul>
    </>
  )
}

function Danger() {
  const { danger } = useSpeech().words
  return (
    <Notice tone="bad" title={danger.title} urgent>
      <p>{danger.text}</p>
      <p class="calls">
        <a class="button danger" href="tel:112">
          {danger.police}
        </a>
        <a class="button" href="tel:119">
          {danger.fire}
        </a>
      </p>
    </Notice>
  )
}

function Wake({ wake, onWake }: { readonly wake: boolean; readonly onWake: (wake: boolean) => void }) {
  const { words } = useSpeech()
  return (
    <div class="wake">
      <label class="option">
        <input
          type="checkbox"
          checked={wake}
          aria-describedby="wake-help"
          onChange={event => onWake(event.currentTarget.checked)}
        />
        <span>{words.wake.label}</span>
      </label>
      <p id="wake-help" class="help">
        {words.wake.text}
      </p>
    </div>
  )
}

/** A row of beacons; those behind you are lit. */
function Progress({
  at,
  of,
  required,
}: {
  readonly at: number
  readonly of: number
  readonly required: boolean
}) {
  const { words } = useSpeech()
  return (
    <div class="progress">
      <span class="beacons" aria-hidden="true">
        {Array.from({ length: of }, (_, i) => i + 1).map(step => (
          <span key={step} class={step < at ? 'past' : step === at ? 'here' : ''} />
        ))}
      </span>
      <span aria-hidden="true">
        {words.step(at, of)} · {required ? words.required : words.optional}
      </span>
      <span class="unseen">
        {words.stepSpoken(at, of)}, {required ? words.required : words.optional}
      </span>
    </div>
  )
}
