// test/vectors/*.json as data: hexadecimal becomes bytes, everything else stays text.
import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { hex } from './support.ts'

const bytes = z
  .string()
  .regex(/^([0-9a-f]{2})*$/)
  .transform(hex)
const large = z.union([z.strictObject({ hex: bytes }), z.strictObject({ sha256: bytes })])
const refused = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject({ ...shape, error: z.string() })
const why = z.string()

const change = z.union([
  refused({ part: z.string(), at: z.int() }),
  refused({ why, part: z.string(), value: z.string() }),
])

const envelope = { header: bytes, commitment: bytes, body: large, digest: bytes }
const clockEntry = z.strictObject({
  id: z.string(),
  names: z.strictObject({ ko: z.string(), en: z.string() }),
  basis: z.string(),
  force: z.string(),
  duty: z.string(),
  starts: z.array(z.string()),
  stops: z.array(z.string()),
  period: z.strictObject({ length: z.int(), unit: z.string(), rule: z.string() }),
  extension: z.strictObject({ on: z.string(), length: z.int(), times: z.int() }).optional(),
  pause: z
    .strictObject({ from: z.string(), until: z.array(z.string()), days: z.int(), times: z.int() })
    .optional(),
  escalation: z.array(z.strictObject({ after: z.int(), to: z.string() })),
})

const event = z.strictObject({ core: bytes, tag: bytes, signature: bytes, head: bytes })
const filed = { files: bytes, blobRoot: bytes, partCount: z.int() }
/** Of a chunk: which source, and which of its chunks. */
const place = z.tuple([z.int(), z.int()])
const sizes = z.array(z.int())
const wrap = { seed: bytes, digest: bytes, agency: z.string(), wrapped: bytes }

const SCHEMAS = {
  encoding: z.strictObject({
    enc: z.array(
      z.strictObject({
        tag: z.string(),
        fields: z.array(bytes),
        encoded: bytes,
        hash: bytes,
        macKey: bytes,
        mac: bytes,
      }),
    ),
    encRefused: z.array(refused({ why, tag: z.string(), encoded: bytes })),
    base64url: z.array(z.strictObject({ bytes, text: z.string() })),
    base64urlRefused: z.array(refused({ text: z.string() })),
    padding: z.array(z.strictObject({ text: bytes, padded: bytes })),
    paddingRefused: z.array(refused({ padded: bytes })),
  }),
  'receipt-codes': z.strictObject({
    codes: z.array(
      z.strictObject({
        code: bytes,
        check: bytes,
        text: z.string(),
        ko: z.string(),
        en: z.string(),
        alsoReadFrom: z.array(z.string()),
      }),
    ),
    refused: z.array(refused({ why, text: z.string() })),
  }),
  'reporter-keys': z.array(
    z.strictObject({
      deployment: bytes,
      code: bytes,
      root: bytes,
      statusSeed: bytes,
      statusKey: bytes,
      reportId: bytes,
      mailboxSeed: bytes,
      mailboxKey: bytes,
      mailboxId: bytes,
      sealingSeed: bytes,
      sealingKey: bytes,
      acknowledgementKey: bytes,
      threadKey: bytes,
      logBlind: bytes,
      recipientsKey: bytes,
    }),
  ),
  'signing-keys': z.strictObject({
    keys: z.array(z.strictObject({ seed: bytes, publicKey: bytes, keyId: bytes })),
    refused: z.array(refused({ why, publicKey: bytes })),
    signaturesRefused: z.array(z.strictObject({ why, publicKey: bytes, signature: bytes, message: bytes })),
  }),
  documents: z.strictObject({
    keys: z.array(z.strictObject({ name: z.string(), seed: bytes, publicKey: bytes, hash: bytes })),
    deployment: bytes,
    firstRootText: z.string(),
    roots: z.array(z.string()),
    directory: z.string(),
    agency: z.string(),
    statement: z.string(),
    certificate: z.string(),
    certificateHash: bytes,
    deviceList: z.string(),
    receipt: z.string(),
    rootsRefused: z.array(refused({ why, roots: z.array(z.string()), deployment: bytes })),
    directoriesRefused: z.array(refused({ why, directory: z.string() })),
    statementsRefused: z.array(refused({ why, statement: z.string() })),
    certificatesRefused: z.array(refused({ why, certificate: z.string() })),
    receiptsRefused: z.array(refused({ why, receipt: z.string() })),
  }),
  reports: z.strictObject({
    cases: z.array(
      z.strictObject({
        deployment: bytes,
        code: bytes,
        content: z.strictObject({ unit: z.string(), times: z.int() }),
        ...filed,
        contentKey: bytes,
        nonce: bytes,
        plaintext: large,
        ...envelope,
        wrappedKeys: z.array(
          z.strictObject({
            agency: z.string(),
            epochSeed: bytes,
            keyId: bytes,
            eseed: bytes,
            wrapped: bytes,
          }),
        ),
        wrapsDigest: bytes,
        leafPreimage: bytes,
        leaf: bytes,
        recipientsTag: bytes,
      }),
    ),
    envelopesRefused: z.array(
      refused({ why, contentKey: bytes, header: bytes, commitment: bytes, body: bytes }),
    ),
    refused: z.array(change),
  }),
  'wrapped-keys': z.strictObject({
    agency: z.array(z.strictObject({ ...wrap, keyId: bytes, eseed: bytes, info: bytes, contentKey: bytes })),
    device: z.array(z.strictObject({ ...wrap, device: bytes, eseed: bytes, info: bytes, contentKey: bytes })),
    refused: z.array(refused({ why, ...wrap, keyId: bytes })),
  }),
  'follow-ups': z.strictObject({
    cases: z.array(
      z.strictObject({
        deployment: bytes,
        code: bytes,
        threadIndex: z.int(),
        content: z.string(),
        ...filed,
        contentKey: bytes,
        nonce: bytes,
        threadTag: bytes,
        plaintext: bytes,
        ...envelope,
        wrappedKeys: z.array(
          z.strictObject({
            agency: z.string(),
            epochSeed: bytes,
            keyId: bytes,
            head: bytes,
            eseed: bytes,
            wrapped: bytes,
          }),
        ),
      }),
    ),
    refused: z.array(change),
  }),
  events: z.strictObject({
    digest: bytes,
    agency: z.string(),
    day: z.string(),
    acknowledgementKey: bytes,
    contentKey: bytes,
    deviceSeed: bytes,
    deviceKey: bytes,
    certificate: z.string(),
    certificateHash: bytes,
    deviceWraps: z.array(z.strictObject({ device: bytes, index: z.int(), wrapped: bytes })),
    deviceWrapsHash: bytes,
    noDeviceWrapsHash: bytes,
    start: bytes,
    chain: z.array(event),
    unopenable: event,
    conflict: event,
    particulars: z.array(
      z.strictObject({
        event: z.int(),
        told: z.boolean(),
        key: bytes,
        nonce: bytes,
        text: z.string(),
        sealed: bytes,
        hash: bytes,
      }),
    ),
    particularsRefused: z.array(refused({ why, event: z.int(), key: bytes, sealed: bytes })),
    offer: z.strictObject({
      agency: z.string(),
      start: bytes,
      epochSeed: bytes,
      keys: z.array(
        z.strictObject({
          index: z.int(),
          digest: bytes,
          contentKey: bytes,
          keyId: bytes,
          eseed: bytes,
          wrapped: bytes,
        }),
      ),
      hash: bytes,
    }),
    chainsRefused: z.array(refused({ why, events: z.array(z.int()) })),
    eventsRefused: z.array(refused({ why, core: bytes, tag: bytes })),
  }),
  replies: z.strictObject({
    cases: z.array(
      z.strictObject({
        mailboxKey: bytes,
        sealingSeed: bytes,
        mailboxId: bytes,
        digest: bytes,
        agency: z.string(),
        number: z.int(),
        day: z.string(),
        followUps: z.array(bytes),
        text: z.string(),
        files: bytes,
        deviceSeed: bytes,
        deviceKey: bytes,
        certificate: z.string(),
        eseed: bytes,
        sealed: bytes,
        messageId: bytes,
      }),
    ),
    refused: z.array(change),
  }),
  clocks: z.strictObject({
    clocks: z.array(clockEntry),
    holidays: z.strictObject({
      asOf: z.string(),
      from: z.string(),
      until: z.string(),
      days: z.array(z.string()),
    }),
    runs: z.array(
      z.strictObject({
        clock: z.string(),
        events: z.array(z.strictObject({ kind: z.string(), day: z.string() })),
        on: z.string(),
        states: z.array(
          z.strictObject({
            condition: z.string(),
            started: z.string(),
            stopped: z.string().nullable(),
            due: z.union([
              z.strictObject({ known: z.literal(true), day: z.string() }),
              z.strictObject({ known: z.literal(false), notBefore: z.string() }),
            ]),
            extended: z.int(),
            daysLeft: z.int().nullable(),
            escalated: z.array(z.string()),
          }),
        ),
      }),
    ),
    refused: z.array(refused({ why, clock: z.unknown() })),
    holidaysRefused: z.array(refused({ why, holidays: z.unknown() })),
  }),
  'device-notes': z.array(
    z.strictObject({
      seed: bytes,
      device: bytes,
      agency: z.string(),
      version: z.int(),
      notes: z.array(z.strictObject({ caseId: bytes, lastNumber: z.int() })),
      eseed: bytes,
      sealed: z.strictObject({ sha256: bytes }),
    }),
  ),
  'file-lists': z.strictObject({
    cases: z.array(
      z.strictObject({
        blobKey: bytes,
        files: z.array(
          z.strictObject({
            name: z.string(),
            type: z.string(),
            size: z.int(),
            attached: z.boolean(),
            sha256: bytes,
          }),
        ),
        places: z.array(z.strictObject({ position: z.int(), offset: z.int(), length: z.int() }).nullable()),
        attachedLength: z.int(),
        blobLength: z.int(),
        encoded: bytes,
      }),
    ),
    refused: z.array(refused({ why, encoded: bytes })),
  }),
  blobs: z.strictObject({
    key: bytes,
    readerSeed: bytes,
    readerKey: bytes,
    streams: z.array(
      z.strictObject({
        position: z.int(),
        size: z.int(),
        fileKey: bytes,
        header: bytes,
        length: z.int(),
        sealed: large,
      }),
    ),
    blob: z.strictObject({
      sizes,
      length: z.int(),
      fillAt: z.int(),
      fillBegins: bytes,
      sha256: bytes,
      partHashes: z.array(bytes),
      root: bytes,
    }),
    lengths: sizes,
    lengthsFor: z.array(z.strictObject({ sizes, length: z.int() })),
    tooLong: z.array(refused({ sizes })),
    roots: z.array(z.strictObject({ count: z.int(), root: bytes })),
    sources: z.array(z.strictObject({ key: bytes, position: z.int(), size: z.int() })),
    chunksOpen: z.array(place),
    chunksRefused: z.array(refused({ why, as: z.int(), header: z.int(), chunks: z.array(place) })),
    changesRefused: z.array(refused({ at: z.int() })),
    sealedRefused: z.array(refused({ why, sealed: bytes, chunks: sizes })),
  }),
  requests: z.strictObject({
    signed: z.array(
      z.strictObject({
        role: z.enum(['reporter', 'agency']),
        deployment: bytes,
        seed: bytes,
        nonce: z.string(),
        body: z.string().nullable(),
        method: z.string(),
        path: z.string(),
        query: z.string(),
        contentDigest: z.string().optional(),
        base: z.string(),
        signatureInput: z.string(),
        signature: z.string(),
      }),
    ),
    inputsRefused: z.array(refused({ why, signatureInput: z.string() })),
    signaturesRefused: z.array(refused({ why, signature: z.string() })),
  }),
  challenges: z.strictObject({
    issued: z.array(
      z.strictObject({ key: bytes, random: bytes, expiry: z.int(), workBits: z.int(), nonce: z.string() }),
    ),
    refused: z.array(refused({ why, key: bytes, nonce: z.string(), now: z.int() })),
    work: z.array(
      z.strictObject({
        nonce: z.string(),
        statusKey: bytes,
        contentHash: bytes,
        counter: bytes,
        first: z.boolean(),
      }),
    ),
    workRefused: z.array(
      z.strictObject({ why, nonce: z.string(), statusKey: bytes, contentHash: bytes, counter: bytes }),
    ),
  }),
} as const

type Name = keyof typeof SCHEMAS

export function readVectors<N extends Name>(name: N): z.output<(typeof SCHEMAS)[N]> {
  const text = readFileSync(new URL(`../vectors/${name}.json`, import.meta.url), 'utf8')
  return SCHEMAS[name].parse(JSON.parse(text)) as z.output<(typeof SCHEMAS)[N]>
}

export type Change = z.output<typeof change>

/** The input of a case with the one change that a refusal names. */
export function changed<T extends object>(input: T, refusal: Change): T {
  const { part } = refusal
  const old = new Map(Object.entries(input)).get(part)
  if ('value' in refusal) return { ...input, [part]: refusal.value }
  if (!(old instanceof Uint8Array)) throw new Error(`no bytes: ${part}`)
  const bytes = old.slice()
  bytes[refusal.at] = (bytes[refusal.at] ?? 0) ^ 1
  return { ...input, [part]: bytes }
}
