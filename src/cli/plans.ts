// The JSON from which authority documents are built: what people write, and what commands hand to each other.
import { z } from 'zod'
import { InvalidInput } from '../client/index.ts'
import { agencyId, binary, day } from '../contract/shapes.ts'
import { DEVICE_ROLES, DEVICE_SCOPES } from '../protocol/agency-documents.ts'
import type { DirectoryInput, RootInput } from '../protocol/authority.ts'
import { fromBase64url } from '../protocol/encoding.ts'
import { type NoteKey, noteKey } from '../protocol/signed-note.ts'

const publicKey = z.object({ name: z.string().min(1).max(128), key: binary(32) })
const names = z.strictObject({ ko: z.string().min(1), en: z.string().min(1) })
const version = z.int().min(1)
const texts = z.array(z.string())

export const rootPlan = z.strictObject({
  version,
  expires: day,
  threshold: z.int().min(1),
  keys: z.array(publicKey).min(1),
  directoryThreshold: z.int().min(1),
  directoryKeys: z.array(publicKey).min(1),
})

export const directoryPlan = z.strictObject({
  version,
  expires: day,
  demonstration: z.boolean().default(false),
  logKey: publicKey,
  agencies: z.array(
    z.strictObject({
      id: agencyId,
      names,
      about: names,
      powers: texts,
      territory: z.string().min(1),
      validFrom: day,
      validUntil: day,
      successor: agencyId.optional(),
      identity: publicKey,
    }),
  ),
  routes: z.array(
    z.strictObject({ kinds: texts, fields: texts, involved: texts, agencies: z.array(agencyId) }),
  ),
  timers: z.strictObject({ acknowledgeDays: z.int().min(1), feedbackDays: z.int().min(1) }),
})

/** What `new-epochs` prints and `statement` reads. */
export const epochsPlan = z.object({
  agency: agencyId,
  epochs: z.array(z.strictObject({ key: binary(1216), validFrom: day })).min(1),
})

/** What `new-device` prints and `certificate` reads: nothing secret. */
export const deviceRequest = z.object({
  agency: agencyId,
  signingKey: binary(32),
  sealingKey: binary(1216),
})

export const deviceRole = z.enum(DEVICE_ROLES)
export const deviceScopes = z.array(z.enum(DEVICE_SCOPES)).min(1)
export const dayText = day
export const versionNumber = z.coerce.number().pipe(version)

/** Throws `InvalidInput` that names the first member which is not as it must be. */
export function readPlan<T>(schema: z.ZodType<T>, text: string, file: string): T {
  return readValue(schema, parseJson(text, file), file)
}

export function readValue<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new InvalidInput(`${what}: ${issue?.path.join('.') || 'the whole'}: ${issue?.message ?? 'not valid'}`)
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InvalidInput(`${file}: not JSON`)
  }
}

const asNoteKey = ({ name, key }: z.output<typeof publicKey>): Promise<NoteKey> =>
  noteKey(name, fromBase64url(key))

export async function rootInput(plan: z.output<typeof rootPlan>): Promise<RootInput> {
  const keys = await Promise.all(plan.keys.map(asNoteKey))
  return { ...plan, keys, directoryKeys: await Promise.all(plan.directoryKeys.map(asNoteKey)) }
}

export async function directoryInput(plan: z.output<typeof directoryPlan>): Promise<DirectoryInput> {
  const agencies = await Promise.all(
    plan.agencies.map(async ({ identity, successor, ...agency }) => ({
      ...agency,
      ...(successor === undefined ? {} : { successor }),
      identity: await asNoteKey(identity),
    })),
  )
  return { ...plan, logKey: await asNoteKey(plan.logKey), agencies }
}

const NAMED = { ko: '이름', en: 'name' }
const PUBLIC = { name: 'NAME', key: 'from `bongsu authority public KEYFILE`' }

/** Where to start from. */
export const TEMPLATES = {
  root: {
    version: 1,
    expires: 'YYYY-MM-DD, a year ahead',
    threshold: 1,
    keys: [PUBLIC],
    directoryThreshold: 1,
    directoryKeys: [PUBLIC],
  },
  directory: {
    version: 1,
    expires: 'YYYY-MM-DD, seven days ahead',
    logKey: { name: 'bongsu-log', key: 'from `bongsu authority new-server-key FILE`' },
    agencies: [
      {
        id: 'agency-id',
        names: NAMED,
        about: { ko: '하는 일', en: 'what it does' },
        powers: ['fact-finding'],
        territory: 'national',
        validFrom: 'YYYY-MM-DD',
        validUntil: 'YYYY-MM-DD',
        identity: PUBLIC,
      },
    ],
    routes: [{ kinds: ['K01'], fields: [], involved: [], agencies: ['agency-id'] }],
    timers: { acknowledgeDays: 7, feedbackDays: 90 },
  },
} as const
