// config → database → features → two listeners → jobs; stops in reverse order.
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { cryptoReady, type DeploymentId } from '../protocol/crypto.ts'
import { deploymentIdFrom } from '../protocol/document.ts'
import { buildAgencyApp } from './agency-app.ts'
import { type Config, ConfigError, type ListenAddress } from './config.ts'
import { type Database, isUnavailable, migrate, openDatabase, sqlState } from './database.ts'
import { type KeyStore, openKeyStore } from './demonstration/key-store.ts'
import { foundDemonstration, renewDemonstration } from './demonstration/service.ts'
import { firstRoot } from './directory/service.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { buildFeatures, type Features } from './features.ts'
import { createDatabaseStorage, type FileStorage } from './files/storage.ts'
import { haveMoved } from './files/transfers.ts'
import { HandedKeysAtStake } from './handed-keys.ts'
import { CONNECTION_LIMITS, type ConnectionLimits } from './http/connections.ts'
import { createWorkBits } from './http/load.ts'
import { createLogger, type Logger } from './http/log.ts'
import { createMetrics, HELD_MS, type Metrics, serveMetrics } from './http/metrics.ts'
import { createSignatureVerifier } from './http/signatures.ts'
import { createChallenges } from './http/signed-request.ts'
import { type Jobs, startJobs } from './jobs.ts'
import { buildReporterApp } from './reporter-app.ts'
import { ensureServerKeyFile, loadServerKeys, type ServerKeys } from './server-keys.ts'
import { CONSOLE_FOLDER, FORM_FOLDER, readSite, type Site } from './web/site.ts'

export { endOnFault } from './http/log.ts'

const DEMONSTRATION_RENEWAL_MS = 3_600_000
const DEVICES_PER_ADDRESS = 10

export interface RunningServer {
  readonly reporterUrl: string
  readonly agencyUrl: string
  /** Where an onion service connects to; null where none is configured. */
  readonly onionUrl: string | null
  readonly metricsUrl: string | null
  readonly deploymentId: DeploymentId
  /** Where the demonstration's key files are; null for a real deployment. */
  readonly demonstrationFolder: string | null
  stop(): Promise<void>
}

export interface StartOptions {
  /** Milliseconds since 1970; tests move it. */
  readonly now?: () => number
  readonly log?: Logger
  /** Where the built web form is, if not where it is built. */
  readonly formFolder?: string
  /** Where the built console is. */
  readonly consoleFolder?: string
  /** Instead of the usual; tests do not wait for a minute. */
  readonly connections?: ConnectionLimits
}

/** Throws `ConfigError` rather than guess; whatever was started by then is stopped. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const { now = Date.now, log = createLogger(config.logLevel), connections = CONNECTION_LIMITS } = options
  const started: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    await cryptoReady
    const form = await prepareSite(options.formFolder ?? FORM_FOLDER)
    const console = await prepareSite(options.consoleFolder ?? CONSOLE_FOLDER)
    const serverKeys = await prepareServerKeys(config)
    const database = await prepareDatabase(config, log, started)
    const { deploymentId, demonstration } = await findDeployment(config, database, now)
    const storage = await prepareStorage(config, database, log)
    const features = buildFeatures({
      database,
      deploymentId,
      serverKeys,
      form,
      console,
      storage,
      fileLimits: { perMessage: config.filesPerMessage, room: config.filesRoom },
      now,
    })
    const renew = await prepareDemonstration(demonstration, features, { deploymentId, serverKeys, now })
    const metrics = createMetrics(database.ping)
    const shared = { deploymentId, serverKeys, now, log, metrics, connections, started }
    const urls = await startListeners(config, features, shared)
    const held = { name: 'metrics', everyMs: HELD_MS, run: metrics.release }
    const jobs = startJobs([...features.jobs, ...renew, held], log, metrics.jobFailed)
    started.push(() => stopWorking(features, storage, jobs))
    return { ...urls, deploymentId, demonstrationFolder: demonstration?.folder ?? null, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function stopWorking(features: Features, storage: FileStorage, jobs: Jobs): Promise<void> {
  features.release()
  storage.close()
  await jobs.stop()
}

async function prepareSite(folder: string): Promise<Site | null> {
  return readSite(folder).catch(() => {
    throw new ConfigError(`${folder}: not a web page as it was built; npm run build makes it anew`)
  })
}

async function prepareServerKeys(config: Config): Promise<ServerKeys> {
  const file = config.serverKeyFile ?? join(resolve(config.dataFolder), 'server.key')
  if (config.serverKeyFile === null) await ensureServerKeyFile(file)
  return loadServerKeys(file).catch((error: NodeJS.ErrnoException) => {
    const why = error.syscall ? 'the file cannot be read' : 'the file does not hold a server key'
    throw new ConfigError(`BONGSU_SERVER_KEY_FILE: ${why}`)
  })
}

async function prepareDatabase(
  config: Config,
  log: Logger,
  started: (() => Promise<void>)[],
): Promise<Database> {
  let url = config.databaseUrl
  if (url === null) {
    const dataFolder = resolve(config.dataFolder)
    const postgres = await startEmbeddedPostgres({
      dataFolder,
      log: event => log.info({ event }, 'postgres'),
    })
    started.push(() => postgres.stop())
    url = postgres.connectionString
  }
  await migrate(url, config).catch(refuseDatabase)
  const database = openDatabase({
    url,
    onConnectionLost: () => log.warn('a connection to the database was lost'),
  })
  started.push(() => database.close())
  return database
}

/** An operator's mistake is told in a line; an error of PostgreSQL would print the statement. */
function refuseDatabase(error: unknown): never {
  const state = sqlState(error)
  if (error instanceof HandedKeysAtStake) throw new ConfigError(error.message)
  if (isUnavailable(error)) throw new ConfigError('DATABASE_URL: PostgreSQL cannot be reached')
  if (state !== undefined)
    throw new ConfigError(`DATABASE_URL: PostgreSQL refuses the migrations (SQLSTATE ${state})`)
  throw error
}

/** A database with files in an object store is of no use without it. */
async function prepareStorage(
  { objectStore }: Config,
  database: Database,
  log: Logger,
): Promise<FileStorage> {
  if (!objectStore) {
    if (!(await haveMoved(database))) return createDatabaseStorage(database)
    throw new ConfigError('BONGSU_S3_ENDPOINT: needed, files of this database lie in an object store')
  }
  // Loaded where it is used: the SDK behind it is large.
  const { openS3Storage } = await import('./files/s3-storage.ts')
  const { storage, found } = await openS3Storage(database, objectStore, log)
  if (typeof found === 'number')
    throw new ConfigError(`BONGSU_S3_BUCKET: the object store refuses it with status ${found}`)
  // Everything but files works without it, and files again once it is back.
  if (found === 'away') log.error('the object store cannot be reached')
  return storage
}

interface FoundDeployment {
  readonly deploymentId: DeploymentId
  readonly demonstration: KeyStore | null
}

/** The published deployment, or the configured one; without either, and without DATABASE_URL, a demonstration. */
async function findDeployment(
  config: Config,
  database: Database,
  now: () => number,
): Promise<FoundDeployment> {
  const published = await firstRoot(database)
  const isPlayground = config.databaseUrl === null && config.deployment === null
  const demonstration = isPlayground ? await openKeyStore(join(resolve(config.dataFolder), 'demo')) : null
  if (published !== null) {
    const deploymentId = deploymentIdFrom(published)
    if (config.deployment && !config.deployment.every((byte, i) => byte === deploymentId[i])) {
      throw new ConfigError('BONGSU_DEPLOYMENT: the database belongs to another deployment')
    }
    const founded = demonstration && (await demonstration.read('root-1.note'))
    return { deploymentId, demonstration: founded === published ? demonstration : null }
  }
  if (config.deployment) return { deploymentId: config.deployment, demonstration: null }
  if (!demonstration) {
    throw new ConfigError(
      'BONGSU_DEPLOYMENT: needed until the first root is published (bongsu authority root)',
    )
  }
  return { deploymentId: await foundDemonstration(demonstration, now()), demonstration }
}

interface Starting {
  readonly log: Logger
  readonly metrics: Metrics
  readonly connections: ConnectionLimits
  readonly started: (() => Promise<void>)[]
}

interface Shared {
  readonly deploymentId: DeploymentId
  readonly serverKeys: ServerKeys
  readonly now: () => number
}

async function prepareDemonstration(
  store: KeyStore | null,
  features: Features,
  { deploymentId, serverKeys, now }: Shared,
) {
  if (!store) return []
  const { directory, publisher } = features
  const logKey = serverKeys.log.key
  const run = () => renewDemonstration({ store, deploymentId, logKey, directory, publisher, now })
  await run()
  return [{ name: 'demonstration', everyMs: DEMONSTRATION_RENEWAL_MS, run }]
}

async function startListeners(
  config: Config,
  features: Features,
  { deploymentId, serverKeys, now, log, metrics, connections, started }: Shared & Starting,
): Promise<{ reporterUrl: string; agencyUrl: string; onionUrl: string | null; metricsUrl: string | null }> {
  const { rateLimit, trustedProxies } = config
  const { reporter, agency } = serverKeys.challengeKeys
  const signatures = createSignatureVerifier(now)
  started.push(() => signatures.stop())
  const common = { deploymentId, log, trustedProxies, metrics, connections, signatures, behindTls: true }
  const challenges = createChallenges(reporter, createWorkBits(config.workBits, now), now)
  const reporters = { ...common, challenges }
  // Devices are known by their keys and ask often, many behind one address: more of them, and no work.
  const agencies = {
    ...common,
    rateLimit: rateLimit * DEVICES_PER_ADDRESS,
    challenges: createChallenges(agency, () => 0, now),
  }
  const listen = async (app: FastifyInstance, address: ListenAddress) => {
    started.push(() => app.close())
    return app.listen(address).catch(refuseAddress)
  }
  const atOnion = { ...reporters, rateLimit: 0, behindTls: false }
  const metricsUrl = config.metricsListen ? await startMetrics(metrics, config.metricsListen, started) : null
  return {
    metricsUrl,
    reporterUrl: await listen(
      await buildReporterApp(features, { ...reporters, rateLimit }),
      config.reporterListen,
    ),
    agencyUrl: await listen(await buildAgencyApp(features, agencies), config.agencyListen),
    // Whoever comes through an onion service has the address of its daemon: only work can be asked for.
    onionUrl: config.onionListen
      ? await listen(
          await buildReporterApp({ ...features, form: onionForm(features.form, log) }, atOnion),
          config.onionListen,
        )
      : null,
  }
}

/** None, where it would lead reporters who came to the onion on to another address, which does not hide them. */
function onionForm(form: Site | null, log: Logger): Site | null {
  if (!form?.service || new URL(form.service).hostname.endsWith('.onion')) return form
  log.warn('the form is not served at the onion service: it was built for another address')
  return null
}

/** Taken, or not this machine's: the operator's to mend. Node's message names the address and nothing else. */
function refuseAddress(error: NodeJS.ErrnoException): never {
  throw error.syscall === 'listen' || error.syscall === 'getaddrinfo' ? new ConfigError(error.message) : error
}

async function startMetrics(
  metrics: Metrics,
  address: ListenAddress,
  started: Starting['started'],
): Promise<string> {
  const server = await serveMetrics(metrics, address).catch(refuseAddress)
  started.push(async () => {
    server.closeAllConnections()
    server.close()
  })
  const bound = server.address()
  return `http://${address.host}:${typeof bound === 'object' && bound ? bound.port : address.port}`
}
