import { useEffect } from 'preact/hooks'
import type { Connecting } from '../connection.ts'
import { ConnectionNotice } from '../parts/frame.tsx'
import { ArrowIcon, EnvelopeIcon, PenIcon, Ridges } from '../parts/icons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface StartProps {
  readonly connecting: Connecting
  readonly onReport: () => void
  readonly onLook: () => void
}

export function StartPage({ connecting, onReport, onLook }: StartProps) {
  const { words } = useSpeech()
  const { start } = words
  useCompany(connecting)
  // No invitation where nobody can be trusted with an answer.
  if (connecting.state.kind === 'unproven') return <StopPage />
  return (
    <Page className="start" heading={start.heading} lead={start.lead}>
      {connecting.state.kind !== 'loading' && <ConnectionNotice {...connecting} />}
      <Ways onReport={onReport} onLook={onLook} />
      <ul class="promises">
        {start.promises.map(promise => (
          <li key={promise}>{promise}</li>
        ))}
      </ul>
      <p class="danger-line">
        {start.danger}{' '}
        <a class="call" href="tel:112">
          {start.dangerCall}
        </a>{' '}
        <a class="call" href="tel:119">
          {start.fire}
        </a>
      </p>
      <Ridges />
    </Page>
  )
}

function StopPage() {
  const { unproven } = useSpeech().words.connection
  return (
    <Page key="stop" heading={unproven.title}>
      <Notice tone="bad" urgent>
        <p>{unproven.text}</p>
      </Notice>
    </Page>
  )
}

function Ways({ onReport, onLook }: Pick<StartProps, 'onReport' | 'onLook'>) {
  const { start } = useSpeech().words
  return (
    <div class="ways">
      <button type="button" class="way main" onClick={onReport}>
        <PenIcon />
        <span class="way-text">
          <strong>{start.report}</strong>
          <span>{start.reportNote}</span>
        </span>
        <ArrowIcon />
      </button>
      <button type="button" class="way" onClick={onLook}>
        <EnvelopeIcon />
        <span class="way-text">
          <strong>{start.look}</strong>
          <span>{start.lookNote}</span>
        </span>
        <ArrowIcon />
      </button>
    </div>
  )
}

/**
 * Every visit looks into a mailbox of its own that is thrown away. Whoever watches cannot tell those who have a
 * code from those who only came by.
 */
function useCompany({ state }: Connecting): void {
  const connection = state.kind === 'ready' ? state.connection : null
  useEffect(() => {
    const { engine, service, trust } = connection ?? {}
    if (engine && service && trust) engine.readNothing(service, trust).catch(() => undefined)
  }, [connection])
}
