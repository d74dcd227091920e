import { and, desc, eq, sql } from 'drizzle-orm'
import type { VerifiedDevice } from '../../protocol/agency-documents.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import type { Queries } from '../database.ts'
import { devices, documents } from './tables.ts'

type DocumentKind = typeof documents.$inferSelect.kind

export interface StoredDocuments {
  readonly roots: readonly string[]
  readonly directory: string | null
  /** By agency. */
  readonly statements: ReadonlyMap<string, string>
}

const newest = desc(documents.version)

/** Root chain, newest directory, newest statement of each agency. */
export async function loadDocuments({ orm }: Queries): Promise<StoredDocuments> {
  const roots = await orm
    .select()
    .from(documents)
    .where(eq(documents.kind, 'root'))
    .orderBy(documents.version)
  const [directory] = await orm
    .select()
    .from(documents)
    .where(eq(documents.kind, 'directory'))
    .orderBy(newest)
    .limit(1)
  const statements = await orm
    .selectDistinctOn([documents.subject])
    .from(documents)
    .where(eq(documents.kind, 'statement'))
    .orderBy(documents.subject, newest)
  return {
    roots: roots.map(row => row.note),
    directory: directory?.note ?? null,
    statements: new Map(statements.map(row => [row.subject, row.note])),
  }
}

export async function newestDocument({ orm }: Queries, kind: DocumentKind, subject: string) {
  const where = and(eq(documents.kind, kind), eq(documents.subject, subject))
  const [row] = await orm.select().from(documents).where(where).orderBy(newest).limit(1)
  return row ?? null
}

/** Whether it was stored: false where that version exists. */
export async function insertDocument(
  { orm }: Queries,
  document: { kind: DocumentKind; subject: string; version: number; note: string },
): Promise<boolean> {
  const rows = await orm
    .insert(documents)
    .values(document)
    .onConflictDoNothing()
    .returning({ kind: documents.kind })
  return rows.length > 0
}

const COUNT = { name: 'count-documents', text: 'select count(*)::int as count from documents' }

/** Grows with each publication; tells a cached directory that it is old. */
export async function countDocuments(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ count: number }>(COUNT)
  return row?.count ?? 0
}

/** Publishing waits here for another's transaction, so that checks and insertion are one step. */
export async function lockPublishing({ orm }: Queries): Promise<void> {
  await orm.execute(sql`select pg_advisory_xact_lock(1651469928, 1)`)
}

/** Replaces an agency's devices by those of its newest list; false where one is on another agency's list. */
export async function replaceDevices(
  { orm }: Queries,
  agencyId: string,
  listed: readonly (VerifiedDevice & { readonly revoked: boolean })[],
): Promise<boolean> {
  await orm.delete(devices).where(eq(devices.agencyId, agencyId))
  for (const device of listed) {
    const { deviceId, signingKey, certificate, scopes, validFrom, validUntil, revoked } = device
    const row = {
      deviceId,
      agencyId,
      signingKey,
      certificate,
      scopes: [...scopes],
      validFrom,
      validUntil,
      revoked,
    }
    const added = await orm
      .insert(devices)
      .values(row)
      .onConflictDoNothing()
      .returning({ id: devices.deviceId })
    if (added.length === 0) return false
  }
  return true
}

const FIND_DEVICES = {
  name: 'find-devices',
  text: `select device_id, agency_id, signing_key, certificate, scopes from devices
         where device_id = any($1) and not revoked and valid_from <= $2 and valid_until >= $2`,
}

export interface DeviceRow {
  device_id: Uint8Array
  agency_id: string
  signing_key: Uint8Array
  certificate: string
  scopes: string[]
}

/** By primary key; null for unknown, revoked and expired ones. */
export async function findDevices(
  queries: Queries,
  deviceIds: readonly Uint8Array[],
  today: string,
): Promise<(DeviceRow | null)[]> {
  const rows = await queries.query<DeviceRow & Record<string, unknown>>(FIND_DEVICES, [deviceIds, today])
  return deviceIds.map(id => rows.find(row => equalBytes(row.device_id, id)) ?? null)
}
