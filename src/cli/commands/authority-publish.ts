import type { Command } from 'commander'
import {
  type DeploymentId,
  fetchTrust,
  InvalidInput,
  publishDevices,
  publishDirectory,
  publishStatement,
  serviceAt,
  type Trust,
  verifyPublished,
} from '../../client/index.ts'
import { currentEpoch, verifyDeviceList } from '../../protocol/agency-documents.ts'
import { findAgency } from '../../protocol/directory.ts'
import { deploymentIdFrom, readDocument } from '../../protocol/document.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { run, type ServiceOptions, withAgencyOptions } from '../context.ts'
import { readText } from '../input.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'

interface PublishOptions extends ServiceOptions {
  readonly agency?: string
  readonly roots?: readonly string[]
  readonly directory?: string
  readonly statement?: string
  readonly devices?: string
}

export function addPublishCommands(authority: Command): void {
  withAgencyOptions(authority.command('publish'))
    .description('Publishes signed documents. No account is needed: the signatures are the authority.')
    .option('--roots <file...>', 'the root chain, from the first; with --directory')
    .option('--directory <file>', 'a directory')
    .option('--agency <id>', 'whose statement or devices')
    .option('--statement <file>', 'an agency’s epoch keys')
    .option('--devices <file>', 'an agency’s device list')
    .action((options: PublishOptions) => run(options, output => publish(options, output)))
  withAgencyOptions(authority.command('verify'))
    .description('Verifies what a service publishes, or the given files, and shows what they say.')
    .option('--roots <file...>', 'the root chain, from the first')
    .option('--directory <file>', 'a directory')
    .option('--statement <file...>', 'agencies’ epoch keys')
    .option('--devices <file...>', 'agencies’ device lists')
    .action((options: VerifyOptions) => run(options, output => verify(options, output)))
}

async function publish(options: PublishOptions, output: Output): Promise<undefined> {
  const { agency, roots, directory, statement, devices } = options
  if (!directory && !statement && !devices)
    throw new InvalidInput('what? --directory, --statement or --devices')
  if (directory && !roots) throw new InvalidInput('--directory: with --roots')
  if ((statement || devices) && !agency) throw new InvalidInput('--agency is missing')
  const service = serviceAt(options.server, { timeout: options.timeout * 1000 })
  const published: string[] = []
  if (directory && roots) {
    const chain = await Promise.all(roots.map(readText))
    await publishDirectory(service, { roots: chain, directory: await readText(directory) })
    published.push(directory)
  }
  if (agency && statement) {
    await publishStatement(service, agency, await readText(statement))
    published.push(statement)
  }
  if (agency && devices) {
    await publishDevices(service, agency, await readText(devices))
    published.push(devices)
  }
  output.result({ published }, published.map(output.words.published))
  return undefined
}

interface VerifyOptions extends ServiceOptions {
  readonly roots?: readonly string[]
  readonly directory?: string
  readonly statement?: readonly string[]
  readonly devices?: readonly string[]
}

async function verify(options: VerifyOptions, output: Output): Promise<undefined> {
  const trust = await trustOf(options)
  if (!trust.pinned) output.remark(output.words.firstUse(toBase64url(trust.deploymentId)))
  for (const file of options.devices ?? []) checkDevices(trust, await readText(file))
  output.result(trustJson(trust), trustLines(trust, output))
  return undefined
}

async function trustOf(options: VerifyOptions): Promise<Trust> {
  const how = { pinned: options.deployment, now: Date.now(), allowStale: options.allowStale ?? false }
  const { roots, directory } = options
  if (!roots && !directory) return fetchTrust(serviceAt(options.server), how)
  if (!roots || !directory) throw new InvalidInput('--roots and --directory: both or none')
  const notes = await Promise.all(roots.map(readText))
  const deployment = deploymentIdFrom(notes[0] ?? '')
  const statements = await readStatements(options.statement ?? [], deployment)
  const documents = {
    deployment: toBase64url(deployment),
    roots: notes,
    directory: await readText(directory),
  }
  return verifyPublished({ ...documents, statements }, how)
}

async function readStatements(
  files: readonly string[],
  deployment: DeploymentId,
): Promise<Record<string, string>> {
  const notes = await Promise.all(files.map(readText))
  return Object.fromEntries(
    notes.map(note => [String(readDocument(note, 'statement', deployment).agency), note]),
  )
}

function checkDevices(trust: Trust, note: string): void {
  const id = String(readDocument(note, 'device-list', trust.deploymentId).agency)
  const agency = findAgency(trust.directory, id)
  if (!agency) throw new InvalidInput(`no agency ${id} in the directory`)
  verifyDeviceList(note, agency, trust.deploymentId)
}

function trustJson({ deploymentId, pinned, root, directory, statements, stale, today }: Trust) {
  return {
    deployment: toBase64url(deploymentId),
    pinned,
    stale,
    root: { version: root.version, expires: root.expires, threshold: root.threshold, keys: root.keys.length },
    directory: {
      version: directory.version,
      expires: directory.expires,
      demonstration: directory.demonstration,
    },
    agencies: directory.agencies.map(({ id, names, validFrom, validUntil }) => {
      const statement = statements.get(id)
      const epoch = statement ? currentEpoch(statement, today) : null
      return { id, names, validFrom, validUntil, epochUntil: epoch?.validUntil ?? null }
    }),
  }
}

function trustLines(trust: Trust, { words, colour, lang }: Output): string[] {
  const { deployment, root, directory, agencies } = trustJson(trust)
  return [
    words.verified(deployment),
    words.rootLine(root),
    words.directoryLine(directory),
    ...(trust.stale ? [colour.bad(words.stale)] : []),
    ...agencies.map(({ id, names, epochUntil }) => {
      const epoch = epochUntil === null ? colour.bad(words.noEpoch) : words.epochUntil(epochUntil)
      return `  ${colour.strong(id)}  ${neutralise(names[lang])}  ${epoch}`
    }),
  ]
}
