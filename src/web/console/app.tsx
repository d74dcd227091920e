// From a key file to the agency's cases.
import { useEffect, useState } from 'preact/hooks'
import { carriedDeployment, serviceUrl } from '../page/deployment.ts'
import { EVERYTHING, filterCases } from './case-filter.ts'
import type { Inbox, InboxState } from './inbox.ts'
import { loadEngine } from './load-engine.ts'
import type { Session, UnlockRefusal } from './session.ts'

interface Open {
  readonly session: Session
  readonly inbox: Inbox
}

export function App() {
  const [open, setOpen] = useState<Open | null>(null)
  const [refusal, setRefusal] = useState<UnlockRefusal | null>(null)
  // Nothing of it survives the page, not even in the browser's own memory of pages.
  useEffect(() => {
    const leave = () => open?.session.lock()
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [open])
  const unlock = async (file: File, passphrase: string) => {
    const engine = await loadEngine()
    const outcome = await engine.unlock({
      file: new Uint8Array(await file.arrayBuffer()),
      passphrase: passphrase === '' ? null : passphrase,
      serviceUrl: serviceUrl() ?? location.origin,
      deployment: carriedDeployment(),
      now: () => Date.now(),
    })
    if (outcome.kind !== 'unlocked') return setRefusal(outcome.kind)
    const { session } = outcome
    setRefusal(null)
    setOpen({ session, inbox: engine.openInbox(session) })
  }
  if (open) return <Cases inbox={open.inbox} />
  return <Unlock refusal={refusal} onUnlock={unlock} />
}

interface UnlockProps {
  readonly refusal: UnlockRefusal | null
  readonly onUnlock: (file: File, passphrase: string) => Promise<void>
}

function Unlock({ refusal, onUnlock }: UnlockProps) {
  const [file, setFile] = useState<File | null>(null)
  const [passphrase, setPassphrase] = useState('')
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (file) void onUnlock(file, passphrase)
      }}
    >
      <label>
        기기 키 파일 · Key file
        <input type="file" onChange={event => setFile(event.currentTarget.files?.[0] ?? null)} />
      </label>
      <label>
        암호 · Passphrase
        <input
          type="password"
          autocomplete="off"
          value={passphrase}
          onInput={event => setPassphrase(event.currentTarget.value)}
        />
      </label>
      <button type="submit">열기 · Unlock</button>
      {refusal && <p role="alert">{refusal}</p>}
    </form>
  )
}

function Cases({ inbox }: { readonly inbox: Inbox }) {
  const [{ cases, connection }, setState] = useState<InboxState>(inbox.current)
  useEffect(() => inbox.subscribe(() => setState(inbox.current())), [inbox])
  return (
    <main>
      <p role="status">{connection.kind}</p>
      <ul>
        {filterCases(cases.values(), EVERYTHING).map(({ shown, day, state }) => (
          <li key={shown}>
            {shown} {day} {state}
          </li>
        ))}
      </ul>
    </main>
  )
}
