// One of two engines, by a script element: its `integrity` is checked by every browser that checks any. Where there
// is no WebAssembly (Tor Browser at «Safer»), the one in JavaScript.
import { buildInfo } from './build-info.ts'
import type { EngineFile } from './build-shape.ts'

export type Engine = typeof import('./engine.ts')

/** Trusted Types as far as the form needs them. A trusted value is put where a string goes. */
interface ScriptPolicy {
  createScriptURL(url: string): string
  createScript(text: string): string
}

declare global {
  /** Set by an engine's script; taken away again once it was read. */
  var bongsuEngine: Engine | undefined
  var trustedTypes: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy } | undefined
}

const CARRIED = 'bongsu-engine'

let loading: Promise<Engine> | null = null
let failures = 0
let policy: ScriptPolicy | null = null

/** Resolves when cryptography works. After a rejection, calling again tries again. */
export function loadEngine(): Promise<Engine> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    failures++
    throw error
  })
  return loading
}

async function load(): Promise<Engine> {
  const { engines } = buildInfo()
  if (!engines) return started(runCarried())
  if (runsWebAssembly()) {
    const engine = await run(engines.wasm)
    // Whatever keeps WebAssembly from running, JavaScript is left.
    const works = await engine.cryptoReady.then(
      () => true,
      () => false,
    )
    if (works) return engine
  }
  return started(await run(engines.plain))
}

async function started(engine: Engine): Promise<Engine> {
  await engine.cryptoReady
  return engine
}

function runsWebAssembly(): boolean {
  try {
    const empty = Uint8Array.of(0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00)
    return new WebAssembly.Module(empty) instanceof WebAssembly.Module
  } catch {
    return false
  }
}

async function run({ src, integrity }: EngineFile): Promise<Engine> {
  const script = document.createElement('script')
  script.integrity = integrity
  // Integrity-Policy wants a CORS request, on the own origin too.
  script.crossOrigin = 'anonymous'
  // Under another address where it failed before: the browser's cache would give the same bytes again.
  const address = new URL(failures === 0 ? src : `${src}?${failures}`, document.baseURI)
  script.src = scriptPolicy().createScriptURL(address.href)
  const ran = new Promise<void>((resolve, reject) => {
    script.onload = () => resolve()
    script.onerror = () => reject(new Error('the engine did not load'))
  })
  document.head.append(script)
  try {
    await ran
    return taken()
  } finally {
    script.remove()
  }
}

/** The carried text runs because the file's policy names its hash. */
function runCarried(): Engine {
  const script = document.createElement('script')
  script.textContent = scriptPolicy().createScript(document.getElementById(CARRIED)?.textContent ?? '')
  document.head.append(script)
  script.remove()
  return taken()
}

function taken(): Engine {
  const engine = globalThis.bongsuEngine
  if (!engine) throw new Error('the engine did not run')
  globalThis.bongsuEngine = undefined
  return engine
}

/** The only policy that the page may make; a second one of this name is refused. */
function scriptPolicy(): ScriptPolicy {
  const rules: ScriptPolicy = { createScriptURL: url => url, createScript: text => text }
  policy ??= globalThis.trustedTypes?.createPolicy('bongsu', rules) ?? rules
  return policy
}
