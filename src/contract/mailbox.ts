import { z } from 'zod'
import { MAILBOX_REQUEST_LENGTH, SEALED_REPLY_LENGTH, SLOT_LENGTH, SLOTS } from '../protocol/reply.ts'
import { bytes, EMPTY, json, route } from './route.ts'
import { binary } from './shapes.ts'

export const readMailbox = route({
  id: 'readMailbox',
  summary: 'Four slots of the mailbox that the signing key names: replies or chance, always of one size',
  method: 'POST',
  path: '/v1/mailbox',
  listeners: ['reporter'],
  access: 'reporter',
  body: bytes(MAILBOX_REQUEST_LENGTH),
  status: 200,
  reply: bytes(SLOTS * SLOT_LENGTH),
  problems: ['payload-too-large', 'unsupported-media-type'],
})

export const postReply = route({
  id: 'postReply',
  summary: 'Puts a sealed reply into a mailbox, whether or not there is one of that id',
  method: 'POST',
  path: '/v1/mailboxes/:mailbox/messages',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({ mailbox: binary(32) }),
  body: json(z.strictObject({ sealed: binary(SEALED_REPLY_LENGTH) }), 32 * 1024),
  status: 202,
  reply: EMPTY,
  burnsNonce: true,
  problems: [
    'device-refused',
    'scope-missing',
    'quota-exceeded',
    'payload-too-large',
    'unsupported-media-type',
  ],
})
