// One of two engines, by a script element: its `integrity` is checked by every browser that checks any. Where there
// is no WebAssembly (Tor Browser at «Safer»), the one in JavaScript.
import { buildInfo } from './build-info.ts'
import type { EngineFile } from './build-shape.ts'

/** What every engine has, whatever else is in it. */
interface AnyEngine {
  readonly cryptoReady: Promise<void>
}

/** Trusted Types as far as a page needs them. A trusted value is put where a string goes. */
interface ScriptPolicy {
  createScriptURL(url: string): string
  createScript(text: string): string
}

declare global {
  /** Set by an engine's script; taken away again once it was read. */
  var bongsuEngine: unknown
  var trustedTypes: { createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy } | undefined
}

const CARRIED = 'bongsu-engine'

let loading: Promise<AnyEngine> | null = null
let failures = 0
let policy: ScriptPolicy | null = null

/**
 * Resolves when cryptography works. After a rejection, calling again tries again. `isEngine` says whether the script
 * that ran is the engine of this page: integrity has shown that already, the type checker has not seen it.
 */
export async function loadEngine<E extends AnyEngine>(
  isEngine: (engine: AnyEngine) => engine is E,
): Promise<E> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    failures++
    throw error
  })
  const engine = await loading
  if (!isEngine(engine)) throw new Error('not the engine of this page')
  return engine
}

async function load(): Promise<AnyEngine> {
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

async function started(engine: AnyEngine): Promise<AnyEngine> {
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

async function run({ src, integrity }: EngineFile): Promise<AnyEngine> {
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
function runCarried(): AnyEngine {
  const script = document.createElement('script')
  script.textContent = scriptPolicy().createScript(document.getElementById(CARRIED)?.textContent ?? '')
  document.head.append(script)
  script.remove()
  return taken()
}

function taken(): AnyEngine {
  const engine = globalThis.bongsuEngine
  globalThis.bongsuEngine = undefined
  if (!isAnyEngine(engine)) throw new Error('the engine did not run')
  return engine
}

const isAnyEngine = (value: unknown): value is AnyEngine =>
  typeof value === 'object' && value !== null && 'cryptoReady' in value

/** The only policy that the page may make; a second one of this name is refused. */
function scriptPolicy(): ScriptPolicy {
  const rules: ScriptPolicy = { createScriptURL: url => url, createScript: text => text }
  policy ??= globalThis.trustedTypes?.createPolicy('bongsu', rules) ?? rules
  return policy
}
