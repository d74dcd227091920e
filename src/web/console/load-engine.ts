// The console's engine, typed.
import { loadEngine as load } from '../page/load-engine.ts'

export type Engine = typeof import('./engine.ts')

const isEngine = (engine: object): engine is Engine => 'openInbox' in engine

/** Resolves when cryptography works. After a rejection, calling again tries again. */
export const loadEngine = (): Promise<Engine> => load(isEngine)
