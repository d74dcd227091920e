// Files: uploads by tus 1.0 (https://tus.io/protocols/resumable-upload) in parts of 1 MiB, downloads by range.
import { z } from 'zod'
import { PART_SIZE } from '../protocol/blob.ts'
import { EMPTY, json, part, route, STREAM } from './route.ts'
import { binary } from './shapes.ts'

export const TUS_VERSION = '1.0.0'
export const TUS_EXTENSIONS = 'creation,checksum,termination,expiration'
/** The first is ours; the second, tus asks of every server. */
export const TUS_CHECKSUMS = 'sha256,sha1'
/** Where an upload is. */
export const uploadPath = (upload: string): string => `/v1/uploads/${upload}`

const upload = z.strictObject({
  upload: binary(32).describe('Chance: who has this address can write there, and nobody can read'),
})
const wholeBytes = z.string().regex(/^(0|[1-9]\d{0,12})$/)

/** Header fields of every tus request; a version that is missing or another gets 412. */
const tusFields = { 'tus-resumable': z.string().max(16).optional() }

const created = {
  method: 'POST',
  access: 'reporter',
  tus: true,
  fields: z.looseObject({
    ...tusFields,
    'upload-length': wholeBytes.describe(
      'One of the 31 lengths that a blob can have: 1025/1024 of its size class',
    ),
    'upload-metadata': z.string().max(0).optional().describe('None: names are inside the sealed message'),
  }),
  status: 201,
  reply: EMPTY,
  replyFields: ['location', 'upload-expires'],
  burnsNonce: true,
} as const

export const createUpload = route({
  ...created,
  id: 'createUpload',
  summary: 'Makes room for the files of a report or follow-up; the work asked for grows with the length',
  path: '/v1/uploads',
  listeners: ['reporter'],
  work: true,
  problems: ['work-required', 'tus-version', 'files-too-large', 'storage-full'],
})

export const createReplyUpload = route({
  ...created,
  id: 'createReplyUpload',
  summary: 'Makes room for the files of a reply',
  path: '/v1/reply-uploads',
  listeners: ['agency'],
  access: 'device',
  problems: ['device-refused', 'scope-missing', 'tus-version', 'files-too-large', 'storage-full'],
})

const atUpload = {
  path: '/v1/uploads/:upload',
  listeners: ['reporter', 'agency'],
  access: 'capability',
  tus: true,
  params: upload,
} as const

export const headUpload = route({
  ...atUpload,
  id: 'headUpload',
  summary: 'How much of an upload has arrived',
  method: 'HEAD',
  fields: z.looseObject(tusFields),
  status: 200,
  reply: EMPTY,
  replyFields: ['upload-offset', 'upload-length', 'upload-expires'],
  problems: ['tus-version', 'not-found'],
})

export const patchUpload = route({
  ...atUpload,
  id: 'patchUpload',
  summary: 'Adds the next part: 1 MiB, or what is left',
  method: 'PATCH',
  fields: z.looseObject({
    ...tusFields,
    'upload-offset': wholeBytes,
    'upload-checksum': z
      .string()
      .regex(/^(sha256 [A-Za-z0-9+/]{43}|sha1 [A-Za-z0-9+/]{27})=$/)
      .optional()
      .describe('sha256 or sha1, and the part’s hash in base64'),
  }),
  body: part(PART_SIZE),
  status: 204,
  reply: EMPTY,
  replyFields: ['upload-offset', 'upload-expires'],
  problems: [
    'tus-version',
    'not-found',
    'offset-conflict',
    'checksum-mismatch',
    'payload-too-large',
    'unsupported-media-type',
  ],
})

export const deleteUpload = route({
  ...atUpload,
  id: 'deleteUpload',
  summary: 'Gives an upload up; what had arrived is deleted',
  method: 'DELETE',
  fields: z.looseObject(tusFields),
  status: 204,
  reply: EMPTY,
  problems: ['tus-version', 'not-found'],
})

const rangeFields = z.looseObject({
  range: z.string().max(64).optional().describe('One range of bytes (RFC 9110 section 14)'),
})

const download = {
  method: 'GET',
  fields: rangeFields,
  status: 200,
  reply: STREAM,
} as const

export const getCaseFiles = route({
  ...download,
  id: 'getCaseFiles',
  summary: 'The sealed files of a message, or a range of them',
  path: '/v1/cases/:case/messages/:index/files',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({
    case: binary(16).describe('Names a case for this agency only'),
    index: z
      .string()
      .regex(/^(0|[1-9]\d{0,5})$/)
      .describe('0 is the report, 1 … its follow-ups'),
  }),
  problems: ['device-refused', 'scope-missing', 'not-found', 'range-not-satisfiable'],
})

export const postReplyFiles = route({
  id: 'postReplyFiles',
  summary: 'Keeps a complete upload for whoever has the reader key, which is inside the sealed reply',
  method: 'POST',
  path: '/v1/reply-files',
  listeners: ['agency'],
  access: 'device',
  body: json(
    z.strictObject({
      upload: binary(32),
      root: binary(32).describe('Merkle root of the hashes of the parts'),
      parts: z.int().min(1).max(4096),
      reader: binary(32).describe('Ed25519 public key that signs requests for these files'),
    }),
  ),
  status: 204,
  reply: EMPTY,
  burnsNonce: true,
  problems: [
    'device-refused',
    'scope-missing',
    'files-incomplete',
    'payload-too-large',
    'unsupported-media-type',
  ],
})

export const getReplyFiles = route({
  ...download,
  id: 'getReplyFiles',
  summary: 'The sealed files of the reply whose reader key signs, or a range of them',
  path: '/v1/reply-files',
  listeners: ['reporter'],
  access: 'reporter',
  problems: ['not-found', 'range-not-satisfiable'],
})

export const deleteReplyFiles = route({
  id: 'deleteReplyFiles',
  summary: 'Deletes the files of the reply whose reader key signs',
  method: 'DELETE',
  path: '/v1/reply-files',
  listeners: ['reporter'],
  access: 'reporter',
  status: 204,
  reply: EMPTY,
  burnsNonce: true,
  problems: [],
})
