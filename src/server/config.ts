// The only reader of the environment here. Refuses to start rather than guess.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { binary } from '../contract/shapes.ts'
import { type DeploymentId, deploymentIdOf } from '../protocol/crypto.ts'
import { fromBase64url } from '../protocol/encoding.ts'

export interface ListenAddress {
  readonly host: string
  readonly port: number
}

/** An S3-compatible store. */
export interface ObjectStoreConfig {
  readonly endpoint: string
  readonly bucket: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
}

export interface Config {
  /** Null: the service runs a PostgreSQL of its own in the data folder. */
  readonly databaseUrl: string | null
  readonly dataFolder: string
  /** The deployment whose first root may be published; null: only the demonstration's. */
  readonly deployment: DeploymentId | null
  /** File of 32 bytes, base64url; every server of a deployment has the same. */
  readonly serverKeyFile: string | null
  readonly reporterListen: ListenAddress
  readonly agencyListen: ListenAddress
  /** Reporters that come through an onion service: no limit by address, proof of work instead. Null: none. */
  readonly onionListen: ListenAddress | null
  /** Counts for the operator. Null: none. */
  readonly metricsListen: ListenAddress | null
  readonly workBits: number
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'silent'
  /** Requests per minute and address on the reporters' listener; 0 is off. */
  readonly rateLimit: number
  /** Bytes of the files of one message, without seals and fill; 0: files are not taken. */
  readonly filesPerMessage: number
  /** Bytes of all files together, as they are stored. */
  readonly filesRoom: number
  /** Where the bytes of files lie for good; null: in the database. */
  readonly objectStore: ObjectStoreConfig | null
  /** Proxies in front whose X-Forwarded-For is believed; 0: none. */
  readonly trustedProxies: number
  /** Whether a migration may delete keys that were handed to devices (handed-keys.ts). */
  readonly deleteHandedKeys: boolean
}

const MIB = 1024 * 1024

export class ConfigError extends Error {}

const listen = z
  .string()
  .regex(/^(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+):\d{1,5}$/, 'HOST:PORT')
  .transform((text): ListenAddress => {
    const at = text.lastIndexOf(':')
    return { host: text.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(text.slice(at + 1)) }
  })
  .refine(address => address.port <= 65_535, 'port')

const whole = (fallback: number, maximum: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, 'a whole number')
    .default(String(fallback))
    .transform(Number)
    .refine(value => value <= maximum, `at most ${maximum}`)

const environment = z.strictObject({
  DATABASE_URL: z.string().min(1).optional(),
  BONGSU_DATA: z.string().min(1).default('./data'),
  BONGSU_DEPLOYMENT: binary(32)
    .transform(text => deploymentIdOf(fromBase64url(text)))
    .optional(),
  BONGSU_SERVER_KEY_FILE: z.string().min(1).optional(),
  BONGSU_REPORTER_LISTEN: listen.prefault('127.0.0.1:4080'),
  BONGSU_AGENCY_LISTEN: listen.prefault('127.0.0.1:4081'),
  BONGSU_ONION_LISTEN: listen.optional(),
  BONGSU_METRICS_LISTEN: listen.optional(),
  BONGSU_WORK_BITS: whole(10, 24),
  BONGSU_LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
  BONGSU_RATE_LIMIT: whole(600, 1_000_000),
  BONGSU_FILES_PER_MESSAGE_MIB: whole(2048, 2048),
  BONGSU_FILES_ROOM_MIB: whole(20_480, 100_000_000),
  BONGSU_S3_ENDPOINT: z
    .string()
    .regex(/^https?:\/\/(\[[0-9a-fA-F:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?\/?$/, 'http(s)://HOST[:PORT]')
    .refine(URL.canParse, 'http(s)://HOST[:PORT]')
    .optional(),
  // Names without dots: they are safe in a path, and everywhere.
  BONGSU_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits and hyphens')
    .optional(),
  BONGSU_S3_REGION: z
    .string()
    .regex(/^[A-Za-z0-9-]{1,64}$/, 'letters, digits and hyphens')
    .optional(),
  BONGSU_S3_KEY_FILE: z.string().min(1).optional(),
  BONGSU_TRUSTED_PROXIES: whole(0, 8),
  BONGSU_DELETE_HANDED_KEYS: z.literal('yes', { error: 'yes, or not set' }).optional(),
})

const SECRET_FILES = ['DATABASE_URL'] as const

/** Throws `ConfigError` with one line a mistake. */
export function readConfig(variables: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own = Object.entries(variables).filter(
    ([name, value]) => value !== undefined && (name === 'DATABASE_URL' || name.startsWith('BONGSU_')),
  )
  const values: Record<string, string | undefined> = Object.fromEntries(own)
  for (const name of SECRET_FILES) {
    const file = variables[`${name}_FILE`]
    if (file !== undefined) values[name] = readSecret(`${name}_FILE`, file)
  }
  const parsed = environment.safeParse(values)
  if (!parsed.success) throw new ConfigError(parsed.error.issues.map(describe).join('\n'))
  const env = parsed.data
  if (env.DATABASE_URL !== undefined && env.BONGSU_SERVER_KEY_FILE === undefined) {
    throw new ConfigError(
      'BONGSU_SERVER_KEY_FILE: needed with DATABASE_URL (bongsu authority new-server-key FILE)',
    )
  }
  return {
    databaseUrl: env.DATABASE_URL ?? null,
    dataFolder: env.BONGSU_DATA,
    deployment: env.BONGSU_DEPLOYMENT ?? null,
    serverKeyFile: env.BONGSU_SERVER_KEY_FILE ?? null,
    reporterListen: env.BONGSU_REPORTER_LISTEN,
    agencyListen: env.BONGSU_AGENCY_LISTEN,
    onionListen: env.BONGSU_ONION_LISTEN ?? null,
    metricsListen: env.BONGSU_METRICS_LISTEN ?? null,
    workBits: env.BONGSU_WORK_BITS,
    logLevel: env.BONGSU_LOG_LEVEL,
    rateLimit: env.BONGSU_RATE_LIMIT,
    filesPerMessage: env.BONGSU_FILES_PER_MESSAGE_MIB * MIB,
    filesRoom: env.BONGSU_FILES_ROOM_MIB * MIB,
    objectStore: objectStoreOf(env),
    trustedProxies: env.BONGSU_TRUSTED_PROXIES,
    deleteHandedKeys: env.BONGSU_DELETE_HANDED_KEYS === 'yes',
  }
}

const OBJECT_STORE = [
  'BONGSU_S3_ENDPOINT',
  'BONGSU_S3_BUCKET',
  'BONGSU_S3_REGION',
  'BONGSU_S3_KEY_FILE',
] as const

/** All or none. */
function objectStoreOf(env: z.output<typeof environment>): ObjectStoreConfig | null {
  const [endpoint, bucket, region, keyFile] = OBJECT_STORE.map(name => env[name])
  const missing = OBJECT_STORE.filter(name => env[name] === undefined)
  if (missing.length === OBJECT_STORE.length) return null
  if (!endpoint || !bucket || !region || !keyFile) {
    throw new ConfigError(`${missing.join(', ')}: needed with the other settings of the object store`)
  }
  const lines = readSecret('BONGSU_S3_KEY_FILE', keyFile).split(/\s*\n/)
  const [accessKey, secretKey] = lines
  if (!accessKey || !secretKey || lines.length > 2 || !lines.every(line => /^[!-~]{1,256}$/.test(line))) {
    throw new ConfigError('BONGSU_S3_KEY_FILE: the access key id in one line, the secret key in the next')
  }
  return { endpoint: new URL(endpoint).origin, bucket, region, accessKey, secretKey }
}

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new ConfigError(`${name}: the file cannot be read`)
  }
}

// Values stay out of the message: one of them is a password.
function describe(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `${issue.keys.join(', ')}: not a setting of this service`
  return `${issue.path.join('.')}: ${issue.message}`
}
