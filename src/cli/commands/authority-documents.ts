import { writeFile } from 'node:fs/promises'
import { Argument, type Command, Option } from 'commander'
import { type DeploymentId, InvalidInput } from '../../client/index.ts'
import { agencyId } from '../../contract/shapes.ts'
import { DEVICE_ROLES } from '../../protocol/agency-documents.ts'
import {
  buildCertificate,
  buildDeviceList,
  buildDirectory,
  buildRoot,
  buildStatement,
} from '../../protocol/authority.ts'
import { sealingKey, signingKey } from '../../protocol/crypto.ts'
import { deploymentIdFrom, read, readDocument } from '../../protocol/document.ts'
import { fromBase64url, toBase64url } from '../../protocol/encoding.ts'
import { type AuthorityKey, signerOf } from '../../protocol/key-file.ts'
import { type NoteSigner, noteText, signNote } from '../../protocol/signed-note.ts'
import {
  type OutputOptions,
  readDeployment,
  run,
  withOutputOptions,
  withPassphraseOption,
} from '../context.ts'
import { fromHex } from '../hex.ts'
import { readPassphrase, readText } from '../input.ts'
import { readAuthorityKey } from '../keyring.ts'
import type { Output } from '../output.ts'
import {
  dayText,
  deviceRequest,
  deviceRole,
  deviceScopes,
  directoryInput,
  directoryPlan,
  epochsPlan,
  readPlan,
  readValue,
  rootInput,
  rootPlan,
  TEMPLATES,
  versionNumber,
} from '../plans.ts'

interface SigningOptions extends OutputOptions {
  readonly out?: string
  readonly passphraseFile?: string
}

interface PlanOptions extends SigningOptions {
  readonly plan: string
  readonly signer: readonly string[]
  readonly deployment?: DeploymentId
}

interface IdentityOptions extends SigningOptions {
  readonly identity: string
  readonly deployment: DeploymentId
}

interface StatementOptions extends IdentityOptions {
  readonly agency: string
  readonly number: string
  readonly epochs: readonly string[]
}

interface CertificateOptions extends IdentityOptions {
  readonly request: string
  readonly role: string
  readonly scopes: string
  readonly from: string
  readonly until: string
}

interface DeviceListOptions extends IdentityOptions {
  readonly agency: string
  readonly number: string
  readonly certificate?: readonly string[]
  readonly previous?: string
  readonly revoke?: readonly string[]
}

const signing = (command: Command) =>
  withPassphraseOption(withOutputOptions(command)).option(
    '--out <file>',
    'new file; without it, standard output',
  )

const planned = (command: Command) =>
  signing(command)
    .requiredOption('--plan <file>', 'JSON; start from `bongsu authority plan`')
    .requiredOption('--signer <keyfile...>', 'keys that sign')

const identified = (command: Command) =>
  signing(command)
    .requiredOption('--identity <keyfile>', 'the agency’s identity key')
    .requiredOption('--deployment <id>', 'the deployment', readDeployment)

export function addDocumentCommands(authority: Command): void {
  withOutputOptions(authority.command('plan'))
    .description('Prints a plan to fill in.')
    .addArgument(new Argument('<document>').choices(['root', 'directory']))
    .action((document: 'root' | 'directory', options: OutputOptions) =>
      run(options, async output => {
        output.result(TEMPLATES[document], JSON.stringify(TEMPLATES[document], null, 2).split('\n'))
        return undefined
      }),
    )
  planned(authority.command('root'))
    .description('Builds and signs a root. From version 2 on, old and new signers must meet both thresholds.')
    .option('--deployment <id>', 'the deployment; not for version 1, which makes it', readDeployment)
    .action((options: PlanOptions) => run(options, output => root(options, output)))
  planned(authority.command('directory'))
    .description('Builds and signs a directory.')
    .requiredOption('--deployment <id>', 'the deployment', readDeployment)
    .action((options: PlanOptions) => run(options, output => directory(options, output)))
  signing(authority.command('cosign'))
    .description('Adds a signature to a root or a directory. Read it first.')
    .argument('<note>', 'the signed document')
    .requiredOption('--signer <keyfile>', 'the key that signs')
    .action((note: string, options: SigningOptions & { signer: string }) =>
      run(options, output => cosign(note, options, output)),
    )
  addAgencyDocuments(authority)
}

function addAgencyDocuments(authority: Command): void {
  identified(authority.command('statement'))
    .description('Builds and signs an agency’s epoch keys.')
    .requiredOption('--agency <id>', 'the agency')
    .requiredOption('--number <version>', 'version: one more than the published')
    .requiredOption('--epochs <file...>', 'what `new-epochs` printed, of each intake device')
    .action((options: StatementOptions) => run(options, output => statement(options, output)))
  identified(authority.command('certificate'))
    .description('Builds and signs a device’s certificate.')
    .requiredOption('--request <file>', 'what `new-device` printed')
    .addOption(new Option('--role <role>').choices(DEVICE_ROLES).makeOptionMandatory())
    .requiredOption(
      '--scopes <list>',
      'by commas, of intake (receives keys), cases (works on cases), status (sees the list), pickup (hands keys on)',
    )
    .requiredOption('--from <day>', 'first day, YYYY-MM-DD')
    .requiredOption('--until <day>', 'last day, YYYY-MM-DD')
    .action((options: CertificateOptions) => run(options, output => certificate(options, output)))
  identified(authority.command('device-list'))
    .description('Builds and signs an agency’s list of devices: all that count, and the revoked.')
    .requiredOption('--agency <id>', 'the agency')
    .requiredOption('--number <version>', 'version: one more than the published')
    .option('--certificate <file...>', 'certificates of devices to add')
    .option('--previous <file>', 'start from this list')
    .option('--revoke <device...>', 'device ids, hexadecimal')
    .action((options: DeviceListOptions) => run(options, output => deviceList(options, output)))
}

async function signersOf(
  files: readonly string[],
  { passphraseFile }: SigningOptions,
  { words }: Output,
  kind?: AuthorityKey['kind'],
): Promise<NoteSigner[]> {
  const signers: NoteSigner[] = []
  for (const file of files) {
    signers.push(
      await signerOf(await readAuthorityKey(file, () => readPassphrase(words, { passphraseFile }), kind)),
    )
  }
  return signers
}

/** The note into a new file, or onto standard output as it is. */
async function emit(
  note: string,
  { out }: SigningOptions,
  output: Output,
  more: object = {},
): Promise<undefined> {
  if (out !== undefined) await writeFile(out, note, { flag: 'wx' })
  const shown = Object.entries(more).map(([name, value]) => `${name}: ${value}`)
  const lines = out === undefined ? [note.replace(/\n$/, '')] : [output.words.wrote(out), ...shown]
  output.result({ ...more, ...(out === undefined ? { note } : { file: out }) }, lines)
}

async function root(options: PlanOptions, output: Output): Promise<undefined> {
  const plan = readPlan(rootPlan, await readText(options.plan), options.plan)
  if ((plan.version === 1) !== (options.deployment === undefined)) {
    throw new InvalidInput('--deployment: for every root but the first, which makes it')
  }
  const signers = await signersOf(options.signer, options, output, 'root')
  const note = buildRoot(await rootInput(plan), options.deployment ?? null, signers)
  const deployment = toBase64url(options.deployment ?? deploymentIdFrom(note))
  return emit(note, options, output, { deployment })
}

async function directory(options: PlanOptions, output: Output): Promise<undefined> {
  const plan = readPlan(directoryPlan, await readText(options.plan), options.plan)
  if (!options.deployment) throw new InvalidInput('--deployment is missing')
  const signers = await signersOf(options.signer, options, output, 'directory')
  return emit(buildDirectory(await directoryInput(plan), options.deployment, signers), options, output)
}

async function cosign(
  file: string,
  options: SigningOptions & { signer: string },
  output: Output,
): Promise<undefined> {
  const note = await readText(file)
  const text = noteText(note)
  const added = signNote(text, await signersOf([options.signer], options, output)).slice(text.length + 1)
  if (note.includes(added)) throw new InvalidInput(`${file}: signed by this key already`)
  return emit(note + added, options, output)
}

async function identityOf(options: IdentityOptions, output: Output): Promise<NoteSigner> {
  const [identity] = await signersOf([options.identity], options, output, 'identity')
  if (!identity) throw new InvalidInput('--identity is missing')
  return identity
}

async function statement(options: StatementOptions, output: Output): Promise<undefined> {
  const agency = readValue(agencyId, options.agency, '--agency')
  const epochs = []
  for (const file of options.epochs) {
    const plan = readPlan(epochsPlan, await readText(file), file)
    if (plan.agency !== agency) throw new InvalidInput(`${file}: of another agency`)
    epochs.push(...plan.epochs)
  }
  const input = {
    agencyId: agency,
    version: readValue(versionNumber, options.number, '--number'),
    epochs: epochs.map(({ key, validFrom }) => ({ sealingKey: sealingKey(fromBase64url(key)), validFrom })),
  }
  return emit(buildStatement(input, options.deployment, await identityOf(options, output)), options, output)
}

async function certificate(options: CertificateOptions, output: Output): Promise<undefined> {
  const request = readPlan(deviceRequest, await readText(options.request), options.request)
  const input = {
    agencyId: request.agency,
    signingKey: signingKey(fromBase64url(request.signingKey)),
    sealingKey: sealingKey(fromBase64url(request.sealingKey)),
    role: readValue(deviceRole, options.role, '--role'),
    scopes: readValue(deviceScopes, options.scopes.split(','), '--scopes'),
    validFrom: readValue(dayText, options.from, '--from'),
    validUntil: readValue(dayText, options.until, '--until'),
  }
  return emit(buildCertificate(input, options.deployment, await identityOf(options, output)), options, output)
}

async function deviceList(options: DeviceListOptions, output: Output): Promise<undefined> {
  const earlier = options.previous === undefined ? null : await readText(options.previous)
  const before = earlier === null ? null : readDocument(earlier, 'device-list', options.deployment)
  const certificates = before
    ? read.list(before, 'devices', entry => read.text(entry, 'certificate', 16_384))
    : []
  const revoked = before ? read.list(before, 'revoked', entry => read.bytes(entry, 'device', 16)) : []
  for (const file of options.certificate ?? []) certificates.push(await readText(file))
  for (const text of options.revoke ?? []) {
    const id = fromHex(text)
    if (id?.length !== 16) throw new InvalidInput(`--revoke: not a device id: ${text}`)
    revoked.push(id)
  }
  const input = {
    agencyId: readValue(agencyId, options.agency, '--agency'),
    version: readValue(versionNumber, options.number, '--number'),
    certificates,
    revoked,
  }
  return emit(buildDeviceList(input, options.deployment, await identityOf(options, output)), options, output)
}
