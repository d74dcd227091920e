// Whom to trust, checked without trusting anybody: offline from files, or from what a service publishes.
import type { Command } from 'commander'
import {
  type DeploymentId,
  fetchTrust,
  InvalidInput,
  type Trust,
  verifyPublished,
} from '../../client/index.ts'
import { currentEpoch, verifyDeviceList } from '../../protocol/agency-documents.ts'
import { findAgency } from '../../protocol/directory.ts'
import { deploymentIdFrom, readDocument } from '../../protocol/document.ts'
import { toBase64url } from '../../protocol/encoding.ts'
import { verifyReceipt } from '../../protocol/receipt.ts'
import { run, type ServiceOptions, serviceOf, withAgencyOptions } from '../context.ts'
import { WrongInput } from '../exit.ts'
import { readText } from '../input.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'

export function addVerify(program: Command): void {
  withAgencyOptions(program.command('verify'))
    .summary('check root chain, directory, statements, device lists, receipts')
    .description(
      'Verifies documents in files, offline, or with no --roots what a service publishes, and shows what they say.',
    )
    .option('--roots <file...>', 'the root chain, from the first')
    .option('--directory <file>', 'a directory')
    .option('--statement <file...>', 'agencies’ epoch keys')
    .option('--devices <file...>', 'agencies’ device lists')
    .option('--receipt <file...>', 'receipts of submissions')
    .action((options: VerifyOptions) => run(options, output => verify(options, output)))
}

interface VerifyOptions extends ServiceOptions {
  readonly roots?: readonly string[]
  readonly directory?: string
  readonly statement?: readonly string[]
  readonly devices?: readonly string[]
  readonly receipt?: readonly string[]
}

async function verify(options: VerifyOptions, output: Output): Promise<undefined> {
  const trust = await trustOf(options)
  if (!trust.pinned) output.remark(output.words.firstUse(toBase64url(trust.deploymentId)))
  for (const file of options.devices ?? []) checkDevices(trust, await readText(file))
  const receipts = await readReceipts(trust, options.receipt ?? [])
  output.result({ ...trustJson(trust), receipts }, [
    ...trustLines(trust, output),
    ...receipts.map(({ file, day, leaf }) => output.words.receiptLine(file, day, leaf)),
  ])
  return undefined
}

async function trustOf(options: VerifyOptions): Promise<Trust> {
  const how = { pinned: options.deployment, now: Date.now(), allowStale: options.allowStale ?? false }
  const { roots, directory } = options
  if (!roots && !directory) return fetchTrust(serviceOf(options), how)
  if (!roots || !directory) throw new WrongInput('roots-and-directory')
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

async function readReceipts({ deploymentId, directory }: Trust, files: readonly string[]) {
  const read = async (file: string) => {
    const { leaf, day } = verifyReceipt(await readText(file), deploymentId, directory.logKey)
    return { file, day, leaf: toBase64url(leaf) }
  }
  return Promise.all(files.map(read))
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
