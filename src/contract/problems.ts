// Every problem that any route answers: RFC 9457, `type` is /problems/<name>.
import { z } from 'zod'

interface ProblemKind {
  readonly status: number
  readonly title: string
  /** What the caller can do; openapi/problems.md and the document's `detail` say this. */
  readonly remedy: string
}

export const PROBLEMS = {
  'malformed-request': {
    status: 400,
    title: 'The request does not have the form that this route takes.',
    remedy:
      'Compare it with the API description: path, query, header fields, JSON members and their encodings.',
  },
  'signature-invalid': {
    status: 401,
    title: 'The request is not signed as it must be.',
    remedy: 'Sign it as docs/protocol.md, “Requests”, says: components, parameters, key, content digest.',
  },
  'challenge-invalid': {
    status: 401,
    title: 'The nonce is unknown, too old or already used.',
    remedy:
      'Sign again with the nonce in this answer’s Bongsu-Challenge field, or get one from POST /v1/challenges.',
  },
  'work-required': {
    status: 403,
    title: 'The proof of work is missing or not enough.',
    remedy:
      'Find a counter with the number of leading zero bits that the nonce carries and send it as Bongsu-Work.',
  },
  'device-refused': {
    status: 403,
    title: 'This device may not do that.',
    remedy:
      'Ask the agency’s administrator whether the device is on the published list, valid and not revoked.',
  },
  'scope-missing': {
    status: 403,
    title: 'The device’s certificate does not allow this.',
    remedy: 'Use a device with the scope that the route names.',
  },
  'not-found': {
    status: 404,
    title: 'There is nothing here for you.',
    remedy: 'Check the path. What belongs to somebody else gets this same answer.',
  },
  'request-timeout': {
    status: 408,
    title: 'The request did not arrive in time.',
    remedy: 'Send it again over a connection that makes progress.',
  },
  'report-conflict': {
    status: 409,
    title: 'Another report was already received under this code.',
    remedy: 'Use a new receipt code for a new report, or send the same bytes again to get the receipt again.',
  },
  'report-withdrawn': {
    status: 409,
    title: 'This report was withdrawn.',
    remedy: 'Write a new report with a new receipt code.',
  },
  'assignment-changed': {
    status: 409,
    title: 'The report’s agencies or their records changed in the meantime.',
    remedy: 'Read the report’s status again, then seal the follow-up for what it says now.',
  },
  'message-conflict': {
    status: 409,
    title: 'This is not the next follow-up.',
    remedy: 'Read the report’s status again and number the follow-up after the last one there.',
  },
  'offset-conflict': {
    status: 409,
    title: 'The part does not begin where the upload ends.',
    remedy: 'Ask by HEAD how much has arrived, and go on from there.',
  },
  'files-incomplete': {
    status: 409,
    title: 'The upload does not hold the files that the message names.',
    remedy: 'Upload all parts, name their root and number in the header, and send the message within a day.',
  },
  'action-refused': {
    status: 409,
    title: 'The case does not allow this action now, or not to this device.',
    remedy:
      'Read the case again; docs/lifecycle.md says who may do what in which state. Of the 1,000 events of an agency that a case takes, the last 10 are for ending it.',
  },
  'chain-moved': {
    status: 409,
    title: 'Somebody else of the agency recorded an event first.',
    remedy: 'Read the case again, then sign the event on the new head.',
  },
  'notes-moved': {
    status: 409,
    title: 'Another program with this device’s key kept its notes first.',
    remedy: 'Read the notes again, then replace the version that you read.',
  },
  'document-stale': {
    status: 409,
    title: 'A document of this or a later version is already published.',
    remedy: 'Publish with the version that follows the published one.',
  },
  'payload-too-large': {
    status: 413,
    title: 'The body is larger than this route takes.',
    remedy: 'Shorten it; the limit is in the API description.',
  },
  'uri-too-long': {
    status: 414,
    title: 'The path or query is too long.',
    remedy: 'Use the paths of the API description.',
  },
  'files-too-large': {
    status: 413,
    title: 'The files are larger than this service takes.',
    remedy:
      'Tus-Max-Size says how long the sealed files of one message may be. Send fewer or smaller files, or describe them.',
  },
  'unsupported-media-type': {
    status: 415,
    title: 'The body’s media type or encoding is not taken.',
    remedy:
      'Send application/json (or application/octet-stream where the route says so), without Content-Encoding.',
  },
  'range-not-satisfiable': {
    status: 416,
    title: 'The range begins beyond the end.',
    remedy: 'Content-Range says how many bytes there are.',
  },
  'envelope-invalid': {
    status: 422,
    title: 'The sealed message does not fit this report.',
    remedy: 'Seal it with header, sizes and report id as docs/protocol.md says.',
  },
  'recipient-refused': {
    status: 422,
    title: 'A wrapped key names an agency or epoch key that is not accepted.',
    remedy: 'Fetch the directory again and seal for the epoch keys that are valid today.',
  },
  'event-invalid': {
    status: 422,
    title: 'The event is not one that this device can record here.',
    remedy:
      'Sign it with the calling device’s key and certificate, for this report, with the wraps that it names.',
  },
  'document-refused': {
    status: 422,
    title: 'The document’s form, signatures or dates do not hold.',
    remedy: 'Check it with `bongsu verify`; nothing was changed.',
  },
  'tus-version': {
    status: 412,
    title: 'The version of tus is missing or is not one that is spoken here.',
    remedy: 'Send Tus-Resumable: 1.0.0.',
  },
  'quota-exceeded': {
    status: 429,
    title: 'This device has sent too many messages today.',
    remedy: 'Wait until tomorrow, or use another device of the agency.',
  },
  'too-many-requests': {
    status: 429,
    title: 'Too many requests.',
    remedy: 'Wait for the seconds in Retry-After.',
  },
  'headers-too-large': {
    status: 431,
    title: 'The header fields are too large.',
    remedy: 'Send fewer or shorter ones.',
  },
  'checksum-mismatch': {
    status: 460,
    title: 'The part is not the one that Upload-Checksum names.',
    remedy: 'It was changed on its way, and was not kept: send it again.',
  },
  'internal-error': {
    status: 500,
    title: 'Something went wrong on our side.',
    remedy: 'Nothing was acknowledged. Send the same bytes again later.',
  },
  unavailable: {
    status: 503,
    title: 'The service cannot reach its store at the moment.',
    remedy: 'Nothing was acknowledged. Send the same bytes again after the seconds in Retry-After.',
  },
  'storage-full': {
    status: 507,
    title: 'There is no room for files at the moment.',
    remedy: 'Send the message without files, or the files after the seconds in Retry-After.',
  },
} as const satisfies Record<string, ProblemKind>

export type ProblemName = keyof typeof PROBLEMS

/** An expected refusal; the one error handler writes it as a problem document. */
export class Problem extends Error {
  readonly kind: ProblemName

  constructor(kind: ProblemName) {
    super(kind)
    this.name = 'Problem'
    this.kind = kind
  }
}

export const problemDocument = z.strictObject({
  type: z.string().describe('/problems/<name>: stable, for programs'),
  title: z.string(),
  status: z.number().int(),
  detail: z.string().describe('What to do about it'),
})

export function problemOf(name: ProblemName): z.infer<typeof problemDocument> {
  const { status, title, remedy } = PROBLEMS[name]
  return { type: `/problems/${name}`, title, status, detail: remedy }
}

/** What any route may answer beside its own problems. */
export const COMMON_PROBLEMS = [
  'malformed-request',
  'too-many-requests',
  'request-timeout',
  'uri-too-long',
  'headers-too-large',
  'internal-error',
  'unavailable',
] as const satisfies readonly ProblemName[]
