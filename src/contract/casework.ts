import { z } from 'zod'
import { STAGES, STANDING_NAMES } from '../protocol/lifecycle-phases.ts'
import { WRAPPED_KEY_LENGTH } from '../protocol/wrapped-key.ts'
import { envelope, particulars, signedEvent } from './report.ts'
import { json, route } from './route.ts'
import { agencyId, binary, day, note } from './shapes.ts'

/** Seconds for which a poll is held at most. */
export const MAX_WAIT = 30
export const PAGE_SIZE = 50
export const MAX_TEAM = 64
/** Keys in one offer: a case with more messages cannot be handed over in one step. */
export const MAX_OFFERED = 400
/** Of a message: as large as an event can name it. */
const MAX_INDEX = 999_999_999

const caseId = binary(16).describe('Names a case for this agency only')

export const caseSummary = z.strictObject({
  case: caseId,
  state: z
    .enum(['new', 'acknowledged', 'unopenable', 'withdrawn', 'left'])
    .describe('What can be done with its content; left: another agency’s now'),
  stage: z.enum(STAGES).describe('Where the lifecycle stands'),
  standing: z.array(z.enum(STANDING_NAMES)).describe('How this agency stands to the case'),
  withdrawalWished: z.boolean(),
  urgent: z.boolean(),
  day,
  bucket: z.int(),
  due: day.nullable().describe('First due day of the agency’s clocks; it may have passed'),
  followUps: z.int(),
  events: z.int(),
})

export type CaseSummary = z.infer<typeof caseSummary>

const deviceWrap = z.strictObject({
  device: binary(16),
  index: z.int().min(0).max(MAX_INDEX).describe('Of the message: 0 is the report'),
  key: binary(WRAPPED_KEY_LENGTH),
})

const offer = z
  .strictObject({
    agency: agencyId,
    keys: z
      .array(z.strictObject({ index: z.int().min(0), keyId: binary(16), key: binary(WRAPPED_KEY_LENGTH) }))
      .min(1)
      .max(MAX_OFFERED),
  })
  .describe('The content keys of all messages, wrapped for the agency that the case is offered to')

export const recordedEvent = z.strictObject({
  ...signedEvent.shape,
  particulars,
  deviceKeys: z
    .array(deviceWrap)
    .max(MAX_TEAM)
    .describe('Content keys of messages, wrapped for devices of the case team'),
})

/** Out of another agency’s chain. */
const looseEvent = z.strictObject({ ...signedEvent.shape, particulars })

const caseMessage = z.strictObject({
  index: z.int().min(0).describe('0 is the report, 1 … its follow-ups'),
  day,
  ...envelope,
  blobLength: z.int().min(0).describe('Bytes of the sealed files; 0: none'),
  seenHead: binary(32)
    .nullable()
    .describe(
      'Of a follow-up: the head of this agency’s chain that its writer saw; the key opens with it only',
    ),
  wrappedKey: z
    .strictObject({ keyId: binary(16), key: binary(WRAPPED_KEY_LENGTH) })
    .nullable()
    .describe('For intake devices only; null for every other'),
})

export const caseFile = z.strictObject({
  ...caseSummary.shape,
  head: binary(32),
  withdrawal: z
    .strictObject({ statusKey: binary(32), nonce: z.string().max(128), signature: binary(64) })
    .nullable()
    .describe('The reporter’s signed wish: the signature covers DELETE /v1/report'),
  origin: z
    .strictObject({ kind: z.enum(['chosen', 'proposed', 'invited']), agency: agencyId.nullable() })
    .describe('Chosen by the reporter, or offered by that agency'),
  partners: z
    .array(
      z.strictObject({
        agency: agencyId,
        lead: agencyId.describe('Whose work it is: this agency’s own, or that of the one which asked it'),
        standing: z.array(z.enum(STANDING_NAMES)),
        answers: z
          .array(looseEvent)
          .describe('What it answered to this agency’s offers, also those that it refused, or left'),
      }),
    )
    .describe('Other agencies that this one works with or offered the case to; never others'),
  offers: z
    .array(z.strictObject({ agency: agencyId, ...looseEvent.shape }))
    .describe(
      'The events by which other agencies asked this one, out of their chains: what stands, and the latest that it answered',
    ),
  messages: z.array(caseMessage),
  nextMessage: z.int().nullable().describe('Ask again from here; null at the end'),
  events: z.array(recordedEvent),
})

export type CaseFile = z.infer<typeof caseFile>

const wholeNumber = (maximum: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number)
    .refine(value => value <= maximum)

export const listCases = route({
  id: 'listCases',
  summary: 'Cases assigned to the calling device’s agency that are new or changed since the cursor',
  method: 'GET',
  path: '/v1/cases',
  listeners: ['agency'],
  access: 'device',
  query: z.strictObject({
    after: wholeNumber(Number.MAX_SAFE_INTEGER)
      .default(0)
      .describe('The cursor of the answer before; 0 from the start'),
    wait: wholeNumber(MAX_WAIT).default(0).describe('Seconds to wait for something new'),
  }),
  status: 200,
  reply: json(z.strictObject({ cases: z.array(caseSummary), cursor: z.int(), more: z.boolean() })),
  conditional: true,
  problems: ['device-refused', 'scope-missing'],
})

export const getCase = route({
  id: 'getCase',
  summary: 'A case’s ciphertexts, events and this agency’s wrapped keys',
  method: 'GET',
  path: '/v1/cases/:case',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({ case: caseId }),
  query: z.strictObject({ from: wholeNumber(1_000_000).default(0).describe('First message') }),
  status: 200,
  reply: json(caseFile),
  problems: ['device-refused', 'scope-missing', 'not-found'],
})

export const postEvent = route({
  id: 'postEvent',
  summary: 'Records a signed event on the head of the case’s chain; the same event again changes nothing',
  method: 'POST',
  path: '/v1/cases/:case/events',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({ case: caseId }),
  body: json(
    z.strictObject({
      core: recordedEvent.shape.core,
      tag: recordedEvent.shape.tag,
      signature: binary(64),
      certificate: note(16 * 1024),
      deviceKeys: recordedEvent.shape.deviceKeys,
      particulars: particulars.default(null),
      offer: offer.nullable().default(null),
    }),
    1024 * 1024,
  ),
  status: 200,
  reply: json(z.strictObject({ head: binary(32) })),
  burnsNonce: true,
  problems: [
    'device-refused',
    'scope-missing',
    'not-found',
    'chain-moved',
    'action-refused',
    'event-invalid',
    'recipient-refused',
    'payload-too-large',
    'unsupported-media-type',
  ],
})
