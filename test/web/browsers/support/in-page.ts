// Runs in the page, as text: each function stands for itself and imports nothing.

export type Said =
  | { readonly text: string; readonly exact: boolean }
  | { readonly pattern: string; readonly flags: string }

/** From the document inwards. */
export type Step =
  | { readonly by: 'css'; readonly css: string }
  | { readonly by: 'role'; readonly css: string; readonly name: Said | null }
  | { readonly by: 'text' | 'label' | 'containing'; readonly said: Said }
  /** From the end, where it is negative. */
  | { readonly by: 'at'; readonly index: number }

export interface Seen {
  readonly count: number
  /** Of the first that was found, as all below. */
  readonly isVisible: boolean
  readonly isDisabled: boolean
  readonly text: string | null
  readonly texts: readonly string[]
  readonly value: string
  readonly checked: boolean
}

/** What is found, and with `act` what is done to the first of it. */
export async function inPage(
  steps: readonly Step[],
  act: 'see' | 'focus' | 'fill' | 'attribute' | 'point',
  argument: string,
): Promise<unknown> {
  const plain = (text: string) =>
    text
      .replace(/\u200b/g, '')
      .replace(/\s+/g, ' ')
      .trim()
  const matches = (said: Said, text: string) => {
    if ('pattern' in said) return new RegExp(said.pattern, said.flags).test(plain(text))
    if (said.exact) return plain(text) === plain(said.text)
    return plain(text).toLowerCase().includes(plain(said.text).toLowerCase())
  }
  const textOf = (element: Element | null | undefined) => element?.textContent ?? ''
  const isShown = (element: Element) => {
    const { width, height } = element.getBoundingClientRect()
    return element.checkVisibility({ visibilityProperty: true }) && width > 0 && height > 0
  }
  const nameOf = (element: Element) => {
    const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? []
    if (ids.length > 0) return ids.map(id => textOf(document.getElementById(id))).join(' ')
    const labels = 'labels' in element ? [...((element.labels as NodeList | null) ?? [])] : []
    if (labels.length > 0) return labels.map(label => label.textContent ?? '').join(' ')
    return element.getAttribute('aria-label') ?? textOf(element)
  }
  const inside = (roots: readonly ParentNode[], css: string) => {
    const all = roots.flatMap(root => [...root.querySelectorAll(css)])
    return [...new Set(all)]
  }
  const innermost = (elements: readonly Element[], said: Said) =>
    elements.filter(
      element =>
        !element.matches('script, style, noscript, head, title, html, body') &&
        matches(said, textOf(element)) &&
        ![...element.children].some(child => matches(said, textOf(child))),
    )
  const next = (found: readonly (Element | Document)[], step: Step): Element[] => {
    const elements = found.filter(one => one instanceof Element)
    switch (step.by) {
      case 'css':
        return inside(found, step.css)
      case 'role': {
        const { css, name } = step
        return inside(found, css).filter(one => isShown(one) && (!name || matches(name, nameOf(one))))
      }
      case 'text':
        return innermost(inside(found, '*'), step.said)
      case 'label':
        return inside(found, 'input, select, textarea').filter(one => matches(step.said, nameOf(one)))
      case 'containing':
        return elements.filter(one => matches(step.said, textOf(one)))
      case 'at':
        return elements.slice(step.index, step.index + 1 || undefined)
    }
  }
  let found: (Element | Document)[] = [document]
  for (const step of steps) found = next(found, step)
  const all = found.filter(one => one instanceof Element)
  const [first] = all
  const isDisabled = first?.matches(':disabled, [aria-disabled=true]') ?? false
  if (act === 'see') {
    const seen: Seen = {
      count: all.length,
      isVisible: first !== undefined && isShown(first),
      isDisabled,
      text: first?.textContent ?? null,
      texts: all.map(textOf),
      value: first && 'value' in first ? String(first.value) : '',
      checked: first instanceof HTMLInputElement && first.checked,
    }
    return seen
  }
  if (!(first instanceof HTMLElement || first instanceof SVGElement)) return null
  if (act === 'attribute') return { value: first.getAttribute(argument) }
  if (!isShown(first) || isDisabled) return null
  if (act === 'focus') {
    first.focus()
    return true
  }
  if (act === 'fill') {
    if (!(first instanceof HTMLInputElement || first instanceof HTMLTextAreaElement)) return null
    first.focus()
    first.select()
    if (argument === '') document.execCommand('delete')
    else document.execCommand('insertText', false, argument)
    return { value: first.value }
  }
  // Where a mouse would hit it: not covered, and not moving.
  first.scrollIntoView({ block: 'center', inline: 'nearest', behavior: 'instant' })
  const place = () => {
    const { x, y, width, height } = first.getClientRects()[0] ?? new DOMRect()
    return [x + width / 2, y + height / 2] as const
  }
  const before = place()
  await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)))
  const [x, y] = place()
  const hit = document.elementFromPoint(x, y)
  const label = hit?.closest('label')
  const isHit = hit !== null && (first.contains(hit) || label?.control === first)
  return isHit && x === before[0] && y === before[1] ? [x, y] : null
}
