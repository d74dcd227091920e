import { useEffect, useMemo, useState } from 'preact/hooks'
import { idleLock } from '../idle.ts'
import { Button } from './elements.tsx'
import { useSpeech } from './speaking.tsx'

/** From here on it is said that the page is about to lock. */
const WARNING_MS = 60_000

const SIGNS_OF_LIFE = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const

/** Locks what nobody uses, and says so a minute before. */
export function IdleWarning({ onLock }: { readonly onLock: () => void }) {
  const { idle } = useSpeech().words
  const lock = useMemo(() => idleLock(Date.now()), [])
  const [remaining, setRemaining] = useState(() => lock.remaining(Date.now()))
  useEffect(() => {
    const timer = setInterval(() => setRemaining(lock.remaining(Date.now())), 1000)
    return () => clearInterval(timer)
  }, [lock])
  useEffect(() => {
    const touched = () => {
      // Whoever comes back too late must not wake it: the clock ticks only once a second.
      if (lock.remaining(Date.now()) > 0) lock.touched(Date.now())
    }
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, touched, { passive: true })
    return () => {
      for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, touched)
    }
  }, [lock])
  useEffect(() => {
    if (remaining === 0) onLock()
  }, [remaining, onLock])
  if (remaining > WARNING_MS || remaining === 0) return null
  const seconds = Math.ceil(remaining / 1000)
  return (
    <div class="idle-warning">
      <p role="alert" class="idle-title">
        {idle.title}
      </p>
      <p role="timer">{idle.text(seconds)}</p>
      <Button
        kind="main"
        onClick={() => {
          lock.touched(Date.now())
          setRemaining(lock.remaining(Date.now()))
        }}
      >
        {idle.stay}
      </Button>
    </div>
  )
}
