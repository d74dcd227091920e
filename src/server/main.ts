// config → database → features → two listeners → jobs; stops in reverse order.
import { join, resolve } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { cryptoReady, type DeploymentId } from '../protocol/crypto.ts'
import { deploymentIdFrom } from '../protocol/document.ts'
import { buildAgencyApp } from './agency-app.ts'
import { type Config, ConfigError } from './config.ts'
import { type Database, migrate, openDatabase } from './database.ts'
import { type KeyStore, openKeyStore } from './demonstration/key-store.ts'
import { foundDemonstration, renewDemonstration } from './demonstration/service.ts'
import { firstRoot } from './directory/service.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { buildFeatures, type Features } from './features.ts'
import { listenOn } from './http/listener.ts'
import { createLogger, type Logger } from './http/log.ts'
import { createChallenges } from './http/signed-request.ts'
import { type Jobs, startJobs } from './jobs.ts'
import { buildReporterApp } from './reporter-app.ts'
import { ensureServerKeyFile, loadServerKeys, type ServerKeys } from './server-keys.ts'

const DEMONSTRATION_RENEWAL_MS = 3_600_000

export interface RunningServer {
  readonly reporterUrl: string
  readonly agencyUrl: string
  readonly deploymentId: DeploymentId
  /** Where the demonstration's key files are; null for a real deployment. */
  readonly demonstrationFolder: string | null
  stop(): Promise<void>
}

export interface StartOptions {
  /** Milliseconds since 1970; tests move it. */
  readonly now?: () => number
  readonly log?: Logger
}

/** Throws `ConfigError` rather than guess; whatever was started by then is stopped. */
export async function startServer(config: Config, options: StartOptions = {}): Promise<RunningServer> {
  const { now = Date.now, log = createLogger(config.logLevel) } = options
  const started: (() => Promise<void>)[] = []
  const stop = async () => {
    for (const end of started.splice(0).reverse()) await end()
  }
  try {
    await cryptoReady
    const serverKeys = await prepareServerKeys(config)
    const database = await prepareDatabase(config, log, started)
    const { deploymentId, demonstration } = await findDeployment(config, database, now)
    const features = buildFeatures({ database, deploymentId, serverKeys, now })
    const renew = await prepareDemonstration(demonstration, features, { deploymentId, serverKeys, now })
    const urls = await startListeners(config, features, { deploymentId, serverKeys, now, log, started })
    const jobs = startJobs([...features.jobs, ...renew], log)
    started.push(() => stopWorking(features, jobs))
    return { ...urls, deploymentId, demonstrationFolder: demonstration?.folder ?? null, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function stopWorking(features: Features, jobs: Jobs): Promise<void> {
  features.release()
  await jobs.stop()
}

async function prepareServerKeys(config: Config): Promise<ServerKeys> {
  const file = config.serverKeyFile ?? join(resolve(config.dataFolder), 'server.key')
  if (config.serverKeyFile === null) await ensureServerKeyFile(file)
  return loadServerKeys(file).catch(() => {
    throw new ConfigError('BONGSU_SERVER_KEY_FILE: the file does not hold a server key')
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
  await migrate(url)
  const database = openDatabase({
    url,
    onConnectionLost: () => log.warn('a connection to the database was lost'),
  })
  started.push(() => database.close())
  return database
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
  { deploymentId, serverKeys, now, log, started }: Shared & { log: Logger; started: (() => Promise<void>)[] },
): Promise<{ reporterUrl: string; agencyUrl: string }> {
  const { rateLimit, trustedProxies } = config
  const challenges = (bits: number) => createChallenges(serverKeys.challengeKey, () => bits, now)
  const common = { deploymentId, log, trustedProxies }
  const reporters = { ...common, rateLimit, challenges: challenges(config.workBits) }
  // Devices are known by their keys: they need no limit by address and no work.
  const agencies = { ...common, rateLimit: 0, challenges: challenges(0) }
  const listen = async (app: FastifyInstance, address: Config['reporterListen']) => {
    started.push(() => app.close())
    return listenOn(app, address)
  }
  return {
    reporterUrl: await listen(await buildReporterApp(features, reporters), config.reporterListen),
    agencyUrl: await listen(await buildAgencyApp(features, agencies), config.agencyListen),
  }
}
