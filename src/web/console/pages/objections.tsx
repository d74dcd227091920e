// Follow-ups that object to something: what it is, and what can be done about it.
import type { Objection } from '../../../client/index.ts'
import { type Action, rowsOf } from '../../../protocol/lifecycle.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { Opened } from './case-parts.tsx'
import { useEntryName } from './history.tsx'

const objectionTo = ({ objections }: Opened, followUp: number): Objection | null =>
  objections[followUp - 1] ?? null

/** What is objected to, in words; null where this agency does not see it. */
function useObjectedTo(content: Opened, { entry, event }: Objection): string | null {
  const { words, language, day } = useSpeech()
  const nameOf = useEntryName()
  const found = entry === null ? undefined : content.history.entries[entry]
  if (!found) return event?.day ? words.work.objections.toOffer(day(event.day)) : null
  const { subject } = found
  const agency = subject?.kind === 'agency' ? ` · ${subject.names?.[language] ?? subject.id}` : ''
  const said = words.work.objections.to
  return said(`${nameOf(found)}${agency}`, found.day === null ? '' : day(found.day), found.index + 1)
}

/** In the conversation. */
export function ObjectionMark({ content, index }: { readonly content: Opened; readonly index: number }) {
  const objection = objectionTo(content, index)
  return objection && <Mark content={content} objection={objection} />
}

function Mark({ content, objection }: { readonly content: Opened; readonly objection: Objection }) {
  const { objections } = useSpeech().words.work
  const what = useObjectedTo(content, objection)
  return (
    <Notice tone="warn" title={objections.title}>
      <p>{what ?? objections.elsewhere}</p>
      {objection.answers.length > 0 && <p>{objections.inHandling}</p>}
    </Notice>
  )
}

interface OpenObjectionsProps {
  readonly content: Opened
  readonly isBusy: boolean
  /** With the follow-up or the agency that it is about. */
  readonly onChoose: (action: Action, subject: string) => void
}

/** Where a case is handled: those that this device can do something about. */
export function OpenObjections({ content, ...rest }: OpenObjectionsProps) {
  const { followUps } = content.opened
  return (
    <>
      {followUps.map(({ index }) => {
        const objection = objectionTo(content, index)
        return (
          objection &&
          objection.answers.length > 0 && (
            <OpenObjection key={index} {...rest} content={content} objection={objection} index={index} />
          )
        )
      })}
    </>
  )
}

interface OpenObjectionProps extends OpenObjectionsProps {
  readonly objection: Objection
  readonly index: number
}

function OpenObjection({ content, objection, index, isBusy, onChoose }: OpenObjectionProps) {
  const { words, language } = useSpeech()
  const what = useObjectedTo(content, objection)
  return (
    <Notice tone="warn" title={words.work.objections.open(index)}>
      <p>{what}</p>
      <p class="button-row">
        {objection.answers.map(action => (
          <Button
            key={action}
            disabled={isBusy}
            onClick={() => onChoose(action, subjectOf(action, objection, index))}
          >
            {rowsOf(action)[0]?.label[language] ?? action}
          </Button>
        ))}
      </p>
    </Notice>
  )
}

const subjectOf = (action: Action, { event }: Objection, followUp: number): string =>
  action === 'objected' ? String(followUp) : (event?.content?.subject ?? '')

/** The follow-up that an objection is taken from, where it can be one only. */
export function objectingFollowUp({ opened, objections }: Opened, action: Action): string {
  const found = opened.followUps.filter((_, at) => objections[at]?.answers.includes(action))
  return action === 'objected' && found.length === 1 ? String(found[0]?.index) : ''
}
