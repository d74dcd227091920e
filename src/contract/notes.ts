// What a device keeps with the service for itself.
import { z } from 'zod'
import { SEALED_NOTES_LENGTHS } from '../protocol/device-notes.ts'
import { EMPTY, json, route } from './route.ts'
import { binary } from './shapes.ts'

const sealed = z.union(SEALED_NOTES_LENGTHS.map(binary)).describe('Sealed to the device; one of three sizes')
const LARGEST = Math.ceil((Math.max(...SEALED_NOTES_LENGTHS) * 4) / 3) + 1024
const MAX_VERSION = 2 ** 31 - 1

export const getNotes = route({
  id: 'getNotes',
  summary: 'The calling device’s own notes, as it left them',
  method: 'GET',
  path: '/v1/notes',
  listeners: ['agency'],
  access: 'device',
  status: 200,
  reply: json(
    z.strictObject({
      version: z.int().min(0).describe('0: there are none yet'),
      sealed: sealed.nullable(),
    }),
  ),
  problems: ['device-refused', 'scope-missing'],
})

export const putNotes = route({
  id: 'putNotes',
  summary:
    'Replaces the calling device’s own notes; the same version with the same bytes again changes nothing',
  method: 'PUT',
  path: '/v1/notes',
  listeners: ['agency'],
  access: 'device',
  body: json(
    z.strictObject({
      version: z.int().min(1).max(MAX_VERSION).describe('One more than what was read'),
      sealed,
    }),
    LARGEST,
  ),
  status: 204,
  reply: EMPTY,
  burnsNonce: true,
  problems: ['device-refused', 'scope-missing', 'notes-moved', 'payload-too-large', 'unsupported-media-type'],
})
