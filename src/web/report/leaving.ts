// Away at once: nothing of the page is left on the screen, in its memory or behind the browser's back button.
import { render } from 'preact'
import { useEffect } from 'preact/hooks'

/**
 * The weather office's page: public, without sign-in, harmless on any screen in Korea, and no search engine that
 * would know the visitor by an account. It learns nothing of where somebody came from: there is no referrer.
 */
const HARMLESS = 'https://www.weather.go.kr/'
const TWICE_MS = 1500

export function leave(): void {
  const place = document.getElementById('app')
  // First the text goes: the other page may take its time or never come.
  if (place) render(null, place)
  document.title = ''
  window.addEventListener('keydown', keepLoading)
  location.replace(HARMLESS)
}

/** Escape ends what is being loaded, in every browser: pressed once more, it would leave an empty page at this address. */
function keepLoading(event: KeyboardEvent): void {
  if (event.key === 'Escape') event.preventDefault()
}

/** Escape, twice within a moment. Not while a syllable is being composed, which Escape ends. */
export function useEscapeTwice(act: () => void): void {
  useEffect(() => {
    let before = Number.NEGATIVE_INFINITY
    const press = (event: KeyboardEvent) => {
      if (event.key !== 'Escape' || event.isComposing || event.repeat) return
      if (event.timeStamp - before < TWICE_MS) {
        keepLoading(event)
        act()
      }
      before = event.timeStamp
    }
    window.addEventListener('keydown', press)
    return () => window.removeEventListener('keydown', press)
  }, [act])
}

/** The browser asks before it reloads, closes or goes back, as long as there is something to lose. */
export function useLossWarning(active: boolean): void {
  useEffect(() => {
    if (!active) return
    let isCalling = false
    const warn = (event: BeforeUnloadEvent) => {
      if (!isCalling) event.preventDefault()
    }
    // Chromium asks before a call, too, which leaves nothing: whoever is in danger would read of losing the report.
    const call = ({ target }: MouseEvent) => {
      isCalling = target instanceof Element && target.closest('a[href^="tel:"]') !== null
      if (isCalling) setTimeout(() => (isCalling = false))
    }
    window.addEventListener('beforeunload', warn)
    window.addEventListener('click', call)
    return () => {
      window.removeEventListener('beforeunload', warn)
      window.removeEventListener('click', call)
    }
  }, [active])
}

/** A file dropped beside the field for files would be opened by the browser: on the screen, and in the history by its name. */
export function useNoOpening(): void {
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
