import { useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import { REPLY_TEMPLATES } from '../asking.ts'
import type { Room, RoomState } from '../case-room.ts'
import { type IdentifyingPassage, identifyingPassages } from '../identifying.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { Language } from '../reading.ts'
import { ReplyFiles } from './reply-files.tsx'

interface ReplyBoxProps {
  readonly room: Room
  readonly state: Pick<RoomState, 'draft' | 'attached' | 'notAttached'>
  /** Of the form that the reporter used, where it is known. */
  readonly language: Language | null
}

export function ReplyBox({ room, state, language }: ReplyBoxProps) {
  const { draft } = state
  const { talk } = useSpeech().words.case
  const [isAsking, setAsking] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const passages = useMemo(() => identifyingPassages(draft), [draft])
  const asks = passages.filter(({ weight }) => weight === 'asks')
  const send = () => {
    setAsking(false)
    void room.send()
    field.current?.focus()
  }
  return (
    <form
      class="reply-box"
      onSubmit={event => {
        event.preventDefault()
        if (draft.trim() === '') return field.current?.focus()
        if (asks.length > 0) setAsking(true)
        else send()
      }}
    >
      <label for="reply">{talk.write}</label>
      <p id="reply-help" class="help">
        {talk.writeHelp} {language && talk.reporterWrites[language]}
      </p>
      <Templates
        language={language}
        onPick={text => {
          room.write(draft.trim() === '' ? text : `${draft.trimEnd()}\n\n${text}`)
          field.current?.focus()
        }}
      />
      <textarea
        ref={field}
        id="reply"
        rows={9}
        dir="auto"
        value={draft}
        aria-describedby="reply-help reply-warnings"
        onInput={event => {
          room.write(event.currentTarget.value)
          setAsking(false)
        }}
        autocomplete="off"
        spellcheck={false}
      />
      <div id="reply-warnings" aria-live="polite">
        <ReplyWarnings draft={draft} passages={passages} language={language} />
      </div>
      <ReplyFiles room={room} written={state} />
      {isAsking ? (
        <Sure
          onChange={() => {
            setAsking(false)
            field.current?.focus()
          }}
          onSend={send}
        />
      ) : (
        <button type="submit" class="button main" aria-disabled={draft.trim() === ''}>
          {talk.send}
        </button>
      )}
    </form>
  )
}

interface SureProps {
  readonly onChange: () => void
  readonly onSend: () => void
}

/** The focus comes here: the button that asked is gone. */
function Sure({ onChange, onSend }: SureProps) {
  const { talk } = useSpeech().words.case
  const box = useRef<HTMLFieldSetElement>(null)
  useLayoutEffect(() => box.current?.focus(), [])
  return (
    <fieldset ref={box} class="sure" tabIndex={-1}>
      <legend class="unseen">{talk.sure}</legend>
      <p aria-hidden="true">{talk.sure}</p>
      <div class="button-row">
        <Button kind="main" onClick={onChange}>
          {talk.change}
        </Button>
        <Button kind="danger" onClick={onSend}>
          {talk.sendAnyway}
        </Button>
      </div>
    </fieldset>
  )
}

interface TemplatesProps {
  readonly language: Language | null
  readonly onPick: (text: string) => void
}

/** In the reporter's language first; the other is one choice away. */
function Templates({ language, onPick }: TemplatesProps) {
  const { words, language: own } = useSpeech()
  const { talk } = words.case
  const [chosen, setChosen] = useState<Language>(language ?? own)
  const id = useId()
  return (
    <div class="templates">
      <span id={id}>{talk.template}</span>
      <fieldset class="button-row" aria-labelledby={id}>
        {REPLY_TEMPLATES.map(({ id: name, title, text }) => (
          <Button key={name} onClick={() => onPick(text[chosen])}>
            {title[own]}
          </Button>
        ))}
      </fieldset>
      <span class="template-languages">
        {(['ko', 'en'] as const).map(name => (
          <Button key={name} kind="quiet" pressed={chosen === name} onClick={() => setChosen(name)}>
            {talk.templateLanguage[name]}
          </Button>
        ))}
      </span>
    </div>
  )
}

interface ReplyWarningsProps {
  readonly draft: string
  readonly passages: readonly IdentifyingPassage[]
  readonly language: Language | null
}

function ReplyWarnings({ draft, passages, language }: ReplyWarningsProps) {
  const { talk } = useSpeech().words.case
  const asks = passages.filter(({ weight }) => weight === 'asks')
  const mentions = passages.filter(({ weight }) => weight === 'mentions')
  return (
    <>
      {asks.length > 0 && (
        <Notice tone="warn" title={talk.asksTitle}>
          <p>{talk.asksText}</p>
          <Passages draft={draft} passages={asks} />
        </Notice>
      )}
      {mentions.length > 0 && (
        <Notice tone="plain" title={talk.mentionsTitle}>
          <p>{talk.mentionsText}</p>
          <Passages draft={draft} passages={mentions} />
        </Notice>
      )}
      {language !== null && isInOther(draft, language) && (
        <p class="help">{talk.otherLanguage(talk.languageNames[language])}</p>
      )}
    </>
  )
}

const HANGUL = /\p{Script=Hangul}/gu
const LATIN = /\p{Script=Latin}/gu
/** Fewer letters tell nothing. */
const ENOUGH = 20

function isInOther(draft: string, language: Language): boolean {
  const hangul = draft.match(HANGUL)?.length ?? 0
  const latin = draft.match(LATIN)?.length ?? 0
  if (hangul + latin < ENOUGH) return false
  // Korean sentences about technology are full of Latin names; English ones have no Hangul.
  return language === 'ko' ? hangul === 0 : hangul > latin
}

interface PassagesProps {
  readonly draft: string
  readonly passages: readonly IdentifyingPassage[]
}

function Passages({ draft, passages }: PassagesProps) {
  const { talk } = useSpeech().words.case
  return (
    <ul class="passages">
      {passages.map(({ kind, start, end }) => (
        <li key={`${start}-${end}-${kind}`}>
          <q>{draft.slice(start, end)}</q> <span>{talk.identifying[kind]}</span>
        </li>
      ))}
    </ul>
  )
}
