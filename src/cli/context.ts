// What every command starts from: flags, the service, and whom to trust there.
import { type Command, InvalidArgumentError, Option } from 'commander'
import {
  type DeploymentId,
  type Device,
  deploymentIdOf,
  deviceOf,
  fetchTrust,
  type Reporter,
  reporterOf,
  type Service,
  serviceAt,
  type Trust,
} from '../client/index.ts'
import { cryptoReady } from '../protocol/crypto.ts'
import { fromBase64url, toBase64url } from '../protocol/encoding.ts'
import { fetchWithPatience } from './agents.ts'
import { type Language, languageOf } from './config.ts'
import { type ExitCode, failureOf } from './exit.ts'
import { readPassphrase, readReceiptCode } from './input.ts'
import { readDeviceKey } from './keyring.ts'
import { createOutput, endWith, type Output } from './output.ts'
import { fetchThrough, type SocksProxy } from './socks.ts'

export const REPORTERS = 'http://127.0.0.1:4080'
export const AGENCIES = 'http://127.0.0.1:4081'

export interface OutputOptions {
  readonly json?: boolean
  readonly lang?: Language
}

export interface ServiceOptions extends OutputOptions {
  readonly server: string
  readonly deployment?: DeploymentId
  readonly allowStale?: boolean
  readonly timeout: number
  readonly socks?: SocksProxy
}

export interface CodeFileOptions extends ServiceOptions {
  readonly codeFile?: string
}

export interface KeyOptions extends ServiceOptions {
  readonly key: string
  readonly passphraseFile?: string
}

export function withOutputOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON object on one line')
    .addOption(new Option('--lang <language>', 'of what is printed; default from LANG').choices(['ko', 'en']))
}

function withServiceOptions(command: Command, server: string): Command {
  return withOutputOptions(command)
    .option('--server <url>', 'address of the service', server)
    .option('--deployment <id>', 'pin the deployment: refuse any other', readDeployment)
    .option('--allow-stale', 'use a directory that is past its last day')
    .option('--timeout <seconds>', 'to wait for each answer', readSeconds, 60)
    .option(
      '--socks <host:port>',
      'go through a SOCKS5 proxy, as Tor’s; an .onion address goes through 127.0.0.1:9050 without it',
      readProxy,
    )
}

/** Commands of whoever holds a receipt code, or is about to. */
export const withReporterOptions = (command: Command): Command => withServiceOptions(command, REPORTERS)

export const withCodeOptions = (command: Command): Command =>
  withReporterOptions(command).option(
    '--code-file <file>',
    'read the receipt code from a file (- is standard input); without it, it is asked for and not shown',
  )

export const withAgencyOptions = (command: Command): Command => withServiceOptions(command, AGENCIES)

export const withPassphraseOption = (command: Command): Command =>
  command.option('--passphrase-file <file>', 'for a sealed key file; without it, it is asked for')

export const withKeyOptions = (command: Command): Command =>
  withPassphraseOption(
    withAgencyOptions(command).requiredOption('--key <keyfile>', 'the device’s key file (mode 0600)'),
  )

export function readDeployment(text: string): DeploymentId {
  try {
    return deploymentIdOf(fromBase64url(text))
  } catch {
    throw new InvalidArgumentError('A deployment id is 43 characters, base64url.')
  }
}

function readSeconds(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Whole seconds, 1 to 9999.')
  return Number(text)
}

function readProxy(text: string): SocksProxy {
  const [, host = '', port = ''] = /^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):(\d{1,5})$/.exec(text) ?? []
  if (host === '' || Number(port) === 0 || Number(port) > 65_535)
    throw new InvalidArgumentError('HOST:PORT, as in 127.0.0.1:9050.')
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Where Tor listens by itself; Tor Browser's is at 9150. */
const TOR: SocksProxy = { host: '127.0.0.1', port: 9050 }

/** Tor's where the address is an onion's: the lookup of such a name would tell it to others (RFC 7686). */
export function proxyOf({ server, socks }: Pick<ServiceOptions, 'server' | 'socks'>): SocksProxy | null {
  const isOnion = URL.canParse(server) && /\.onion\.?$/.test(new URL(server).hostname)
  return socks ?? (isOnion ? TOR : null)
}

export function serviceOf(options: ServiceOptions, freshConnections = false): Service {
  const proxy = proxyOf(options)
  const fetch = proxy ? fetchThrough(proxy) : fetchWithPatience()
  return serviceAt(options.server, { timeout: options.timeout * 1000, freshConnections, fetch })
}

/** Runs a command's body: its failures become one line (or one JSON object) and an exit code. */
export async function run(
  options: OutputOptions,
  body: (output: Output) => Promise<ExitCode | undefined>,
): Promise<void> {
  const output = createOutput({ json: options.json ?? false, lang: options.lang ?? languageOf() })
  try {
    await cryptoReady
    endWith((await body(output)) ?? 0)
  } catch (error) {
    const failure = failureOf(error)
    output.failure(failure)
    endWith(failure.exit)
  }
}

export interface Connection {
  readonly service: Service
  readonly trust: Trust
}

/** Verifies the directory. Says so where it is a demonstration, or stale. */
export async function connect(
  options: ServiceOptions,
  output: Output,
  pinned?: DeploymentId,
  freshConnections = true,
): Promise<Connection> {
  const service = serviceOf(options, freshConnections)
  const trust = await fetchTrust(service, {
    pinned: options.deployment ?? pinned,
    now: Date.now(),
    allowStale: options.allowStale ?? false,
  })
  if (trust.directory.demonstration) output.remark(output.words.demonstration)
  if (trust.stale) output.remark(output.words.stale)
  return { service, trust }
}

/** One connection for all parts of an upload: their common address ties them together anyway. */
export const forParts = (service: Service): Service => ({ ...service, freshConnections: false })

export async function connectReporter(
  options: CodeFileOptions,
  output: Output,
  stdinTaken = false,
): Promise<Reporter> {
  const code = await readReceiptCode(output.words, { codeFile: options.codeFile, stdinTaken })
  const { service, trust } = await connect(options, output)
  return reporterOf(service, trust, code)
}

/** A device knows its deployment from its key file: nothing is taken on trust. */
export async function connectDevice(options: KeyOptions, output: Output): Promise<Device> {
  const { passphraseFile } = options
  const key = await readDeviceKey(options.key, () => readPassphrase(output.words, { passphraseFile }))
  const { service, trust } = await connect(options, output, deploymentIdOf(key.deployment), false)
  return deviceOf(service, trust, key)
}

export const deploymentOf = (trust: Trust) => ({
  deployment: toBase64url(trust.deploymentId),
  pinned: trust.pinned,
  demonstration: trust.directory.demonstration,
})
