// What state a case is in, in the list and above the case.
import { STATES, type Standing } from '../../../protocol/lifecycle-phases.ts'
import { isOffered } from '../case-filter.ts'
import type { InboxCase } from '../inbox.ts'
import { useSpeech } from './speaking.tsx'

interface StateNameProps extends Pick<InboxCase, 'state' | 'stage'> {
  readonly standing: readonly Standing[]
}

/** Further on in its lifecycle, that says more than that it was opened. */
export function StateName({ state, stage, standing }: StateNameProps) {
  const { words, language } = useSpeech()
  const { inbox } = words
  const isUnderWay = state === 'acknowledged' && stage !== 'acknowledged'
  return (
    <>
      <span class={`state ${state}`}>
        <span class="named">{isUnderWay ? STATES[stage][language] : inbox.state[state]}</span>
      </span>
      {isOffered({ standing }) && <span class="badge offered">{inbox.offered}</span>}
    </>
  )
}
