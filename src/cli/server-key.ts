// The server's own secret is made by the server's own code: only it knows what follows from it.
import { access } from 'node:fs/promises'
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
  const { log } = await loadServerKeys(file)
  return { name: log.key.name, key: toBase64url(log.key.publicKey) }
}
