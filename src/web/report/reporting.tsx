// The way from «before you start» to the code, one page after the other.
import type { Dispatch, StateUpdater } from 'preact/hooks'
import {
  chosenAgencies,
  contentOf,
  type Draft,
  EMPTY_DRAFT,
  excessBytes,
  type QuestionId,
  withAnswer,
} from './answers.ts'
import type { Place } from './app.tsx'
import type { Connecting, Connection } from './connection.ts'
import type { ListedFile, PreparedReport, Submitted } from './engine.ts'
import { BeforePage, ProtectPage } from './pages/before.tsx'
import { CheckPage } from './pages/check.tsx'
import { CodePage } from './pages/code.tsx'
import { DonePage } from './pages/done.tsx'
import { choiceLabel, QuestionPage } from './pages/question.tsx'
import { ReadersPage, recommended } from './pages/readers.tsx'
import { SendPage } from './pages/send.tsx'
import { useFilesError } from './parts/evidence-files.tsx'
import { ConnectionNotice } from './parts/frame.tsx'
import { Page } from './parts/page.tsx'
import { type Speech, useSpeech } from './parts/speaking.tsx'
import { QUESTIONS } from './questions.ts'
import type { Outgoing } from './sending.ts'
import { type UploadingFor, useUploading } from './uploading.ts'

export type ReportPlace =
  | { readonly name: 'before' | 'protect' | 'readers' | 'check' | 'send' | 'code' | 'done' }
  /** `checking`: came from the check page, and goes back there. */
  | { readonly name: 'question'; readonly at: number; readonly checking: boolean }

export const isReporting = (place: Place): place is ReportPlace =>
  place.name !== 'start' && place.name !== 'enter' && place.name !== 'mine'

export interface Sent {
  readonly prepared: PreparedReport
  readonly submitted: Submitted
  /** Files that stayed with the reporter. */
  readonly kept: readonly ListedFile[]
}

interface ReportingProps {
  readonly place: ReportPlace
  readonly onPlace: (place: Place) => void
  readonly draft: Draft
  readonly setDraft: Dispatch<StateUpdater<Draft>>
  readonly connecting: Connecting
  readonly sent: Sent | null
  readonly onSent: (sent: Sent) => void
  readonly restart: () => void
}

export function Reporting(props: ReportingProps) {
  const { place, onPlace, draft, setDraft, connecting } = props
  const go = (name: Exclude<ReportPlace['name'], 'question'>) => () => onPlace({ name })
  const ask = (at: number, checking = false) => onPlace({ name: 'question', at, checking })
  const uploadingFor = useUploading()
  switch (place.name) {
    case 'before':
      return <BeforePage key="before" onBack={() => onPlace({ name: 'start' })} onNext={go('protect')} />
    case 'protect':
      return <ProtectPage key="protect" onBack={go('before')} onNext={() => ask(0)} />
    case 'question':
      return (
        <QuestionPage
          key={place.at}
          at={place.at}
          draft={draft}
          connection={connecting.state.kind === 'ready' ? connecting.state.connection : null}
          onFiles={files => setDraft(now => ({ ...now, files }))}
          onAnswer={(id, change) => setDraft(now => withAnswer(now, id, change))}
          onWake={wake => setDraft(now => ({ ...now, wake }))}
          onBack={() => (place.at === 0 ? onPlace({ name: 'protect' }) : ask(place.at - 1, place.checking))}
          onNext={() => (place.at + 1 < QUESTIONS.length ? ask(place.at + 1) : onPlace({ name: 'readers' }))}
          onCheck={place.checking ? go('check') : null}
        />
      )
    case 'readers':
      return (
        <ReadersPage
          key="readers"
          connecting={connecting}
          draft={draft}
          onChange={change => setDraft(now => ({ ...now, ...change }))}
          onBack={() => ask(QUESTIONS.length - 1)}
          onNext={go('check')}
        />
      )
    default:
      return <Finishing {...props} {...{ uploadingFor, go, ask }} />
  }
}

interface FinishingProps extends ReportingProps {
  readonly uploadingFor: UploadingFor
  readonly go: (name: Exclude<ReportPlace['name'], 'question'>) => () => void
  readonly ask: (at: number, checking: boolean) => void
}

/** From here on the service’s documents are needed. */
function Finishing(props: FinishingProps) {
  const { state } = props.connecting
  const { words } = useSpeech()
  if (state.kind === 'ready') return <Connected {...props} connection={state.connection} />
  return (
    <Page key="waiting" heading={words.check.heading}>
      <ConnectionNotice {...props.connecting} />
    </Page>
  )
}

function Connected(props: FinishingProps & { readonly connection: Connection }) {
  const { place, onPlace, draft, setDraft, connection, connecting, sent, onSent, restart } = props
  const { uploadingFor, go, ask } = props
  const speech = useSpeech()
  const filesError = useFilesError(connection, draft.files)
  const outgoing = outgoingOf(connection, draft, speech)
  const names = (ids: readonly string[]) => ids.map(id => agencyName(connection, id, speech))
  if (place.name === 'send') {
    return (
      <SendPage
        {...{ connection, outgoing }}
        uploadingNow={() => uploadingFor(connection, draft.files)}
        onSent={(prepared, submitted, kept) => {
          onSent({ prepared, submitted, kept })
          setDraft(EMPTY_DRAFT)
          onPlace({ name: 'code' })
        }}
        onAfresh={() => {
          connecting.retry(connection.trust.stale)
          onPlace({ name: 'check' })
        }}
        onCheck={go('check')}
        onFiles={() => ask(indexOf('evidence'), true)}
      />
    )
  }
  if (place.name === 'code' && sent) {
    return <CodePage engine={connection.engine} prepared={sent.prepared} onDone={go('done')} />
  }
  if (place.name === 'done' && sent) {
    return <DonePage {...{ connection, sent }} readers={names(sent.prepared.agencies)} onStart={restart} />
  }
  return (
    <CheckPage
      draft={draft}
      readers={names(outgoing.agencies)}
      refused={names(draft.refused)}
      tooLong={excessBytes(outgoing.content, draft.files) > 0}
      filesError={filesError}
      onEdit={id => ask(indexOf(id), true)}
      onReaders={go('readers')}
      onText={(id, text) => setDraft(now => withAnswer(now, id, { text }))}
      onBack={go('readers')}
      onSend={go('send')}
    />
  )
}

const indexOf = (id: QuestionId) => QUESTIONS.findIndex(question => question.id === id)

const agencyName = ({ trust }: Connection, id: string, { language }: Speech): string =>
  trust.directory.agencies.find(agency => agency.id === id)?.names[language] ?? id

function outgoingOf(connection: Connection, draft: Draft, speech: Speech): Outgoing {
  const content = contentOf(draft, speech.language, (id, code) => choiceLabel(speech, id, code))
  return { content, agencies: chosenAgencies(draft, recommended(connection, draft)), urgent: draft.wake }
}
