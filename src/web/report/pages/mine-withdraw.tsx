import { useState } from 'preact/hooks'
import type { WithdrawalOutcome } from '../engine.ts'
import type { MyReport } from '../my-report.ts'
import { Button } from '../parts/buttons.tsx'
import { Notice } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Sure } from '../parts/sure.tsx'

interface WithdrawingProps {
  readonly mine: MyReport
  readonly onChanged: () => void
}

type Stage = 'explained' | 'asked' | 'busy' | 'failed'

export function Withdrawing({ mine, onChanged }: WithdrawingProps) {
  const { words } = useSpeech()
  const [stage, setStage] = useState<Stage>('explained')
  const [outcome, setOutcome] = useState<WithdrawalOutcome | null>(null)
  const { connection, reporter } = mine
  const withdraw = async () => {
    setStage('busy')
    try {
      setOutcome(await connection.engine.withdrawReport(reporter))
      setStage('explained')
      onChanged()
    } catch {
      setStage('failed')
    }
  }
  return (
    <section aria-labelledby="withdraw">
      <h2 id="withdraw">{words.mine.withdraw}</h2>
      {outcome ? (
        <Notice tone="good" urgent>
          {words.mine.outcome[outcome]}
        </Notice>
      ) : (
        <>
          <p>{words.mine.withdrawLead}</p>
          <ul class="points">
            {words.mine.withdrawPoints.map(point => (
              <li key={point}>{point}</li>
            ))}
          </ul>
          <Asking stage={stage} onStage={setStage} onWithdraw={withdraw} onChanged={onChanged} />
        </>
      )}
    </section>
  )
}

interface AskingProps {
  readonly stage: Stage
  readonly onStage: (stage: Stage) => void
  readonly onWithdraw: () => void
  readonly onChanged: () => void
}

function Asking({ stage, onStage, onWithdraw, onChanged }: AskingProps) {
  const { mine } = useSpeech().words
  if (stage === 'explained') return <Button onClick={() => onStage('asked')}>{mine.withdrawBegin}</Button>
  // The request may have arrived: whoever leaves it at that sees how the report stands.
  const hasFailed = stage === 'failed'
  return (
    <Sure
      key={hasFailed ? 'failed' : 'asked'}
      question={hasFailed ? mine.withdrawFailed : mine.withdrawSure}
      no={hasFailed ? mine.withdrawLook : mine.withdrawNo}
      yes={stage === 'busy' ? mine.withdrawing : mine.withdrawYes}
      busy={stage === 'busy'}
      onNo={() => {
        onStage('explained')
        if (hasFailed) onChanged()
      }}
      onYes={onWithdraw}
    />
  )
}
