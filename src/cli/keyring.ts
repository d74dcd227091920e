// Key files on a disk: mode 0600, plain or sealed by a passphrase in age's format (https://age-encryption.org).
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { InvalidInput } from '../client/index.ts'
import { isSealed, sealText, UnsealFailed, unsealText } from '../client/sealed-key-file.ts'
import {
  type AuthorityKey,
  type DeviceKey,
  formatKeyFile,
  type KeyFile,
  parseKeyFile,
} from '../protocol/key-file.ts'

const PRIVATE = 0o600

export type AskPassphrase = () => Promise<string>

/** Refuses files that others may read, as ssh does. `ask` is called only where the file is sealed. */
export async function readKeyFile(path: string, ask: AskPassphrase): Promise<KeyFile> {
  const { mode } = await stat(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new InvalidInput(`${path}: others may read it; chmod 600 it first`)
  }
  const bytes = await readFile(path)
  const text = isSealed(bytes) ? await unseal(bytes, await ask(), path) : bytes.toString('utf8')
  return parseKeyFile(text)
}

export async function readDeviceKey(path: string, ask: AskPassphrase): Promise<DeviceKey> {
  const key = await readKeyFile(path, ask)
  if (key.kind !== 'device') throw new InvalidInput(`${path}: a ${key.kind} key, not a device’s`)
  return key
}

export async function readAuthorityKey(
  path: string,
  ask: AskPassphrase,
  kind?: AuthorityKey['kind'],
): Promise<AuthorityKey> {
  const key = await readKeyFile(path, ask)
  if (key.kind === 'device' || (kind && key.kind !== kind)) {
    throw new InvalidInput(`${path}: a ${key.kind} key, not ${kind ?? 'an authority’s'}`)
  }
  return key
}

/** Never overwrites. `passphrase` null leaves it plain. */
export async function writeNewKeyFile(path: string, key: KeyFile, passphrase: string | null): Promise<void> {
  await writeNewFile(path, await sealed(key, passphrase))
}

/** Puts a changed key in the place of the old one, sealed as the old one was. */
export async function replaceKeyFile(path: string, key: KeyFile, ask: AskPassphrase): Promise<void> {
  const wasSealed = isSealed(await readFile(path))
  await replaceFile(path, await sealed(key, wasSealed ? await ask() : null))
}

async function sealed(key: KeyFile, passphrase: string | null): Promise<string> {
  const text = formatKeyFile(key)
  return passphrase === null ? text : sealText(text, passphrase)
}

async function unseal(bytes: Buffer, passphrase: string, path: string): Promise<string> {
  try {
    return await unsealText(bytes, passphrase)
  } catch (error) {
    const isDamaged = error instanceof UnsealFailed && error.reason === 'damaged'
    throw new InvalidInput(`${path}: ${isDamaged ? 'it is damaged' : 'the passphrase does not open it'}`)
  }
}

/** Seals a plain key file where it is. What its bytes were on the disk before is the disk's to forget. */
export async function sealKeyFile(path: string, askNew: AskPassphrase): Promise<KeyFile> {
  const alreadySealed = async (): Promise<string> => {
    throw new InvalidInput(`${path}: it is sealed already`)
  }
  const key = await readKeyFile(path, alreadySealed)
  await replaceFile(path, await sealed(key, await askNew()))
  return key
}

/** Mode 0600, on the disk when this returns; an existing file is an error. On a full disk no half of one is left. */
export async function writeNewFile(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', PRIVATE)
  try {
    await writeAndSync(handle, text)
  } catch (error) {
    await rm(path, { force: true })
    throw error
  }
}

/** All of the new text or all of the old one, whatever happens. */
export async function replaceFile(
  path: string,
  text: string,
  draft = join(dirname(path), `.${basename(path)}.${process.pid}.new`),
): Promise<void> {
  await rm(draft, { force: true })
  await writeNewFile(draft, text)
  await rename(draft, path)
}

async function writeAndSync(handle: FileHandle, text: string): Promise<void> {
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
