// The server's own secret is made by the server's own code: only it knows what follows from it.
import { access, readFile } from 'node:fs/promises'
import { InvalidInput } from '../client/index.ts'
import { toBase64url } from '../protocol/encoding.ts'
import { ensureServerKeyFile, loadServerKeys } from '../server/server-keys.ts'

/** The public log key, as a directory names it. */
export async function makeServerKeyFile(file: string): Promise<{ name: string; key: string }> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists) throw new InvalidInput(`${file}: exists already`)
  await ensureServerKeyFile(file)
  return publicServerKey(file)
}

/** 32 bytes on one line, where every other key file is JSON or sealed. */
export const isServerKeyFile = async (file: string): Promise<boolean> =>
  /^[\w-]{43}\n?$/.test(await readFile(file, 'latin1'))

export async function publicServerKey(file: string): Promise<{ name: string; key: string }> {
  const { log } = await loadServerKeys(file)
  return { name: log.key.name, key: toBase64url(log.key.publicKey) }
}
