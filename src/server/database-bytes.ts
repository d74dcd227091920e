// Bytes on their way to PostgreSQL and back as they are. pg copies a large parameter twice, into buffers that grow, and
// has its answers as text, in which bytes are twice as long and four times as slow.
import type { Duplex } from 'node:stream'
import pg from 'pg'
import { serialize } from 'pg-protocol'

// https://www.postgresql.org/docs/current/protocol-message-formats.html
const LENGTH = 4
const HEADER = 1 + LENGTH
const COPY_DATA = 'd'.charCodeAt(0)
const DATA_ROW = 'D'.charCodeAt(0)
const READY_FOR_QUERY = 'Z'.charCodeAt(0)
/** PostgreSQL makes room for a message as a whole. */
const LONGEST_COPY_DATA = 64 * 1024

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
  handleCopyInResponse(connection: pg.Connection): void
  handleCommandComplete(message: { readonly text: string }, connection: pg.Connection): void
}
const Query = pg.Query as unknown as typeof Declared

/** Rows on their way into a table. */
export interface Copy {
  /** `copy … from stdin (format binary)` */
  readonly text: string
  /** In COPY's binary format: https://www.postgresql.org/docs/current/sql-copy.html */
  readonly rows: Uint8Array
}

/** Both in one round trip, and in one transaction: what one of them does is undone where the other fails. */
class QueryAfterCopy extends Query {
  readonly #copy: Copy

  constructor(config: pg.QueryConfig, copy: Copy, callback: Finished) {
    super(config, config.values ?? [], callback)
    this.#copy = copy
  }

  // Between the two: a statement that was parsed is known to the connection, whatever becomes of the rows.
  override prepare(connection: pg.Connection): void {
    const bind = (message: BindMessage) => {
      const bound = serialize.bind(message)
      sendCopy(connection.stream, this.#copy)
      connection.stream.write(bound)
    }
    super.prepare(Object.create(connection, { bind: { value: bind } }))
  }

  /** The rows are on their way already. */
  override handleCopyInResponse(): void {}

  override handleCommandComplete(message: { readonly text: string }, connection: pg.Connection): void {
    if (!message.text.startsWith('COPY ')) super.handleCommandComplete(message, connection)
  }
}

function sendCopy(stream: Duplex, { text, rows }: Copy): void {
  for (const message of [serialize.parse({ text }), serialize.bind({}), serialize.execute({})])
    stream.write(message)
  for (let at = 0; at < rows.length; at += LONGEST_COPY_DATA) {
    const piece = rows.subarray(at, at + LONGEST_COPY_DATA)
    const header = Buffer.allocUnsafe(HEADER)
    header[0] = COPY_DATA
    header.writeInt32BE(LENGTH + piece.length, 1)
    stream.write(header)
    stream.write(piece)
  }
  stream.write(serialize.copyDone())
}

/** Rows first, then the statement. They may be changed once the query is over; rejects as pg's own queries do. */
export const queryAfterCopy = <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  config: pg.QueryConfig,
  copy: Copy,
): Promise<Row[]> =>
  new Promise((resolve, reject) => {
    const finished: Finished = (error, result) => (error ? reject(error) : resolve(result.rows as Row[]))
    client.query(new QueryAfterCopy(config, copy, finished))
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
  let isReady = false
  /** The beginning of a message, and how long it has to be to be looked at again. */
  let held: Buffer[] = []
  let size = 0
  let needed = HEADER
  const hold = (data: Buffer) => {
    held.push(data)
    size += data.length
  }
  const take = (data: Buffer) => {
    let at = 0
    needed = HEADER
    while (data.length - at >= HEADER && !isReady) {
      const end = at + 1 + data.readInt32BE(at + 1)
      needed = end - at
      if (end > data.length) break
      if (data[at] === DATA_ROW) onRow(readRow(data.subarray(at + HEADER, end)))
      else if (data[at] === READY_FOR_QUERY) handBack(data.subarray(at))
      else toPg(data.subarray(at, end))
      at = end
      needed = HEADER
    }
    if (at < data.length && !isReady) hold(data.subarray(at))
  }
  const handBack = (data: Buffer) => {
    isReady = true
    stream.on('data', toPg).off('data', onData)
    toPg(data)
  }
  const onData = (data: Buffer) => {
    let at = 0
    // Of what completes a message that was begun no more than that is copied.
    while (size > 0 && size + data.length - at >= needed && !isReady) {
      const end = at + needed - size
      hold(data.subarray(at, end))
      at = end
      const begun = Buffer.concat(held)
      held = []
      size = 0
      take(begun)
    }
    const rest = data.subarray(at)
    if (isReady) toPg(rest)
    else if (size > 0) hold(rest)
    else take(rest)
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
