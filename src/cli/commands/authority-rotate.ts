import { type Command, InvalidArgumentError } from 'commander'
import {
  deploymentIdOf,
  epochEntries,
  InvalidInput,
  nextEpochs,
  publishStatement,
  type Rotation,
  type Trust,
} from '../../client/index.ts'
import { buildStatement } from '../../protocol/authority.ts'
import { deriveSealingPair } from '../../protocol/crypto.ts'
import { type Agency, findAgency } from '../../protocol/directory.ts'
import { equalBytes, toHex } from '../../protocol/encoding.ts'
import { type DeviceKey, type EpochSeed, signerOf } from '../../protocol/key-file.ts'
import type { NoteSigner } from '../../protocol/signed-note.ts'
import { connect, run, type ServiceOptions, withAgencyOptions, withPassphraseOption } from '../context.ts'
import { readAuthorityKey, readDeviceKey, replaceKeyFile } from '../keyring.ts'
import type { Output } from '../output.ts'
import { askedOnce } from '../passphrase.ts'
import { readValue, versionNumber } from '../plans.ts'

interface RotateOptions extends ServiceOptions {
  readonly identity: string
  readonly key: readonly string[]
  readonly weeks: number
  readonly afresh?: boolean
  readonly number?: string
  readonly passphraseFile?: string
}

interface OwnFile {
  readonly path: string
  readonly key: DeviceKey
}

const ABOUT = `
In one step what new-epochs, statement and publish do in three, where identity key and key files are at hand together: makes the
epoch keys that are missing, puts their seeds into each key file, signs a statement with the next version, and publishes it. Seeds
of published keys that one of the files has go into the others. Run it weekly: where enough is published it does nothing.`

export function addRotateCommand(authority: Command): void {
  withPassphraseOption(withAgencyOptions(authority.command('rotate-epochs')))
    .description('Makes the epoch keys of the weeks to come, and publishes them.')
    .requiredOption('--identity <keyfile>', 'the agency’s identity key')
    .requiredOption('--key <keyfile...>', 'the key files of its devices with the scope intake')
    .option('--weeks <number>', 'so many weeks from today are to be covered', readWeeks, 4)
    .option('--afresh', 'the published keys are in wrong hands: begin anew today, and publish these only')
    .option('--number <version>', 'version of the statement; by itself one more than the published')
    .addHelpText('after', ABOUT)
    .action((options: RotateOptions) => run(options, output => rotate(options, output)))
}

function readWeeks(text: string): number {
  if (!/^[1-9]\d?$/.test(text)) throw new InvalidArgumentError('1 to 99.')
  return Number(text)
}

async function rotate(options: RotateOptions, output: Output): Promise<undefined> {
  const ask = askedOnce(output.words, options.passphraseFile)
  const files = await readFiles(options.key, ask)
  const [{ key }] = files
  const { service, trust } = await connect(options, output, deploymentIdOf(key.deployment), false)
  const agency = findAgency(trust.directory, key.agencyId)
  if (!agency) throw new InvalidInput(`${files[0].path}: the directory has no ${key.agencyId}`)
  const identity = await identityOf(options, agency, ask)
  const planned = nextEpochs(trust, agency.id, { weeks: options.weeks, afresh: options.afresh ?? false })
  const rotation = options.number === undefined ? planned : { ...planned, version: numberOf(options.number) }
  const seeds = wantedSeeds(rotation, files)
  // On the disk before anybody can seal to them.
  for (const file of files) await keepSeeds(file, seeds, ask)
  if (rotation.added.length > 0) {
    const input = { agencyId: agency.id, version: rotation.version, epochs: epochEntries(rotation) }
    await publishStatement(service, agency.id, buildStatement(input, trust.deploymentId, identity))
  }
  report(rotation, agency.id, trust, seeds, output)
}

async function readFiles(
  paths: readonly string[],
  ask: () => Promise<string>,
): Promise<readonly [OwnFile, ...OwnFile[]]> {
  const files: OwnFile[] = []
  for (const path of paths) files.push({ path, key: await readDeviceKey(path, ask) })
  const [first, ...rest] = files
  if (!first) throw new InvalidInput('--key is missing')
  for (const { path, key } of rest) {
    const isSame = key.agencyId === first.key.agencyId && equalBytes(key.deployment, first.key.deployment)
    if (!isSame) throw new InvalidInput(`${path}: of another agency or deployment than ${first.path}`)
  }
  return [first, ...rest]
}

/** Before anything is written: a key that the directory does not name signs nothing that counts. */
async function identityOf(
  { identity: path }: RotateOptions,
  agency: Agency,
  ask: () => Promise<string>,
): Promise<NoteSigner> {
  const signer = await signerOf(await readAuthorityKey(path, ask, 'identity'))
  if (!equalBytes(signer.key.publicKey, agency.identity.publicKey))
    throw new InvalidInput(`${path}: not the identity key that the directory names for ${agency.id}`)
  return signer
}

const numberOf = (text: string) => readValue(versionNumber, text, '--number')

const publicOf = ({ seed }: EpochSeed) => deriveSealingPair(seed).publicKey

/** New seeds, and those of keys that stay published, wherever one of the files has them. */
function wantedSeeds({ kept, added }: Rotation, files: readonly OwnFile[]): EpochSeed[] {
  const known = files.flatMap(({ key }) => key.epochs)
  const held = kept.flatMap(epoch => {
    const found = known.find(one => equalBytes(publicOf(one), epoch.sealingKey))
    return found ? [found] : []
  })
  return [...held, ...added]
}

async function keepSeeds(
  { path, key }: OwnFile,
  seeds: readonly EpochSeed[],
  ask: () => Promise<string>,
): Promise<void> {
  const own = new Set(key.epochs.map(({ seed }) => toHex(seed)))
  const missing = seeds.filter(({ seed }) => !own.has(toHex(seed)))
  if (missing.length === 0) return
  const epochs = [...key.epochs, ...missing].sort((a, b) => a.validFrom.localeCompare(b.validFrom))
  await replaceKeyFile(path, { ...key, epochs }, ask)
}

function report(
  { version, kept, added }: Rotation,
  agency: string,
  { statements }: Trust,
  seeds: readonly EpochSeed[],
  { result, words, colour }: Output,
): void {
  const isPublished = added.length > 0
  const last =
    [...kept, ...added]
      .map(({ validFrom }) => validFrom)
      .sort()
      .at(-1) ?? null
  const missing = kept.filter(epoch => !seeds.some(one => equalBytes(publicOf(one), epoch.sealingKey)))
  const said = words.work.rotate
  const value = {
    agency,
    version: isPublished ? version : (statements.get(agency)?.version ?? null),
    added: added.map(({ validFrom }) => validFrom),
    withoutSeed: missing.map(({ validFrom }) => validFrom),
    last,
  }
  result(value, [
    isPublished ? said.published(version, value.added) : said.enough(last),
    ...(missing.length > 0 ? [colour.bad(said.withoutSeed(value.withoutSeed))] : []),
  ])
}
