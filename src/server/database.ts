import { fileURLToPath } from 'node:url'
import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { type BytesRow, type Copy, queryAfterCopy, queryBytes } from './database-bytes.ts'
import { findHandedKeys, HandedKeysAtStake } from './handed-keys.ts'

export type { Copy } from './database-bytes.ts'

/** drizzle without its `transaction`, which leaks the connection when `begin` fails and hides the first error. */
export type Orm = Omit<NodePgDatabase, 'transaction' | '$client'>

/** A named statement is parsed and planned once per connection. */
export interface Statement {
  name: string
  text: string
  /** Each time, for tables as large as they are by then. */
  isPlannedAnew?: boolean
}

export interface Queries {
  orm: Orm
  /** What is copied is there before the statement runs, and only if it succeeds. Its rows stay as they are until then. */
  query<Row extends pg.QueryResultRow>(statement: Statement, values?: unknown[], copy?: Copy): Promise<Row[]>
}

export interface TransactionOptions {
  isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readOnly?: boolean
}

export interface Database extends Queries {
  transaction<T>(run: (queries: Queries) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Rows whose columns are bytes, or are to be read as such, without the detour over text. */
  bytes(statement: Statement, values?: unknown[]): Promise<BytesRow[]>
  ping(): Promise<boolean>
  close(): Promise<void>
}

export interface DatabaseOptions {
  url: string
  max?: number
  /** Told of connections lost while idle; the pool replaces them by itself. */
  onConnectionLost?: (error: Error) => void
}

// Whoever asks waits for a connection and then for an answer: both together stay below what a client bears.
const CONNECT_TIMEOUT_MS = 3_000
const STATEMENT_TIMEOUT_MS = 5_000
/** Beyond PostgreSQL's own timeout: it is stopped, or gone without a word. */
const SILENCE_TIMEOUT_MS = 6_000
const CLOSE_TIMEOUT_MS = 1_000
// Nearly all that is asked here comes from an index, within a millisecond, whatever the parameters: to plan it anew for
// each of them, or to start workers for it, takes longer. `blobs-count` reads a whole table, once an upload.
// PostgreSQL ends by itself what it does for a service that is gone without a word: a copy that stops midway has no
// other end there.
const SETTINGS = [
  '-c plan_cache_mode=force_generic_plan -c max_parallel_workers_per_gather=0',
  '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
].join(' ')

export const openDatabase = ({ url, max = 20, onConnectionLost }: DatabaseOptions): Database => {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: 'bongsu',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: STATEMENT_TIMEOUT_MS,
    query_timeout: SILENCE_TIMEOUT_MS,
    options: SETTINGS,
  })
  pool.on('error', error => onConnectionLost?.(error))
  // A connection that breaks while it is lent, between two queries or with its first bytes, emits an error:
  // unheard, it would end the process.
  pool.on('connect', client => client.on('error', () => {}))

  return {
    orm: drizzle(pool),
    query: (statement, values = [], copy) =>
      withClient(pool, client => runStatement(client, statement, values, copy)),
    transaction: (run, options = {}) => runTransaction(pool, run, options),
    bytes: (statement, values = []) =>
      withClient(pool, client => queryBytes(client, configOf(statement, values))),
    ping: async () => {
      const query = withClient(pool, client => client.query('select 1'))
      return Promise.race([query.then(() => true), expire(2_000)]).catch(() => false)
    },
    close: async () => {
      // A query still under way must not hold up the shutdown: PostgreSQL rolls it back.
      await Promise.race([pool.end(), expire(CLOSE_TIMEOUT_MS)])
    },
  }
}

const expire = (ms: number): Promise<false> =>
  new Promise(resolve => {
    setTimeout(resolve, ms, false).unref()
  })

const configOf = ({ name, text, isPlannedAnew = false }: Statement, values: unknown[]): pg.QueryConfig =>
  isPlannedAnew ? { text, values } : { name, text, values }

const runStatement = async <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  statement: Statement,
  values: unknown[],
  copy?: Copy,
): Promise<Row[]> => {
  const config = configOf(statement, values)
  return copy ? queryAfterCopy<Row>(client, config, copy) : (await client.query<Row>(config)).rows
}

/** `pool.query` would throw the connection away after any error, a unique violation included. */
const withClient = async <T>(
  pool: pg.Pool,
  use: (client: pg.PoolClient, discard: () => void) => Promise<T>,
): Promise<T> => {
  const client = await pool.connect()
  let broken = false
  const discard = () => {
    broken = true
  }
  try {
    return await use(client, discard)
  } catch (error) {
    if (!isReportedByServer(error)) discard()
    throw error
  } finally {
    client.release(broken)
  }
}

const runTransaction = async <T>(
  pool: pg.Pool,
  run: (queries: Queries) => Promise<T>,
  { isolation = 'read committed', readOnly = false }: TransactionOptions,
): Promise<T> => {
  const outcome = await withClient(pool, async (client, discard) => {
    await client.query(`begin isolation level ${isolation}${readOnly ? ' read only' : ''}`)
    let result: T
    try {
      result = await run({
        orm: drizzle(client),
        query: (statement, values = [], copy) => runStatement(client, statement, values, copy),
      })
    } catch (error) {
      // Over a connection that has fallen silent a rollback would wait as long again; its end is one too.
      if (isUnavailable(error) && !isReportedByServer(error)) discard()
      else await client.query('rollback').catch(discard)
      return { error }
    }
    const { command } = await client.query('commit')
    // PostgreSQL answers the commit of a failed transaction with a rollback and no error.
    if (command !== 'COMMIT') return { error: new Error('the transaction had failed before its commit') }
    return { result }
  })
  if ('error' in outcome) throw outcome.error
  return outcome.result
}

/** One connection of its own, outside any pool, for locks that belong to a session. */
export interface Session {
  query(text: string, values?: unknown[]): Promise<pg.QueryResultRow[]>
  /** Settles when the connection ends, for whatever reason. */
  closed: Promise<void>
  close(): Promise<void>
}

export const openSession = async (url: string): Promise<Session> => {
  const { client, closed } = await connect(url)
  return {
    query: async (text, values = []) => (await client.query(text, values)).rows,
    closed,
    close: () => client.end(),
  }
}

const connect = async (url: string): Promise<{ client: pg.Client; closed: Promise<void> }> => {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'bongsu session',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
  })
  const closed = new Promise<void>(resolve => {
    client.once('end', resolve)
    client.on('error', () => resolve())
  })
  await client.connect()
  return { client, closed }
}

const MIGRATIONS = fileURLToPath(new URL('../../migrations', import.meta.url))
const MIGRATION_LOCK = 'select pg_advisory_lock(1651469927, 1)'

export interface MigrationOptions {
  folder?: string
  /** Whether keys that were handed to devices may be lost. */
  deleteHandedKeys?: boolean
}

/** Two services that start at once would both find the same migrations missing: drizzle takes no lock. */
export const migrate = async (
  url: string,
  { folder = MIGRATIONS, deleteHandedKeys = false }: MigrationOptions = {},
): Promise<void> => {
  const { client } = await connect(url)
  try {
    await client.query(MIGRATION_LOCK)
    const handed = deleteHandedKeys
      ? null
      : await findHandedKeys(async text => (await client.query(text)).rows)
    if (handed) throw new HandedKeysAtStake(handed)
    await applyMigrations(drizzle(client), { migrationsFolder: folder })
  } finally {
    await client.end()
  }
}

/** The SQLSTATE of an error from PostgreSQL, also from under drizzle's wrapping. */
export const sqlState = (error: unknown): string | undefined => findCause(error, databaseErrorCode)

/** Whether trying again later may help: PostgreSQL is away, starting, stopping or out of means. */
export const isUnavailable = (error: unknown): boolean => {
  const state = sqlState(error)
  if (state !== undefined) return /^(08...|53...|57P0.|57014|25P03)$/.test(state)
  return findCause(error, connectionFailure) !== undefined
}

const databaseErrorCode = (error: Error): string | undefined =>
  error instanceof pg.DatabaseError ? error.code : undefined

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  // A Unix socket whose queue is full.
  'EAGAIN',
  'EADDRNOTAVAIL',
  'ENETDOWN',
  'EHOSTDOWN',
  'EMFILE',
  'ENOTFOUND',
])

// pg gives these no code.
const PG_CONNECTION_MESSAGES =
  /^(Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client (was closed|has encountered a connection error)|Cannot use a pool after calling end)/

const connectionFailure = (error: Error): true | undefined => {
  const code = 'code' in error ? error.code : undefined
  if (typeof code === 'string' && NETWORK_CODES.has(code)) return true
  const isSocketMissing = code === 'ENOENT' && 'syscall' in error && error.syscall === 'connect'
  return isSocketMissing || PG_CONNECTION_MESSAGES.test(error.message) || undefined
}

const findCause = <T>(error: unknown, look: (error: Error) => T | undefined): T | undefined => {
  let current = error
  for (let depth = 0; depth < 8 && current instanceof Error; depth++) {
    const found = look(current)
    if (found !== undefined) return found
    current = current.cause
  }
  return undefined
}

/** After an ERROR the connection is as good as before; FATAL ends it. */
const isReportedByServer = (error: unknown): boolean =>
  findCause(error, cause => (cause instanceof pg.DatabaseError ? cause.severity : undefined)) === 'ERROR'
