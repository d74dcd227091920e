// Everything once more, with the eyes of somebody who would like to know who wrote it.
import type { ComponentChildren } from 'preact'
import { useMemo, useRef, useState } from 'preact/hooks'
import { neutralise } from '../../page/untrusted-text.ts'
import { type Draft, isAnswered, QUESTION_IDS, type QuestionId } from '../answers.ts'
import type { ChosenFile } from '../evidence.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { FileName } from '../parts/file-row.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { type Finding, pieces, scan, soften } from '../scan.ts'
import { choiceLabel } from './question.tsx'
import { RuledOut } from './readers.tsx'

interface CheckProps {
  readonly draft: Draft
  /** As the directory has them. */
  readonly readers: readonly string[]
  readonly refused: readonly string[]
  readonly tooLong: boolean
  /** More than the service takes: what was said at the question came later. */
  readonly filesError: string | null
  readonly onEdit: (id: QuestionId) => void
  readonly onReaders: () => void
  readonly onText: (id: QuestionId, text: string) => void
  readonly onBack: () => void
  readonly onSend: () => void
}

export function CheckPage(props: CheckProps) {
  const { draft, tooLong, filesError, onText, onEdit, onBack, onSend } = props
  const { words } = useSpeech()
  const { check } = words
  const [said, setSaid] = useState('')
  const summary = useRef<HTMLParagraphElement>(null)
  const { answers, files } = draft
  const found = useMemo(
    () => new Map(QUESTION_IDS.map(id => [id, scan(answers[id].text)] as const)),
    [answers],
  )
  const inNames = useMemo(() => new Map(files.map(({ id, file }) => [id, nameFindings(file)])), [files])
  const count = [...found.values(), ...inNames.values()].reduce((sum, list) => sum + list.length, 0)
  const replace = (id: QuestionId, finding: Finding) => {
    onText(id, soften(answers[id].text, finding))
    setSaid(check.replaced)
    // The button that had the focus is gone.
    summary.current?.focus()
  }
  return (
    <Page heading={check.heading} lead={check.lead}>
      <div class={count > 0 ? 'notice warn' : 'notice good'}>
        <p ref={summary} tabIndex={-1} class="notice-title">
          {count > 0 ? check.found(count) : check.clean}
        </p>
        <p>
          {check.scanned} {check.keep}
        </p>
        <p class="unseen" role="status">
          {said}
        </p>
      </div>
      <dl class="answers">
        {QUESTION_IDS.map(id => (
          <AnswerRow
            key={id}
            id={id}
            draft={draft}
            findings={found.get(id) ?? []}
            onEdit={() => onEdit(id)}
            onReplace={finding => replace(id, finding)}
          >
            {id === 'evidence' && files.length > 0 && <Files files={files} findings={inNames} />}
          </AnswerRow>
        ))}
        <ReadersRow {...props} />
      </dl>
      {props.refused.length > 0 && <RuledOut />}
      {tooLong && <Notice tone="bad" title={check.tooLong} urgent />}
      {filesError !== null && <Notice tone="bad" title={filesError} urgent />}
      <Notice tone="plain" title={check.before.title}>
        <p>{check.before.text}</p>
      </Notice>
      <Steps>
        <Button onClick={onBack}>{words.back}</Button>
        <Button kind="main" onClick={onSend} disabled={tooLong || filesError !== null}>
          {check.send}
        </Button>
      </Steps>
    </Page>
  )
}

function ReadersRow({ readers, refused, draft, onReaders }: CheckProps) {
  const { words } = useSpeech()
  const { check } = words
  return (
    <div class="answer">
      <dt>{check.readers}</dt>
      <dd>
        <ul class="plain-list">
          {readers.map(name => (
            <li key={name}>{name}</li>
          ))}
        </ul>
        {refused.length > 0 && (
          <p class="help">
            {check.ruledOut}: {refused.join(', ')}
          </p>
        )}
        {draft.wake && <p class="help">{check.urgent}</p>}
        <div class="change">
          <Button kind="quiet" onClick={onReaders} label={check.changeOf(check.readers)}>
            {check.change}
          </Button>
        </div>
      </dd>
    </div>
  )
}

/** Only pointed at: a file's name is changed where the file is. Not that it is one. */
const nameFindings = (file: File): Finding[] =>
  scan(file.name.replaceAll('_', ' '))
    .filter(({ kind }) => kind !== 'path')
    .map(finding => ({ ...finding, replacement: null }))

interface FilesProps {
  readonly files: readonly ChosenFile[]
  readonly findings: ReadonlyMap<number, readonly Finding[]>
}

function Files({ files, findings }: FilesProps) {
  const { words, size } = useSpeech()
  return (
    <>
      <ul class="file-answers">
        {files.map(({ id, file, fate }) => (
          <li key={id}>
            <FileName name={neutralise(file.name)} size={size(file.size)} />
            <p class="help">{fate === 'send' ? words.files.goesAlong : words.files.staysHere}</p>
            <Findings findings={findings.get(id) ?? []} onReplace={() => undefined} />
          </li>
        ))}
      </ul>
      <p class="help">{words.files.nameAdvice}</p>
    </>
  )
}

interface RowProps {
  readonly id: QuestionId
  readonly draft: Draft
  readonly findings: readonly Finding[]
  readonly onEdit: () => void
  readonly onReplace: (finding: Finding) => void
  readonly children: ComponentChildren
}

function AnswerRow({ id, draft, findings, onEdit, onReplace, children }: RowProps) {
  const speech = useSpeech()
  const { check, questions } = speech.words
  const title = questions[id].title.replace('|', ' ')
  const answer = draft.answers[id]
  const text = answer.text.trim() === '' ? '' : answer.text
  return (
    <div class="answer">
      <dt>{title}</dt>
      <dd>
        {!isAnswered(answer) && !children && <p class="none">{check.unanswered}</p>}
        {answer.codes.map(code => (
          <p key={code} class="choice">
            {choiceLabel(speech, id, code)}
          </p>
        ))}
        {text && <Marked text={text} findings={findings} />}
        <Findings findings={findings} onReplace={onReplace} />
        {children}
        <div class="change">
          <Button kind="quiet" onClick={onEdit} label={check.changeOf(title)}>
            {check.change}
          </Button>
        </div>
      </dd>
    </div>
  )
}

const Marked = ({ text, findings }: { readonly text: string; readonly findings: readonly Finding[] }) => (
  <p class="written" dir="auto">
    {pieces(text, findings).map((piece, i) =>
      piece.finding ? <mark key={i}>{piece.text}</mark> : <span key={i}>{piece.text}</span>,
    )}
  </p>
)

function Findings({ findings, onReplace }: Pick<RowProps, 'findings' | 'onReplace'>) {
  const { check } = useSpeech().words
  if (findings.length === 0) return null
  return (
    <ul class="findings">
      {findings.map(finding => {
        const { kind, start, replacement } = finding
        const { label, advice } = check.findings[kind]
        return (
          <li key={`${kind}-${start}`}>
            <p>
              <strong>{label}</strong> <q dir="auto">{finding.text}</q>
            </p>
            <p>{advice}</p>
            {replacement !== null && (
              <Button kind="quiet" onClick={() => onReplace(finding)}>
                {check.replace(replacement)}
              </Button>
            )}
          </li>
        )
      })}
    </ul>
  )
}
