// What a page is once somebody has gone elsewhere: a browser may keep it in memory, and show it to whoever presses «back».
import { render } from 'preact'

/** Emptied as it is left, and begun anew if it is shown again: loading alone would leave it on the screen until then. */
export function emptyWhenLeft(place: Element): void {
  window.addEventListener('pagehide', () => render(null, place))
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) location.reload()
  })
}
