// What must hold of files in one snapshot of the tables, whatever was killed before it.
import { blobRoot, PART_SIZE, partCountOf } from '../../src/protocol/blob.ts'
import { equalBytes } from '../../src/protocol/encoding.ts'
import { parseHeader } from '../../src/protocol/envelope.ts'
import type { Queries } from '../../src/server/database.ts'
import { PARTS_AHEAD } from '../../src/server/files/parts.ts'
import { PARTS_WITH_BYTES } from '../support/stored.ts'

interface Blob {
  id: string
  state: 'open' | 'claimed' | 'doomed'
  kind: 'message' | 'reply'
  length: number
  parts: number
  moved: number
  expires: number | null
  capability: string | null
  report: string | null
  index: number | null
  reader: string | null
}

interface Part {
  id: string
  index: number
  hash: Uint8Array
  /** Null where it lies in an object store. */
  size: number | null
  sound: boolean | null
}

export interface FileSnapshot {
  readonly blobs: readonly Blob[]
  readonly parts: readonly Part[]
  readonly stray: readonly { part: string; stray: number }[]
  readonly headers: readonly { report: string; index: number; header: Uint8Array }[]
}

const BLOBS = `select encode(blob_id, 'hex') as id, state, kind, length::float8 as length, parts, moved, expires,
  encode(capability, 'hex') as capability, encode(report_id, 'hex') as report, index, encode(reader, 'hex') as reader
  from blobs`
const PARTS = `select encode(blob_id, 'hex') as id, index, hash, length(bytes) as size, sha256(bytes) = hash as sound
  from ${PARTS_WITH_BYTES} order by 1, 2`
const STRAY = `select part::text, count(*)::int as stray from blob_pieces
  where part not in (select part from blob_parts where part is not null) group by part`
const HEADERS = `select encode(report_id, 'hex') as report, index, header from messages`

export async function readFiles(queries: Queries): Promise<FileSnapshot> {
  const read = <Row>(name: string, text: string) =>
    queries.query<Row & Record<string, unknown>>({ name: `faults-${name}`, text })
  return {
    blobs: await read<Blob>('blobs', BLOBS),
    parts: await read<Part>('parts', PARTS),
    stray: await read<FileSnapshot['stray'][number]>('stray', STRAY),
    headers: await read<FileSnapshot['headers'][number]>('headers', HEADERS),
  }
}

/** Everything that is half there, in words. */
export async function findHalfFiles({ blobs, parts, stray, headers }: FileSnapshot): Promise<string[]> {
  const faults: string[] = []
  const partsOf = Map.groupBy(parts, part => part.id)
  const headerOf = new Map(
    headers.map(({ report, index, header }) => [`${report}/${index}`, parseHeader(header)]),
  )
  const claimed = new Set<string>()
  for (const blob of blobs) {
    const say = (what: string) => faults.push(`blob ${blob.id} (${blob.state}, ${blob.kind}): ${what}`)
    const own = partsOf.get(blob.id) ?? []
    if (!isNamed(blob)) say('named as it should not be')
    const ahead = own.filter(({ index }) => index >= blob.parts)
    // Of an upload under way only: kept, and neither counted nor acknowledged.
    if (ahead.length > (blob.state === 'claimed' ? 0 : PARTS_AHEAD))
      say(`${own.length} parts of ${blob.parts}`)
    if (blob.state === 'doomed') continue
    if (own.slice(0, blob.parts).some((part, i) => part.index !== i) || own.length < blob.parts)
      say('a part is missing')
    if (own.some(part => !isSound(part, blob))) say('a part is not what it was')
    if (blob.state === 'open') continue
    if (blob.parts !== partCountOf(blob.length)) say('claimed before it was whole')
    if (blob.kind === 'reply') continue
    const header = headerOf.get(`${blob.report}/${blob.index}`)
    claimed.add(`${blob.report}/${blob.index}`)
    if (!header) say('its message is missing')
    else if (!equalBytes(header.blobRoot, await blobRoot(own.map(part => part.hash)))) say('another root')
  }
  for (const [message, { partCount }] of headerOf)
    if (partCount > 0 !== claimed.has(message)) faults.push(`${message}: its files are missing`)
  for (const { part, stray: count } of stray) faults.push(`${count} pieces of ${part}, which is not there`)
  return faults
}

function isNamed({ state, kind, capability, report, reader, expires }: Blob): boolean {
  const names = [capability !== null, report !== null, reader !== null].map(Number).join('')
  if (state === 'open') return names === '100' && expires !== null
  if (state === 'doomed') return names === '000'
  return kind === 'message' ? names === '010' && expires === null : names === '001' && expires !== null
}

function isSound({ index, size, sound }: Part, { length, moved }: Blob): boolean {
  if (size === null) return index < moved
  return sound === true && size === Math.min(PART_SIZE, length - index * PART_SIZE)
}
