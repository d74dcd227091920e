// A large parameter goes to PostgreSQL's socket as it is: pg copies each one twice, into buffers that grow, and
// collecting those cost more than everything else that the service does with a part of a file.
import type { Socket } from 'node:net'
import pg from 'pg'
import { serialize } from 'pg-protocol'

/** Bind's message (https://www.postgresql.org/docs/current/protocol-message-formats.html) ends with the results' format. */
const FORMATS = 4
const LENGTH = 4
/** Behind the byte that says what it is. */
const LENGTH_AT = 1

type BindMessage = Parameters<typeof serialize.bind>[0]

interface Connection {
  readonly stream: Socket
  bind(message: BindMessage): void
}

/** What pg's own query has beside what it declares. */
interface Preparing {
  prepare(connection: Connection): void
}

type Finished = (error: Error | null, result: pg.QueryResult) => void

const Query = pg.Query as unknown as new (
  config: pg.QueryConfig,
  values: unknown[],
  callback: Finished,
) => pg.Submittable & Preparing

/** The bytes may be changed once the query is over. */
class QueryOfLarge extends Query {
  readonly #large: Uint8Array

  constructor(config: pg.QueryConfig, large: Uint8Array, callback: Finished) {
    super(config, [...(config.values ?? []), Buffer.alloc(0)], callback)
    this.#large = large
  }

  override prepare(connection: Connection): void {
    const bind = (message: BindMessage) => sendBind(connection.stream, serialize.bind(message), this.#large)
    super.prepare(Object.create(connection, { bind: { value: bind } }))
  }
}

/** `bound` has an empty last parameter, in whose place the bytes go. */
function sendBind(stream: Socket, bound: Buffer, large: Uint8Array): void {
  const end = bound.length - FORMATS
  bound.writeInt32BE(bound.readInt32BE(LENGTH_AT) + large.length, LENGTH_AT)
  bound.writeInt32BE(large.length, end - LENGTH)
  stream.write(bound.subarray(0, end))
  stream.write(large)
  stream.write(bound.subarray(end))
}

/** Rejects as pg's own queries do. */
export const queryLarge = <Row extends pg.QueryResultRow>(
  client: pg.ClientBase,
  config: pg.QueryConfig,
  large: Uint8Array,
): Promise<Row[]> =>
  new Promise((resolve, reject) => {
    client.query(
      new QueryOfLarge(config, large, (error, result) =>
        error ? reject(error) : resolve(result.rows as Row[]),
      ),
    )
  })
