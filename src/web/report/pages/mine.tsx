// What became of it: proven states, replies, and what can still be done.
import { useState } from 'preact/hooks'
import { leave } from '../leaving.ts'
import { type MyReport, type Objecting, openReport } from '../my-report.ts'
import { Apart } from '../parts/apart.tsx'
import { Button, Steps } from '../parts/buttons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Sure } from '../parts/sure.tsx'
import { AgencyCard, Moved } from './mine-agency.tsx'
import { Replies } from './mine-replies.tsx'
import { Withdrawing } from './mine-withdraw.tsx'
import { Writing } from './mine-write.tsx'

interface MineProps {
  readonly mine: MyReport
  readonly onMine: (mine: MyReport) => void
  /** Something is written that could be lost. */
  readonly unsaved: boolean
  readonly onUnsaved: (unsaved: boolean) => void
  readonly onStart: () => void
}

export function MinePage({ mine, onMine, unsaved, onUnsaved, onStart }: MineProps) {
  const { words, day } = useSpeech()
  const { status } = mine
  const [state, setState] = useState<'idle' | 'busy' | 'failed'>('idle')
  const [objecting, setObjecting] = useState<Objecting | null>(null)
  const refresh = async () => {
    setState('busy')
    try {
      onMine(await openReport(mine.connection, mine.reporter))
      setState('idle')
    } catch {
      setState('failed')
    }
  }
  const lead = status.state === 'received' ? words.mine.received : words.mine.withdrawn
  return (
    <Page heading={words.mine.heading} lead={lead(day(status.day))}>
      <section aria-labelledby="agencies">
        <h2 id="agencies">{words.mine.agencies}</h2>
        <Apart of={mine} instead={<Notice tone="warn" title={words.mine.unshown} />}>
          <Moved mine={mine} />
        </Apart>
        <ul class="cards">
          {status.agencies.map(agency => (
            <AgencyCard key={agency.id} agency={agency} mine={mine} onObject={setObjecting} />
          ))}
        </ul>
        <Button onClick={refresh} disabled={state === 'busy'}>
          {state === 'busy' ? words.enter.opening : words.mine.refresh}
        </Button>
        <p class="error" role="status">
          {state === 'failed' ? words.enter.failed : ''}
        </p>
      </section>
      <Replies mine={mine} onChanged={refresh} />
      {status.agencies.some(agency => agency.state === 'assigned') && (
        <Writing
          mine={mine}
          objecting={objecting}
          onObjecting={setObjecting}
          onChanged={refresh}
          onUnsaved={onUnsaved}
        />
      )}
      {status.state === 'received' && <Withdrawing mine={mine} onChanged={refresh} />}
      <Ending unsaved={unsaved} onStart={onStart} />
    </Page>
  )
}

function Ending({ unsaved, onStart }: Pick<MineProps, 'unsaved' | 'onStart'>) {
  const { words } = useSpeech()
  const [isAsking, setAsking] = useState(false)
  if (isAsking) {
    return (
      <Sure
        question={words.mine.dropSure}
        no={words.mine.dropNo}
        yes={words.mine.dropYes}
        onNo={() => setAsking(false)}
        onYes={onStart}
      />
    )
  }
  return (
    <Steps>
      <Button onClick={unsaved ? () => setAsking(true) : onStart}>{words.done.startAgain}</Button>
      <Button kind="main" onClick={leave}>
        {words.mine.end}
      </Button>
    </Steps>
  )
}
