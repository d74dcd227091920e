// The demonstration's keys, in files that a second start finds again.
import { open, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { randomBytes, signingSeed } from '../../protocol/crypto.ts'
import { type AuthorityKey, type DeviceKey, formatKeyFile, parseKeyFile } from '../../protocol/key-file.ts'
import { makeFolder } from '../folders.ts'

export interface KeyStore {
  readonly folder: string
  /** The text of the file, or null. */
  read(name: string): Promise<string | null>
  /** On the disk, whole, when this returns; mode 0600. */
  write(name: string, text: string): Promise<void>
  authorityKey(name: string, kind: AuthorityKey['kind']): Promise<AuthorityKey>
  deviceKey(name: string, make: () => DeviceKey): Promise<DeviceKey>
}

export async function openKeyStore(folder: string): Promise<KeyStore> {
  await makeFolder(folder)
  const path = (name: string) => join(folder, name)

  const read = (name: string) =>
    readFile(path(name), 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return null
      throw error
    })
  const write = (name: string, text: string) => replaceFile(path(name), text)

  return {
    folder,
    read,
    write,
    async authorityKey(name, kind) {
      const file = `${name}.key.json`
      const text = await read(file)
      const known = text === null ? null : parseKeyFile(text)
      if (known && known.kind !== 'device') return known
      const key: AuthorityKey = { kind, name: `demo-${name}`, seed: signingSeed(randomBytes(32)) }
      await write(file, formatKeyFile(key))
      return key
    },
    async deviceKey(name, make) {
      const file = `${name}.key.json`
      const text = await read(file)
      const known = text === null ? null : parseKeyFile(text)
      if (known?.kind === 'device') return known
      const key = make()
      await write(file, formatKeyFile(key))
      return key
    },
  }
}

async function replaceFile(file: string, text: string): Promise<void> {
  const handle = await open(`${file}.new`, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(`${file}.new`, file)
  const folder = await open(dirname(file), 'r')
  await folder.sync().finally(() => folder.close())
}
