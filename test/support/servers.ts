// More processes on a world's data, a service with nothing published, and a wire to PostgreSQL that can be cut.
import { randomBytes } from 'node:crypto'
import { connect, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { pino } from 'pino'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { readConfig } from '../../src/server/config.ts'
import { openDatabase } from '../../src/server/database.ts'
import type { ConnectionLimits } from '../../src/server/http/connections.ts'
import { type RunningServer, startServer } from '../../src/server/main.ts'
import { createDatabase } from './postgres.ts'
import type { World } from './world.ts'

export const environmentOf = (world: World): Record<string, string> => ({
  DATABASE_URL: world.databaseUrl,
  BONGSU_DATA: world.folder,
  BONGSU_DEPLOYMENT: toBase64url(world.deploymentId),
  BONGSU_SERVER_KEY_FILE: join(world.folder, 'server.key'),
  BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
  BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
  BONGSU_WORK_BITS: '2',
  BONGSU_RATE_LIMIT: '0',
})

/** Another service on the world's data, with other settings. */
export function startBeside(
  world: World,
  variables: Readonly<Record<string, string>> = {},
  connections?: ConnectionLimits,
): Promise<RunningServer> {
  const config = readConfig({ ...environmentOf(world), ...variables })
  const log = pino({ level: 'silent' })
  return startServer(config, { now: world.now, log, ...(connections && { connections }) })
}

/** A service of the world's deployment on an empty database: nothing was ever published there. */
export async function startEmpty(world: World) {
  const { url, drop } = await createDatabase()
  const server = await startBeside(world, { DATABASE_URL: url })
  const database = openDatabase({ url, max: 2 })
  return {
    server,
    database,
    stop: async () => {
      await server.stop()
      await database.close()
      await drop()
    },
  }
}

export interface Wire {
  /** The database's URL through this wire. */
  readonly url: string
  /** Breaks every connection and takes no new one. */
  cut(): void
  mend(): void
  /** Once this has been said, what PostgreSQL answers is lost: it is done, and nobody hears of it. */
  deafenAfter(text: string): void
  close(): Promise<void>
}

export async function wireTo(databaseUrl: string): Promise<Wire> {
  const target = new URL(databaseUrl)
  const folder = target.searchParams.get('host')
  const port = target.searchParams.get('port') ?? (target.port || '5432')
  const dial = () =>
    folder?.startsWith('/')
      ? connect(`${folder}/.s.PGSQL.${port}`)
      : connect(Number(port), folder ?? target.hostname)
  const pairs = new Set<Socket>()
  let whole = true
  let last: string | null = null
  const server = createServer(near => {
    if (!whole) {
      near.destroy()
      return
    }
    const far = dial()
    let deaf = false
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      pairs.add(from)
      from.on('data', part => {
        if (from === near) deaf ||= last !== null && part.includes(last)
        if (from === near || !deaf) to.write(part)
      })
      from.on('error', () => to.destroy())
      from.on('close', () => {
        pairs.delete(from)
        to.destroy()
      })
    }
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = new URL(databaseUrl)
  url.search = ''
  url.hostname = '127.0.0.1'
  url.port = String(typeof address === 'object' ? address?.port : '')
  const breakAll = () => {
    for (const socket of pairs) socket.destroy()
  }
  return {
    url: url.href,
    cut: () => {
      whole = false
      breakAll()
    },
    mend: () => {
      whole = true
      last = null
    },
    deafenAfter: text => {
      last = text
    },
    close: () =>
      new Promise(resolve => {
        breakAll()
        server.close(() => resolve())
      }),
  }
}

/** A path that no route has. */
export const nowhere = () => `/v1/${randomBytes(6).toString('hex')}`
