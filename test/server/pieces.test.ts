// Parts lie in the database in pieces: those that were there before, and any range of them.
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, migrate, openDatabase } from '../../src/server/database.ts'
import { deleteParts, readPart } from '../../src/server/files/parts.ts'
import { PIECE_LENGTH } from '../../src/server/files/pieces.ts'
import { deleteBlob } from '../../src/server/files/store.ts'
import { migrationsBefore } from '../support/migrations.ts'
import { createDatabase, empty, type TestDatabase } from '../support/postgres.ts'
import { sha256 } from '../support/uploads.ts'

const MIB = 1024 * 1024
const BLOB = randomBytes(16)
const PARTS = [MIB, 1, PIECE_LENGTH, PIECE_LENGTH + 1, 2 * PIECE_LENGTH - 1, 65_664].map(length =>
  randomBytes(length),
)
/** Of a part that lies in an object store. */
const MOVED = PARTS.length

let target: TestDatabase
let database: Database
beforeAll(async () => {
  target = await createDatabase(empty)
  const folder = await migrationsBefore('0005_pieces')
  await migrate(target.url, { folder })
  await rm(folder, { recursive: true })
  database = openDatabase({ url: target.url })
  const blob = {
    name: 'blob',
    text: `insert into blobs (blob_id, state, kind, length) values ($1, 'doomed', 'message', 1)`,
  }
  await database.query(blob, [BLOB])
  const part = {
    name: 'part',
    text: 'insert into blob_parts (blob_id, index, hash, bytes, etag) values ($1, $2, $3, $4, $5)',
  }
  for (const [index, bytes] of PARTS.entries())
    await database.query(part, [BLOB, index, sha256(bytes), bytes, null])
  await database.query(part, [BLOB, MOVED, sha256(''), null, 'etag'])
  await migrate(target.url)
})
afterAll(async () => {
  await database.close()
  await target.drop()
})

const read = (index: number, start: number, length: number) =>
  readPart(database, BLOB, { index, start, length })

test('parts of before lie in pieces now, to the last byte', async () => {
  for (const [index, bytes] of PARTS.entries()) {
    const found = await read(index, 0, MIB)
    expect(Buffer.from(found ?? []).equals(bytes)).toBe(true)
  }
  expect(await read(MOVED, 0, MIB)).toBe(null)
  expect(await read(MOVED + 1, 0, MIB)).toBe(null)
  const rows = await database.query({
    name: 'rows',
    text: 'select index, etag from blob_parts where part is null',
  })
  expect(rows).toEqual([{ index: MOVED, etag: 'etag' }])
})

test('any range of a part is what it is asked for, at the edges of pieces and within them', async () => {
  const [bytes = Buffer.alloc(0)] = PARTS
  const edges = [0, 1, PIECE_LENGTH - 1, PIECE_LENGTH, PIECE_LENGTH + 1, 3 * PIECE_LENGTH, MIB - 1]
  for (const start of edges)
    for (const end of [...edges, MIB].filter(end => end > start)) {
      const found = await read(0, start, end - start)
      expect(Buffer.from(found ?? []).equals(bytes.subarray(start, end))).toBe(true)
    }
})

test('a blob takes its pieces with it', async () => {
  await deleteParts(database, BLOB)
  await deleteBlob(database, BLOB)
  const counts =
    'select (select count(*)::int from blobs) + (select count(*)::int from blob_parts) as named, count(*)::int as pieces from blob_pieces'
  expect(await database.query({ name: 'counts', text: counts })).toEqual([{ named: 0, pieces: 0 }])
})

test('a deletion that was asked for while there was nothing does not go through all that came since', async () => {
  const own = openDatabase({ url: target.url, max: 1 })
  const ask = async (text: string) => (await own.query({ name: '', text }))[0]
  const read = async () => {
    await ask('select pg_stat_force_next_flush()')
    return Number(
      (await ask(`select seq_tup_read as n from pg_stat_user_tables where relname = 'blob_pieces'`))?.n,
    )
  }
  try {
    await ask('vacuum blob_pieces')
    await deleteParts(own, BLOB)
    await ask(`insert into blobs (blob_id, state, kind, length) select sha256(n::text::bytea), 'doomed', 'message', 1
      from generate_series(1, 40) n`)
    await ask(`insert into blob_parts (blob_id, index, hash, part)
      select sha256(n::text::bytea), 0, '', md5(n::text)::uuid from generate_series(1, 40) n`)
    await ask(`insert into blob_pieces select md5(n::text)::uuid, i, convert_to(repeat('x', 8000), 'utf8')
      from generate_series(1, 40) n, generate_series(1, 130) i`)
    const before = await read()
    await deleteParts(own, sha256('7'))
    expect((await read()) - before).toBe(0)
    expect(await ask('select count(*)::int as left from blob_pieces')).toEqual({ left: 39 * 130 })
  } finally {
    await own.close()
  }
})
