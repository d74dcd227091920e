import { z } from 'zod'
import { BODY_OVERHEAD, SIZE_BUCKETS } from '../protocol/envelope.ts'
import { SEALED_PARTICULARS_LENGTHS } from '../protocol/particulars.ts'
import { WRAPPED_KEY_LENGTH } from '../protocol/wrapped-key.ts'
import { EMPTY, json, route } from './route.ts'
import { agencyId, binary, day, fill, note } from './shapes.ts'

export const MAX_RECIPIENTS = 4
/** Those whom it was sealed for, and those that were offered it later. */
export const MAX_HOLDERS = 16
/** Bytes of JSON around the body of the largest message, generously. */
const LARGEST = Math.ceil(((Math.max(...SIZE_BUCKETS) + BODY_OVERHEAD) * 4) / 3) + 32 * 1024

export const wrappedKey = z.strictObject({
  agency: agencyId,
  keyId: binary(16),
  key: binary(WRAPPED_KEY_LENGTH).describe('The content key, sealed by HPKE to that epoch key'),
})

const sizes = SIZE_BUCKETS.map(bucket => binary(bucket + BODY_OVERHEAD))

export const envelope = {
  header: binary(139),
  commitment: binary(32),
  body: z.union(sizes).describe('One of four sizes'),
}

const recipients = (maximum: number) =>
  z
    .array(wrappedKey)
    .min(1)
    .max(maximum)
    .refine(keys => new Set(keys.map(key => key.agency)).size === keys.length, 'each agency once')

const upload = binary(32)
  .nullable()
  .default(null)
  .describe('The upload with the files that the header names, the last of its path; null for none')

export const submission = z.strictObject({
  ...envelope,
  upload,
  wrappedKeys: recipients(MAX_RECIPIENTS),
  logBlind: binary(32),
  recipientsTag: binary(32).describe('By which the reporter will know again whom the report was sealed for'),
  urgent: z.boolean().describe('Wake somebody now'),
  fill: fill(16 * 1024),
})

export const followUp = z.strictObject({
  ...envelope,
  upload,
  wrappedKeys: recipients(MAX_HOLDERS),
  heads: z
    .array(z.strictObject({ agency: agencyId, head: binary(32) }))
    .min(1)
    .max(MAX_HOLDERS)
    .describe('The chain heads that the writer saw'),
  fill: fill(16 * 1024),
})

/** An event as its reporter and its agency see it. */
export const signedEvent = z.strictObject({
  core: z.string().max(1024),
  tag: z.string().max(43),
  signature: binary(64),
  certificate: note(16 * 1024),
})

/** What an event says beside its kind, as it was sealed. */
export const particulars = z
  .union(SEALED_PARTICULARS_LENGTHS.map(length => binary(length)))
  .nullable()
  .describe(
    'What the event says beside its kind, sealed; null for nothing, or for what stays inside the agency',
  )

const state = z.strictObject({
  state: z.enum(['received', 'withdrawn']),
  day,
  digest: binary(32),
  wraps: binary(32).describe('Digest of all wrapped keys'),
  recipientsTag: binary(32),
  receipt: note(4096),
  agencies: z
    .array(
      z.strictObject({
        agency: agencyId,
        keyId: binary(16),
        chosen: z.boolean().describe('By the reporter; false: offered by an agency that had the report'),
        state: z.enum(['assigned', 'withdrawn', 'left']),
        withdrawalWished: z.boolean(),
        head: binary(32),
        events: z.array(z.strictObject({ ...signedEvent.shape, particulars })),
      }),
    )
    .max(MAX_HOLDERS),
  followUps: z.array(z.strictObject({ index: z.int().min(1), digest: binary(32), day })),
  fill: z.string(),
})

export type ReportState = z.infer<typeof state>

const submitted = z.strictObject({ receipt: note(4096) })

export const putReport = route({
  id: 'putReport',
  summary: 'Submits a sealed report; the same bytes again get the same receipt',
  method: 'PUT',
  path: '/v1/report',
  listeners: ['reporter'],
  access: 'reporter',
  body: json(submission, LARGEST),
  status: 200,
  reply: json(submitted),
  work: true,
  burnsNonce: true,
  problems: [
    'work-required',
    'report-conflict',
    'report-withdrawn',
    'payload-too-large',
    'unsupported-media-type',
    'envelope-invalid',
    'files-incomplete',
    'recipient-refused',
  ],
})

export const getReport = route({
  id: 'getReport',
  summary: 'The report’s state, events and receipt, padded',
  method: 'GET',
  path: '/v1/report',
  listeners: ['reporter'],
  access: 'reporter',
  status: 200,
  reply: json(state),
  problems: ['not-found'],
})

export const deleteReport = route({
  id: 'deleteReport',
  summary: 'Withdraws the report from agencies that did not open it; asks the others',
  method: 'DELETE',
  path: '/v1/report',
  listeners: ['reporter'],
  access: 'reporter',
  status: 200,
  reply: json(z.strictObject({ outcome: z.enum(['withdrawn', 'wish-recorded', 'partly-withdrawn']) })),
  burnsNonce: true,
  problems: ['not-found'],
})

export const postFollowUp = route({
  id: 'postFollowUp',
  summary: 'Adds a sealed follow-up; the same bytes again are the same follow-up',
  method: 'POST',
  path: '/v1/report/messages',
  listeners: ['reporter'],
  access: 'reporter',
  body: json(followUp, LARGEST),
  status: 204,
  reply: EMPTY,
  work: true,
  burnsNonce: true,
  problems: [
    'work-required',
    'not-found',
    'report-withdrawn',
    'assignment-changed',
    'message-conflict',
    'payload-too-large',
    'unsupported-media-type',
    'envelope-invalid',
    'files-incomplete',
    'recipient-refused',
  ],
})
