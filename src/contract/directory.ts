import { z } from 'zod'
import { EMPTY, json, route } from './route.ts'
import { agencyId, binary, note } from './shapes.ts'

const MAX_DIRECTORY = 512 * 1024
const MAX_STATEMENT = 256 * 1024
const MAX_ROOTS = 64

const roots = z
  .array(note(32 * 1024))
  .min(1)
  .max(MAX_ROOTS)

export const directoryReply = z.strictObject({
  deployment: binary(32),
  roots: roots.describe('The root chain, from the first'),
  directory: note(MAX_DIRECTORY),
  statements: z.record(agencyId, note(MAX_STATEMENT)),
})

export const health = route({
  id: 'health',
  summary: 'Whether the service is alive and its database answers',
  method: 'GET',
  path: '/v1/health',
  listeners: ['reporter', 'agency'],
  access: 'public',
  status: 200,
  reply: json(z.strictObject({ alive: z.literal(true), database: z.boolean() })),
  problems: [],
})

export const getDirectory = route({
  id: 'getDirectory',
  summary: 'The root chain, the directory and the agencies’ statements, to be verified by the caller',
  method: 'GET',
  path: '/v1/directory',
  listeners: ['reporter', 'agency'],
  access: 'public',
  status: 200,
  reply: json(directoryReply),
  conditional: true,
  problems: ['not-found'],
})

export const createChallenge = route({
  id: 'createChallenge',
  summary: 'A nonce for the first signed request with a key',
  method: 'POST',
  path: '/v1/challenges',
  listeners: ['reporter', 'agency'],
  access: 'public',
  status: 200,
  reply: json(z.strictObject({ nonce: z.string().max(128) })),
  problems: [],
})

export const putDirectory = route({
  id: 'putDirectory',
  summary: 'Publishes a root chain and a directory; their signatures are the authority',
  method: 'PUT',
  path: '/v1/directory',
  listeners: ['agency'],
  access: 'public',
  body: json(z.strictObject({ roots, directory: note(MAX_DIRECTORY) }), 2 * MAX_DIRECTORY),
  status: 204,
  reply: EMPTY,
  problems: ['payload-too-large', 'unsupported-media-type', 'document-refused', 'document-stale'],
})

export const putStatement = route({
  id: 'putStatement',
  summary: 'Publishes an agency’s epoch keys, signed by its identity key',
  method: 'PUT',
  path: '/v1/agencies/:agency/statement',
  listeners: ['agency'],
  access: 'public',
  params: z.strictObject({ agency: agencyId }),
  body: json(z.strictObject({ statement: note(MAX_STATEMENT) }), 2 * MAX_STATEMENT),
  status: 204,
  reply: EMPTY,
  problems: [
    'not-found',
    'payload-too-large',
    'unsupported-media-type',
    'document-refused',
    'document-stale',
  ],
})

export const putDevices = route({
  id: 'putDevices',
  summary: 'Publishes an agency’s device list, signed by its identity key',
  method: 'PUT',
  path: '/v1/agencies/:agency/devices',
  listeners: ['agency'],
  access: 'public',
  params: z.strictObject({ agency: agencyId }),
  body: json(z.strictObject({ devices: note(MAX_DIRECTORY) }), 2 * MAX_DIRECTORY),
  status: 204,
  reply: EMPTY,
  problems: [
    'not-found',
    'payload-too-large',
    'unsupported-media-type',
    'document-refused',
    'document-stale',
  ],
})

export const getDevices = route({
  id: 'getDevices',
  summary: 'The device list of the calling device’s own agency',
  method: 'GET',
  path: '/v1/agencies/:agency/devices',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({ agency: agencyId }),
  status: 200,
  reply: json(z.strictObject({ devices: note(MAX_DIRECTORY) })),
  problems: ['device-refused', 'not-found'],
})
