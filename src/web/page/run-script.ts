// Scripts that a page loads by itself: by script elements, whose `integrity` every browser checks that checks any.
import type { ScriptFile } from './build-shape.ts'

/** Trusted Types as far as a page needs them. A trusted value is put where a string goes. */
interface ScriptPolicy {
  createScriptURL(url: string): string
  createScript(text: string): string
}

declare global {
  /** Set by such a script; taken away again once it was read. */
  var bongsuEngine: unknown
  var trustedTypes: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy } | undefined
}

let policy: ScriptPolicy | null = null

/** The only policy that the page may make; a second one of this name is refused. */
export function scriptPolicy(): ScriptPolicy {
  const rules: ScriptPolicy = { createScriptURL: url => url, createScript: text => text }
  policy ??= globalThis.trustedTypes?.createPolicy('bongsu', rules) ?? rules
  return policy
}

/** What the script set. After `failures` under another address: the browser's cache would give the same bytes again. */
export async function runScript({ src, integrity }: ScriptFile, failures: number): Promise<unknown> {
  const script = document.createElement('script')
  script.integrity = integrity
  // Integrity-Policy wants a CORS request, on the own origin too.
  script.crossOrigin = 'anonymous'
  const address = new URL(failures === 0 ? src : `${src}?${failures}`, document.baseURI)
  script.src = scriptPolicy().createScriptURL(address.href)
  const ran = new Promise<void>((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('the script did not load'))
  })
  document.head.append(script)
  try {
    await ran
    return taken()
  } finally {
    script.remove()
  }
}

/** A text runs where the page's policy names its hash. */
export function runText(text: string): unknown {
  const script = document.createElement('script')
  script.textContent = scriptPolicy().createScript(text)
  document.head.append(script)
  script.remove()
  return taken()
}

function taken(): unknown {
  const value = globalThis.bongsuEngine
  globalThis.bongsuEngine = undefined
  return value
}
