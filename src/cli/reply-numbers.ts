// Which reply number comes next for each case, in a file beside the device's key. A number is written down
// before it is sent: after a crash one may be missing, never used twice.
import { open, readFile, rm, stat } from 'node:fs/promises'
import { z } from 'zod'
import { InvalidInput } from '../client/index.ts'
import { replaceFile } from './keyring.ts'

const LOCK_PATIENCE_MS = 5000
const LOCK_STALE_MS = 30_000
const LOCK_RETRY_MS = 50

const numbersFile = z.strictObject({
  format: z.literal('bongsu reply numbers 1'),
  /** Case id, hexadecimal → the last number used. */
  cases: z.record(z.string().regex(/^[0-9a-f]{32}$/), z.int().min(1)),
})

export const numbersPath = (keyFile: string) => `${keyFile}.numbers.json`

/**
 * The first of `count` numbers that nobody else will get. `choose` is given the last number of this file; other
 * programs with the same key may have used more.
 */
export async function reserveNumbers(
  keyFile: string,
  caseId: string,
  count: number,
  choose: (last: number) => Promise<number> = async last => last + 1,
): Promise<number> {
  const path = numbersPath(keyFile)
  const release = await lock(`${path}.lock`)
  try {
    const { cases, format } = await readNumbers(path)
    const first = await choose(cases[caseId] ?? 0)
    const next = { format, cases: { ...cases, [caseId]: first + count - 1 } }
    await replaceFile(path, `${JSON.stringify(next, null, 2)}\n`)
    return first
  } finally {
    await release()
  }
}

async function readNumbers(path: string): Promise<z.output<typeof numbersFile>> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return { format: 'bongsu reply numbers 1', cases: {} }
  try {
    return numbersFile.parse(JSON.parse(text))
  } catch {
    throw new InvalidInput(`${path}: not a file of reply numbers`)
  }
}

async function lock(path: string): Promise<() => Promise<void>> {
  const giveUp = Date.now() + LOCK_PATIENCE_MS
  for (;;) {
    const handle = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') return null
      throw error
    })
    if (handle) {
      await handle.close()
      return () => rm(path, { force: true })
    }
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => 0,
    )
    if (age > LOCK_STALE_MS) await rm(path, { force: true })
    else if (Date.now() > giveUp) throw new InvalidInput(`${path}: another reply is being written`)
    else await new Promise(resolve => setTimeout(resolve, LOCK_RETRY_MS))
  }
}
