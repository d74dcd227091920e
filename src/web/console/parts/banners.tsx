// What is wrong with the service, or about to be with the device, above everything.
import type { ComponentChildren } from 'preact'
import { useAtWork, useClock, useObserved, useRefusal } from './at-work.ts'
import { Button } from './elements.tsx'
import { dayInSeoul, daysLeft } from './shown.ts'
import { useSpeech } from './speaking.tsx'

/** Days before the end of a certificate from which on it is said on every page. */
const ENDING_DAYS = 30

export function DeviceBanners({ onMore }: { readonly onMore: () => void }) {
  const { words } = useSpeech()
  const { session } = useAtWork()
  const left = daysLeft(session.validUntil, 0, dayInSeoul(session.now()))
  return (
    <>
      {session.demonstration && (
        <aside class="banner" aria-label={words.notice}>
          {words.frame.demonstration}
        </aside>
      )}
      {session.isStale && (
        <aside class="banner bad" aria-label={words.frame.stale}>
          {words.frame.stale}
        </aside>
      )}
      {!session.demonstration && !session.wasSealed && (
        <aside class="banner bad" aria-label={words.frame.plainKey}>
          {words.frame.plainKey}
        </aside>
      )}
      {left <= ENDING_DAYS && (
        <aside class="banner" aria-label={words.frame.ending(left)}>
          {words.frame.ending(left)}{' '}
          <button type="button" class="link-button" onClick={onMore}>
            {words.frame.endingMore}
          </button>
        </aside>
      )}
    </>
  )
}

export function ConnectionBanner() {
  const { words } = useSpeech()
  const { inbox } = useAtWork()
  const { connection } = useObserved(inbox)
  const { connection: said } = words
  useRefusal(connection.kind === 'refused')
  const reload = <Button onClick={() => location.reload()}>{words.reload}</Button>
  switch (connection.kind) {
    case 'away':
      return <Away since={connection.since} nextTry={connection.nextTry} />
    case 'outdated':
      return (
        <Stop tone="warn" title={said.outdatedTitle} text={said.outdatedText}>
          {reload}
        </Stop>
      )
    case 'unproven':
      return <Stop tone="bad" title={said.unprovenTitle} text={said.unprovenText} />
    case 'broken':
      return (
        <Stop tone="bad" title={said.brokenTitle} text={said.brokenText}>
          {reload}
        </Stop>
      )
    default:
      return null
  }
}

interface StopProps {
  readonly tone: 'warn' | 'bad'
  readonly title: string
  readonly text: string
  readonly children?: ComponentChildren
}

const Stop = ({ tone, title, text, children }: StopProps) => (
  <div class={`banner stop ${tone}`} role="alert">
    <p>
      <strong>{title}</strong> {text}
    </p>
    {children}
  </div>
)

function Away({ since, nextTry }: { readonly since: number; readonly nextTry: number }) {
  const { words, time } = useSpeech()
  const { inbox } = useAtWork()
  const seconds = Math.max(0, Math.ceil((nextTry - useClock()) / 1000))
  return (
    <aside class="banner stop warn" aria-label={words.connection.away}>
      <p>
        <strong>{words.connection.away}</strong> {words.connection.awayText(time(since), seconds)}
      </p>
      <Button onClick={inbox.retry}>{words.retryNow}</Button>
    </aside>
  )
}
