// One of two engines; where there is no WebAssembly (Tor Browser at «Safer»), the one in JavaScript.
import { buildInfo } from './build-info.ts'
import type { ScriptFile } from './build-shape.ts'
import { runScript, runText } from './run-script.ts'

/** What every engine has, whatever else is in it. */
interface AnyEngine {
  readonly cryptoReady: Promise<void>
}

const CARRIED = 'bongsu-engine'

let loading: Promise<AnyEngine> | null = null
let failures = 0

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
  if (!engines) return started(engineIn(runText(document.getElementById(CARRIED)?.textContent ?? '')))
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

const run = async (file: ScriptFile): Promise<AnyEngine> => engineIn(await runScript(file, failures))

function engineIn(value: unknown): AnyEngine {
  if (!isAnyEngine(value)) throw new Error('the engine did not run')
  return value
}

const isAnyEngine = (value: unknown): value is AnyEngine =>
  typeof value === 'object' && value !== null && 'cryptoReady' in value
