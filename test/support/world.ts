// A running service on a real PostgreSQL, with the demonstration's agencies, published over HTTP.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { Problem } from '../../src/contract/problems.ts'
import { verifyStatement } from '../../src/protocol/agency-documents.ts'
import { cryptoReady, type DeploymentId } from '../../src/protocol/crypto.ts'
import { verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { type DeviceKey, parseKeyFile } from '../../src/protocol/key-file.ts'
import { readConfig } from '../../src/server/config.ts'
import { type Database, openDatabase } from '../../src/server/database.ts'
import { type KeyStore, openKeyStore } from '../../src/server/demonstration/key-store.ts'
import { foundDemonstration, renewDemonstration } from '../../src/server/demonstration/service.ts'
import { type RunningServer, startServer } from '../../src/server/main.ts'
import { ensureServerKeyFile, loadServerKeys } from '../../src/server/server-keys.ts'
import { createDatabase } from './postgres.ts'

export type AgencyId = 'sme-office' | 'nis' | 'police' | 'ip-police' | 'serious-crimes'

export interface World {
  readonly reporterUrl: string
  readonly agencyUrl: string
  readonly deploymentId: DeploymentId
  readonly folder: string
  readonly store: KeyStore
  readonly database: Database
  readonly databaseUrl: string
  /** Moves the service's clock by this many milliseconds. */
  advance(milliseconds: number): void
  now(): number
  deviceKey(agency: AgencyId, role?: 'intake' | 'investigator' | 'supervisor'): Promise<DeviceKey>
  deviceKeyFile(agency: AgencyId, role?: 'intake' | 'investigator' | 'supervisor'): string
  /** Signs and publishes again what has become too old. */
  renew(): Promise<void>
  /** Stops the service and starts it on the same data, on the same ports. */
  restart(): Promise<void>
  /** A second service process on the same database. */
  startAnother(): Promise<RunningServer>
  stop(): Promise<void>
}

export interface WorldOptions {
  readonly workBits?: number
  readonly rateLimit?: number
  /** The service's clock goes on by `advance` alone. */
  readonly stillClock?: boolean
  /** Everything that the service logs is handed over, a line at a time. */
  readonly onLogLine?: (line: string) => void
  /** A web form other than the built one. */
  readonly formFolder?: string
  /** A console other than the built one. */
  readonly consoleFolder?: string
  /** Settings beside those of every world. */
  readonly variables?: Readonly<Record<string, string>>
}

export async function createWorld(options: WorldOptions = {}): Promise<World> {
  await cryptoReady
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-world-'))
  const { url: databaseUrl, drop } = await createDatabase()
  let offset = 0
  const begun = Date.now()
  const now = () => (options.stillClock ? begun : Date.now()) + offset
  const store = await openKeyStore(join(folder, 'keys'))
  const deploymentId = await foundDemonstration(store, now())
  const serverKeyFile = join(folder, 'server.key')
  await ensureServerKeyFile(serverKeyFile)
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    BONGSU_DATA: folder,
    BONGSU_DEPLOYMENT: Buffer.from(deploymentId).toString('base64url'),
    BONGSU_SERVER_KEY_FILE: serverKeyFile,
    BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
    BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
    BONGSU_WORK_BITS: String(options.workBits ?? 2),
    BONGSU_RATE_LIMIT: String(options.rateLimit ?? 0),
    ...options.variables,
  })
  const { onLogLine, formFolder, consoleFolder } = options
  const log = onLogLine ? pino({ level: 'debug' }, { write: onLogLine }) : pino({ level: 'silent' })
  const start = {
    now,
    log,
    ...(formFolder === undefined ? {} : { formFolder }),
    ...(consoleFolder === undefined ? {} : { consoleFolder }),
  }
  let server = await startServer(config, start)
  const { reporterUrl, agencyUrl } = server
  const portOf = (url: string) => ({ host: '127.0.0.1', port: Number(new URL(url).port) })
  const samePorts = { ...config, reporterListen: portOf(reporterUrl), agencyListen: portOf(agencyUrl) }
  const database = openDatabase({ url: databaseUrl, max: 4 })
  const logKey = (await loadServerKeys(serverKeyFile)).log.key
  const renew = () => {
    const directory = { current: () => fetchPublished(reporterUrl, deploymentId) }
    return renewDemonstration({
      store,
      deploymentId,
      logKey,
      directory,
      publisher: publisherOver(agencyUrl),
      now,
    })
  }
  await renew()
  const deviceKeyFile: World['deviceKeyFile'] = (agency, role = 'intake') =>
    join(store.folder, `${agency}-${role}.key.json`)

  return {
    reporterUrl,
    agencyUrl,
    deploymentId,
    folder,
    store,
    database,
    databaseUrl,
    now,
    renew,
    deviceKeyFile,
    advance: milliseconds => {
      offset += milliseconds
    },
    async deviceKey(agency, role) {
      const key = parseKeyFile(await readFile(deviceKeyFile(agency, role), 'utf8'))
      if (key.kind !== 'device') throw new Error('not a device key')
      return key
    },
    async restart() {
      await server.stop()
      server = await startServer(samePorts, start)
    },
    startAnother: () => startServer(config, start),
    async stop() {
      await server.stop()
      await database.close()
      await drop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function fetchPublished(url: string, deploymentId: DeploymentId) {
  const response = await fetch(`${url}/v1/directory`)
  if (response.status !== 200) throw new Error('nothing published')
  const body = (await response.json()) as {
    roots: string[]
    directory: string
    statements: Record<string, string>
  }
  const directory = await verifyDirectory(body.directory, await verifyRootChain(body.roots, deploymentId))
  const statements = new Map(
    directory.agencies.flatMap(agency => {
      const note = body.statements[agency.id]
      return note ? [[agency.id, verifyStatement(note, agency, deploymentId)] as const] : []
    }),
  )
  return { roots: body.roots, directory, statements }
}

function publisherOver(url: string) {
  const put = async (path: string, body: object) => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) })
    if (response.status === 204) return
    const text = await response.text()
    if (text.includes('/problems/document-stale')) throw new Problem('document-stale')
    throw new Error(`${path}: ${response.status} ${text}`)
  }
  return {
    directory: (roots: readonly string[], directory: string) => put('/v1/directory', { roots, directory }),
    statement: (agency: string, statement: string) => put(`/v1/agencies/${agency}/statement`, { statement }),
    devices: (agency: string, devices: string) => put(`/v1/agencies/${agency}/devices`, { devices }),
  }
}
