import { useEffect } from 'preact/hooks'

/**
 * The second half of a double tap was meant for the page of the first. On the next one it would give an answer to a
 * question that nobody has read, and with it choose agencies.
 */
export function useDoubleTapsOnOnePage(): void {
  useEffect(() => {
    let page: Element | null = null
    const tap = (event: MouseEvent) => {
      const heading = document.querySelector('h1')
      // Browsers count by place and time, whatever lies there by then; 0 comes from a keyboard.
      if (event.detail < 2) page = heading
      if (page === heading) return
      event.preventDefault()
      event.stopPropagation()
    }
    window.addEventListener('click', tap, true)
    return () => window.removeEventListener('click', tap, true)
  }, [])
}
