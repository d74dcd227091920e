// A case's history as a timeline: what this agency did, and what others answered, in their place.
import type { ComponentChildren } from 'preact'
import type { DeviceRole } from '../../../protocol/agency-documents.ts'
import type { History, HistoryEntry } from '../history.ts'
import type { PlacedAnswer } from '../history-answers.ts'
import { Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'

interface HistoryViewProps {
  readonly history: History
  /** Without having been opened, tags are unchecked. */
  readonly wasOpened: boolean
}

export function HistoryView({ history, wasOpened }: HistoryViewProps) {
  const { history: said } = useSpeech().words.case
  const { verdict, entries, answers, head } = history
  const answersAfter = (index: number) =>
    answers
      .filter(({ after }) => after === index)
      .map((answer, at) => <Answer key={`a${at}`} answer={answer} />)
  return (
    <section class="history" aria-label={said.label}>
      {verdict === 'sound' && entries.length > 0 && (
        <Notice tone="good">
          <p>{said.sound}</p>
        </Notice>
      )}
      {verdict === 'forged-entries' && (
        <Notice tone="bad" title={said.forgedTitle} urgent>
          <p>{said.forgedText}</p>
        </Notice>
      )}
      {verdict === 'broken' && (
        <Notice tone="bad" title={said.brokenTitle} urgent>
          <p>{said.brokenText}</p>
        </Notice>
      )}
      {!wasOpened && entries.length > 0 && <p class="help">{said.unchecked}</p>}
      {entries.length === 0 && verdict === 'sound' && <p>{said.empty}</p>}
      {entries.length + answers.length > 0 && (
        <ol class="timeline">
          {answersAfter(-1)}
          {entries.flatMap(entry => [
            <Entry key={entry.index} entry={entry} />,
            ...answersAfter(entry.index),
          ])}
        </ol>
      )}
      <dl class="pairs">
        <dt>{said.head}</dt>
        <dd>
          <Id of={head} />
          <p class="help">{said.headHelp}</p>
        </dd>
      </dl>
    </section>
  )
}

/** What an entry is called, in the history and in the conversation. */
export function useEntryName(): (entry: HistoryEntry) => string {
  const { words, language } = useSpeech()
  return ({ what, label }) => (what === 'step' && label ? label[language] : words.case.history.what[what])
}

function Entry({ entry }: { readonly entry: HistoryEntry }) {
  const { history } = useSpeech().words.case
  const nameOf = useEntryName()
  const { index, what, day, device, keys } = entry
  return (
    <li class={what === 'forged' ? 'bad' : what}>
      <p class="entry-what">
        <span class="named">{nameOf(entry)}</span>
        <Subject entry={entry} />
        <span class="entry-index">{history.entry(index + 1)}</span>
      </p>
      <Signed day={day} device={device} isOwn={device?.isOwn ?? false}>
        {keys > 0 && <span>{history.keys(keys)}</span>}
      </Signed>
      <SaidWith entry={entry} />
      {what === 'forged' && <p class="entry-bad">{history.forgedEntry}</p>}
    </li>
  )
}

function Subject({ entry: { subject } }: { readonly entry: HistoryEntry }) {
  const { words, language } = useSpeech()
  if (!subject) return null
  const { kind, id, names } = subject
  const shown = kind === 'device' ? id.slice(0, 8) : (names?.[language] ?? id)
  return <span class="entry-subject"> → {words.case.history.names[kind](shown)}</span>
}

interface SaidWithProps {
  readonly entry: Pick<HistoryEntry, 'code' | 'text' | 'readers' | 'isUnread'>
}

/** Reason and text, and who can read them. */
export function SaidWith({ entry: { code, text, readers, isUnread } }: SaidWithProps) {
  const { words, language } = useSpeech()
  const { history } = words.case
  if (isUnread) return <p class="help">{history.unread}</p>
  if (code === null && text === null) return null
  return (
    <div class="entry-said">
      <p class="help">{history[readers]}</p>
      {code !== null && (
        <p>
          {history.reason}: <strong>{code[language]}</strong>
        </p>
      )}
      {text !== null && <Untrusted text={text} label={history.reason} />}
    </div>
  )
}

interface SignedProps {
  readonly day: string | null
  readonly device: { readonly id: string; readonly role: DeviceRole } | null
  readonly isOwn: boolean
  readonly children?: ComponentChildren
}

function Signed({ day, device, isOwn, children }: SignedProps) {
  const { words, day: written } = useSpeech()
  const { history, talk } = words.case
  return (
    <p class="entry-who">
      <span>{day === null ? history.noDay : written(day)}</span>
      <span>
        {device === null ? (
          history.nobody
        ) : (
          <>
            {talk.by(words.frame.roles[device.role], '')}
            <Id of={device.id} short />
            {isOwn && <strong class="own"> {talk.thisDevice}</strong>}
          </>
        )}
      </span>
      {children}
    </p>
  )
}

function Answer({ answer }: { readonly answer: PlacedAnswer }) {
  const { words, language } = useSpeech()
  const { history } = words.case
  const { agency, what, label, day, device, isOffer } = answer
  const isForged = what === 'forged'
  const name = agency.names?.[language] ?? agency.id
  return (
    <li class={isForged ? 'bad' : 'answered'}>
      <p class="entry-what">
        <span class="named">{isForged ? history.what.forged : label?.[language]}</span>
        <span class="entry-index">{isOffer ? history.offer(name) : history.answer(name)}</span>
      </p>
      <Signed day={day} device={device} isOwn={false} />
      <SaidWith entry={answer} />
      {isForged && <p class="entry-bad">{history.forgedAnswer}</p>}
    </li>
  )
}
