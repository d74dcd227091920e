// From a key file to the agency's cases, and back: whatever is open is in this component's memory, and gone with it.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks'
import { languageIn, rememberLanguage } from './address.ts'
import { DeskPage } from './pages/desk.tsx'
import { EnrolPage } from './pages/enrol.tsx'
import { type LockReason, UnlockPage } from './pages/unlock.tsx'
import { LanguageButton } from './parts/frame.tsx'
import { SpeechContext, speechIn } from './parts/speaking.tsx'
import type { Desk } from './unlocking.ts'

export function App() {
  const [language, setLanguage] = useState(() => languageIn(location.hash))
  const [desk, setDesk] = useState<Desk | null>(null)
  const [reason, setReason] = useState<LockReason | null>(null)
  const [isEnrolling, setEnrolling] = useState(false)
  const speech = useMemo(() => speechIn(language), [language])
  const lock = useCallback(
    (why: LockReason) => {
      desk?.session.lock()
      setDesk(null)
      setReason(why)
    },
    [desk],
  )
  // Also where the page is left, and this component with it.
  useEffect(() => {
    if (!desk) return
    return () => desk.session.lock()
  }, [desk])
  useNoOpening()
  useEffect(() => {
    document.documentElement.lang = language
    if (!desk) document.title = speech.words.title
  }, [language, speech, desk])
  const changeLanguage = () => {
    const next = language === 'ko' ? 'en' : 'ko'
    rememberLanguage(next)
    setLanguage(next)
  }
  const languageButton = <LanguageButton onClick={changeLanguage} />
  const unlocked = (next: Desk) => {
    setReason(null)
    setDesk(next)
  }
  return (
    <SpeechContext.Provider value={speech}>
      {desk && <DeskPage key={desk.session.deviceId} desk={desk} onLock={lock} aside={languageButton} />}
      {!desk && isEnrolling && <EnrolPage aside={languageButton} onBack={() => setEnrolling(false)} />}
      {!desk && !isEnrolling && (
        <UnlockPage
          reason={reason}
          aside={languageButton}
          onEnrol={() => setEnrolling(true)}
          onUnlocked={unlocked}
        />
      )}
    </SpeechContext.Provider>
  )
}

/** A key file dropped beside its field would be opened by the browser: its seeds on the screen, its name in the history. */
function useNoOpening(): void {
  useEffect(() => {
    const keep = (event: DragEvent) => {
      if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
    }
    const kinds = ['dragover', 'drop'] as const
    for (const kind of kinds) window.addEventListener(kind, keep)
    return () => {
      for (const kind of kinds) window.removeEventListener(kind, keep)
    }
  }, [])
}
