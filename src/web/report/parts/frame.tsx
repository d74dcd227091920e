// What is around every page: the way out, the other language, what is wrong with the service, what this build is.
import type { ComponentChildren } from 'preact'
import { buildInfo } from '../../page/build-info.ts'
import { carriedDeployment, isOffline } from '../../page/deployment.ts'
import type { Connecting, ConnectionTrouble } from '../connection.ts'
import { leave } from '../leaving.ts'
import { Button } from './buttons.tsx'
import { DoorIcon, Mark } from './icons.tsx'
import { Notice } from './page.tsx'
import { useSpeech } from './speaking.tsx'

interface FrameProps {
  readonly connecting: Connecting
  readonly onLanguage: () => void
  readonly children: ComponentChildren
}

export function Frame({ connecting, onLanguage, children }: FrameProps) {
  const { words, language } = useSpeech()
  const { state } = connecting
  return (
    <>
      <header class="top">
        <div class="top-inner">
          <Mark />
          <button
            type="button"
            class="button quiet language"
            lang={language === 'ko' ? 'en' : 'ko'}
            onClick={onLanguage}
          >
            {words.otherLanguage}
          </button>
          <button type="button" class="button leave" aria-describedby="leave-hint" onClick={leave}>
            <DoorIcon />
            {words.leave}
          </button>
          <span id="leave-hint" class="unseen">
            {words.leaveHint}
          </span>
        </div>
      </header>
      {state.kind === 'ready' && state.connection.trust.directory.demonstration && (
        <aside class="banner" aria-label={words.notice}>
          {words.demonstration}
        </aside>
      )}
      {state.kind === 'ready' && state.connection.trust.stale && (
        <aside class="banner stale" aria-label={words.connection.stale.title}>
          {words.connection.stale.using}
        </aside>
      )}
      <main id="content">{children}</main>
      <Footer connecting={connecting} />
    </>
  )
}

/** What keeps anything from being sent; nothing where all is well. */
export function ConnectionNotice({ state, retry }: Connecting) {
  const { words } = useSpeech()
  if (state.kind === 'ready') return null
  if (state.kind === 'loading') {
    return (
      <p class="loading" role="status">
        {words.connection.loading}
      </p>
    )
  }
  return <Trouble trouble={state.kind} retry={retry} />
}

function Trouble({ trouble, retry }: { trouble: ConnectionTrouble; retry: Connecting['retry'] }) {
  const { connection } = useSpeech().words
  const { title, text } = connection[trouble]
  const offline = trouble === 'unreachable' && !navigator.onLine
  return (
    <Notice tone={trouble === 'unproven' ? 'bad' : 'warn'} title={title} urgent>
      <p>{offline ? connection.unreachable.offline : text}</p>
      {trouble === 'stale' && <Button onClick={() => retry(true)}>{connection.stale.use}</Button>}
      {trouble !== 'unproven' && trouble !== 'stale' && (
        <Button onClick={() => retry()}>{connection.retry}</Button>
      )}
    </Notice>
  )
}

function Footer({ connecting: { state } }: { readonly connecting: Connecting }) {
  const { footer } = useSpeech().words
  const build = buildInfo()
  const connection = state.kind === 'ready' ? state.connection : null
  return (
    <footer class="foot">
      <div class="foot-inner">
        <p>{footer.tracking}</p>
        <details>
          <summary>{footer.label}</summary>
          <dl class="facts">
            <dt>{footer.version}</dt>
            <dd>{build.version}</dd>
            <dt>{footer.source}</dt>
            <dd class="mono">{build.source}</dd>
            {connection && (
              <>
                <dt>{footer.deployment}</dt>
                <dd>
                  <span class="mono">{connection.engine.toBase64url(connection.trust.deploymentId)}</span>
                  <br />
                  {carriedDeployment() === null ? footer.notPinned : footer.pinned}
                </dd>
              </>
            )}
          </dl>
          <p class="foot-title">{footer.check}</p>
          <p>{footer.checkText}</p>
          {!isOffline() && (
            <ul class="plain-list">
              <li>
                <a class="foot-link" href="bongsu-web-manifest.json">
                  {footer.manifest}
                </a>
              </li>
              <li>
                <a class="foot-link" href="bongsu-report.html" download="bongsu-report.html">
                  {footer.offline}
                </a>
              </li>
            </ul>
          )}
          <p>{footer.honest}</p>
          <p>{footer.licence}</p>
        </details>
      </div>
    </footer>
  )
}
