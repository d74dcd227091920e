// Bytes on their way to PostgreSQL and back as they are. pg copies a large parameter twice, into buffers that grow, and
// has its answers as text, in which bytes are twice as long and four times as slow.
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { serialize } from 'pg-protocol'

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const LENGTH = 4
const HEADER = 1 + LENGTH
/** What Bind ends with: the format of the results. */
const FORMATS = 4
const DATA_ROW = 'D'.charCodeAt(0)
const READY_FOR_QUERY = 'Z'.charCodeAt(0)

type BindMessage = Parameters<typeof serialize.bind>[0]

type Finished = (error: Error | null, result: pg.QueryResult) => void

interface BytesConfig extends pg.QueryConfig {
  /** All columns as PostgreSQL has them inside. */
  readonly binary?: boolean
}

/** pg's own query, with what it does not declare. */
declare class Declared {
  constructor(config: BytesConfig, values: unknown[], callback: Finished)
  submit(connection: pg.Connection): void
  prepare(connection: pg.Connection): void
}
const Query = pg.Query as unknown as typeof Declared

class QueryOfLarge extends Query {
  readonly #large: Uint8Array

  constructor(config: pg.QueryConfig, large: Uint8Array, callback: Finished) {
    super(config, [...(config.values ?? []), Buffer.alloc(0)], callback)
    this.#large = large
  }

  override prepare(connection: pg.Connection): void {
    const bind = (message: BindMessage) => sendBind(connection.stream, serialize.bind(message), this.#large)
    super.prepare(Object.create(connection, { bind: { value: bind } }))
  }
}

/** `bound` has an empty last parameter, in whose place the bytes go. */
function sendBind(stream: Duplex, bound: Buffer, large: Uint8Array): void {
  const end = bound.length - FORMATS
  bound.writeInt32BE(bound.readInt32BE(1) + large.length, 1)
  bound.writeInt32BE(large.length, end - LENGTH)
  stream.write(bound.subarray(0, end))
  stream.write(large)
  stream.write(bound.subarray(end))
}

/** `large` is the last parameter. It may be changed once the query is over; rejects as pg's own queries do. */
export const queryLarge = <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  config: pg.QueryConfig,
  large: Uint8Array,
): Promise<Row[]> =>
  new Promise((resolve, reject) => {
    const finished: Finished = (error, result) => (error ? reject(error) : resolve(result.rows as Row[]))
    client.query(new QueryOfLarge(config, large, finished))
  })

export type BytesRow = readonly (Buffer | null)[]

class QueryOfBytes extends Query {
  readonly #onRow: (row: BytesRow) => void

  constructor(config: pg.QueryConfig, onRow: (row: BytesRow) => void, callback: Finished) {
    super({ ...config, binary: true }, config.values ?? [], callback)
    this.#onRow = onRow
  }

  override submit(connection: pg.Connection): void {
    takeRows(connection.stream, this.#onRow)
    super.submit(connection)
  }
}

/** The rows as bytes; a number is in the order of the network. */
export const queryBytes = (client: pg.ClientBase, config: pg.QueryConfig): Promise<BytesRow[]> =>
  new Promise((resolve, reject) => {
    const rows: BytesRow[] = []
    const finished: Finished = error => (error ? reject(error) : resolve(rows))
    client.query(new QueryOfBytes(config, row => rows.push(row), finished))
  })

/** Until PostgreSQL is ready for the next query its rows go to `onRow`, and all else to pg as before. */
function takeRows(stream: Duplex, onRow: (row: BytesRow) => void): void {
  const [toPg, ...others] = stream.listeners('data') as ((data: Buffer) => void)[]
  if (!toPg || others.length > 0) throw new Error('somebody else reads from this connection')
  let held: Buffer[] = []
  let size = 0
  let needed = HEADER
  const take = (data: Buffer) => {
    let at = 0
    needed = HEADER
    while (data.length - at >= HEADER) {
      const end = at + 1 + data.readInt32BE(at + 1)
      needed = end - at
      if (end > data.length) break
      if (data[at] === READY_FOR_QUERY) {
        stream.on('data', toPg).off('data', onData)
        toPg(data.subarray(at))
        return
      }
      if (data[at] === DATA_ROW) onRow(readRow(data.subarray(at + HEADER, end)))
      else toPg(data.subarray(at, end))
      at = end
      needed = HEADER
    }
    held = [data.subarray(at)]
    size = data.length - at
  }
  const onData = (data: Buffer) => {
    held.push(data)
    size += data.length
    if (size >= needed) take(held.length === 1 ? data : Buffer.concat(held))
  }
  stream.on('data', onData).off('data', toPg)
}

function readRow(message: Buffer): BytesRow {
  let at = 2
  return Array.from({ length: message.readInt16BE() }, () => {
    const length = message.readInt32BE(at)
    at += LENGTH
    if (length < 0) return null
    at += length
    return message.subarray(at - length, at)
  })
}
