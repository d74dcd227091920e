import type { CaseContent } from '../case-content.ts'
import type { Room } from '../case-room.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { HistoryView } from './history.tsx'
import { TechnicalView } from './technical.tsx'

interface UnopenablePageProps {
  readonly room: Room
  readonly content: Extract<CaseContent, { kind: 'unopenable' }>
  readonly isBusy: boolean
}

/** Shown as what it is, with what can be done about it. */
export function UnopenablePage({ room, content, isBusy }: UnopenablePageProps) {
  const { unopenable } = useSpeech().words.case
  return (
    <div class="case-body">
      <Notice tone="bad" title={unopenable.heading} urgent>
        <p>{unopenable.text}</p>
      </Notice>
      {content.isRecorded ? (
        <Notice tone="good">
          <p>{unopenable.recorded}</p>
        </Notice>
      ) : (
        <Notice tone="plain">
          <p>{unopenable.tells}</p>
          <Button kind="main" onClick={() => void room.recordUnopenable()} disabled={isBusy}>
            {unopenable.go}
          </Button>
        </Notice>
      )}
      <HistoryView history={content.history} wasOpened={false} />
      <TechnicalView read={content.read} isOpened={false} />
    </div>
  )
}
