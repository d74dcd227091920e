import { type Command, InvalidArgumentError, Option } from 'commander'
import { type DeploymentId, InvalidInput } from '../../client/index.ts'
import { agencyId } from '../../contract/shapes.ts'
import { EPOCH_VALID_DAYS } from '../../protocol/agency-documents.ts'
import {
  deploymentIdOf,
  deriveSealingPair,
  deriveSigningPair,
  keyId,
  randomBytes,
  sealingSeed,
  signingSeed,
} from '../../protocol/crypto.ts'
import { addDays } from '../../protocol/day.ts'
import { readDocument } from '../../protocol/document.ts'
import { toBase64url, toHex } from '../../protocol/encoding.ts'
import { type AuthorityKey, type DeviceKey, type KeyFile, signerOf } from '../../protocol/key-file.ts'
import {
  type OutputOptions,
  readDeployment,
  run,
  withOutputOptions,
  withPassphraseOption,
} from '../context.ts'
import { readPassphrase, readText } from '../input.ts'
import { readDeviceKey, readKeyFile, replaceKeyFile, sealKeyFile, writeNewKeyFile } from '../keyring.ts'
import type { Output } from '../output.ts'
import { dayText, readValue } from '../plans.ts'

/** What stands in a key file until `install` puts the certificate there. */
const NO_CERTIFICATE = 'none yet: bongsu authority install'

interface SealOptions extends OutputOptions {
  readonly sealed?: boolean
  readonly passphraseFile?: string
}

interface NewKeyOptions extends SealOptions {
  readonly kind: AuthorityKey['kind']
  readonly name: string
}

interface NewDeviceOptions extends SealOptions {
  readonly agency: string
  readonly deployment: DeploymentId
}

interface EpochOptions extends SealOptions {
  readonly from: string
  readonly count: number
}

interface InstallOptions extends SealOptions {
  readonly certificate: string
}

const withSealOptions = (command: Command) =>
  withPassphraseOption(withOutputOptions(command)).option(
    '--sealed',
    'seal it by a passphrase, in age’s format',
  )

export function addKeyCommands(authority: Command): void {
  withSealOptions(authority.command('new-key'))
    .description('Makes a key that signs documents. Prints its public part.')
    .argument('<file>', 'new key file (mode 0600)')
    .addOption(
      new Option('--kind <kind>', 'what it signs')
        .choices(['root', 'directory', 'identity'])
        .makeOptionMandatory(),
    )
    .requiredOption('--name <name>', 'its name in signatures: no spaces, no plus sign')
    .action((file: string, options: NewKeyOptions) => run(options, output => newKey(file, options, output)))
  withSealOptions(authority.command('new-device'))
    .description('Makes a device’s keys. Prints the request for its certificate: nothing secret.')
    .argument('<file>', 'new key file (mode 0600)')
    .requiredOption('--agency <id>', 'the agency’s id in the directory')
    .requiredOption('--deployment <id>', 'the deployment', readDeployment)
    .action((file: string, options: NewDeviceOptions) =>
      run(options, output => newDevice(file, options, output)),
    )
  withSealOptions(authority.command('new-epochs'))
    .description('Adds epoch keys to an intake device’s key file. Prints all of its public epoch keys.')
    .argument('<file>', 'the intake device’s key file')
    .requiredOption('--from <day>', 'first day of the first, YYYY-MM-DD')
    .option('--count <number>', `how many, each for ${EPOCH_VALID_DAYS} days`, readCount, 4)
    .action((file: string, options: EpochOptions) => run(options, output => newEpochs(file, options, output)))
  withSealOptions(authority.command('install'))
    .description('Puts a device’s certificate into its key file.')
    .argument('<file>', 'the device’s key file')
    .requiredOption('--certificate <file>', 'the signed certificate')
    .action((file: string, options: InstallOptions) => run(options, output => install(file, options, output)))
  withPassphraseOption(withOutputOptions(authority.command('seal')))
    .description('Seals a plain key file by a passphrase, in age’s format. Prints its public part.')
    .argument('<file>', 'plain key file')
    .action((file: string, options: SealOptions) => run(options, output => seal(file, options, output)))
  withSealOptions(authority.command('public'))
    .description('Prints the public part of a key file.')
    .argument('<file>', 'key file')
    .action((file: string, options: SealOptions) => run(options, output => showPublic(file, options, output)))
  withOutputOptions(authority.command('new-server-key'))
    .description(
      'Makes the server’s secret (BONGSU_SERVER_KEY_FILE). Prints the log key that the directory names.',
    )
    .argument('<file>', 'new file (mode 0600)')
    .action((file: string, options: OutputOptions) => run(options, output => newServerKey(file, output)))
}

function readCount(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('1 to 99.')
  return Number(text)
}

const asker =
  ({ words }: Output, { passphraseFile }: SealOptions) =>
  () =>
    readPassphrase(words, { passphraseFile })

async function passphraseFor(
  { words }: Output,
  { sealed, passphraseFile }: SealOptions,
): Promise<string | null> {
  return sealed || passphraseFile !== undefined
    ? readPassphrase(words, { passphraseFile, twice: true })
    : null
}

async function newKey(file: string, options: NewKeyOptions, output: Output): Promise<undefined> {
  const key: AuthorityKey = { kind: options.kind, name: options.name, seed: signingSeed(randomBytes(32)) }
  const shown = await publicPart(key)
  await writeNewKeyFile(file, key, await passphraseFor(output, options))
  return print(shown, output)
}

async function newDevice(file: string, options: NewDeviceOptions, output: Output): Promise<undefined> {
  const key: DeviceKey = {
    kind: 'device',
    deployment: options.deployment,
    agencyId: readValue(agencyId, options.agency, '--agency'),
    signingSeed: signingSeed(randomBytes(32)),
    sealingSeed: sealingSeed(randomBytes(32)),
    certificate: NO_CERTIFICATE,
    epochs: [],
  }
  await writeNewKeyFile(file, key, await passphraseFor(output, options))
  return print(await publicPart(key), output)
}

async function newEpochs(file: string, options: EpochOptions, output: Output): Promise<undefined> {
  const ask = asker(output, options)
  const key = await readDeviceKey(file, ask)
  const from = readValue(dayText, options.from, '--from')
  const added = Array.from({ length: options.count }, (_, i) => ({
    seed: sealingSeed(randomBytes(32)),
    validFrom: addDays(from, i * EPOCH_VALID_DAYS),
  }))
  const changed = { ...key, epochs: [...key.epochs, ...added] }
  // On the disk before anybody can seal to them.
  await replaceKeyFile(file, changed, ask)
  return print(await publicPart(changed), output)
}

async function install(file: string, options: InstallOptions, output: Output): Promise<undefined> {
  const ask = asker(output, options)
  const key = await readDeviceKey(file, ask)
  const certificate = await readText(options.certificate)
  const content = readDocument(certificate, 'device', deploymentIdOf(key.deployment))
  const own = toBase64url(deriveSigningPair(key.signingSeed).publicKey)
  if (content.signingKey !== own || content.agency !== key.agencyId) {
    throw new InvalidInput(`${options.certificate}: another device’s certificate`)
  }
  const changed = { ...key, certificate }
  await replaceKeyFile(file, changed, ask)
  return print(await publicPart(changed), output)
}

async function seal(file: string, { passphraseFile }: SealOptions, output: Output): Promise<undefined> {
  const ask = () => readPassphrase(output.words, { passphraseFile, twice: true })
  return print(await publicPart(await sealKeyFile(file, ask)), output)
}

async function showPublic(file: string, options: SealOptions, output: Output): Promise<undefined> {
  const { isServerKeyFile, publicServerKey } = await import('../server-key.ts')
  if (await isServerKeyFile(file)) return print(await publicServerKey(file), output)
  return print(await publicPart(await readKeyFile(file, asker(output, options))), output)
}

async function newServerKey(file: string, output: Output): Promise<undefined> {
  const { makeServerKeyFile } = await import('../server-key.ts')
  return print(await makeServerKeyFile(file), output)
}

/** JSON for people too: it goes into a plan, or on to the next command. */
function print(value: object, output: Output): undefined {
  output.result(value, JSON.stringify(value, null, 2).split('\n'))
}

async function publicPart(key: KeyFile): Promise<object> {
  if (key.kind !== 'device') {
    const { key: note } = await signerOf(key)
    return { kind: key.kind, name: note.name, key: toBase64url(note.publicKey) }
  }
  const signing = deriveSigningPair(key.signingSeed).publicKey
  return {
    kind: 'device',
    agency: key.agencyId,
    device: toHex(keyId(signing)),
    signingKey: toBase64url(signing),
    sealingKey: toBase64url(deriveSealingPair(key.sealingSeed).publicKey),
    epochs: key.epochs.map(({ seed, validFrom }) => ({
      key: toBase64url(deriveSealingPair(seed).publicKey),
      validFrom,
    })),
  }
}
