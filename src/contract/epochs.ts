import { z } from 'zod'
import { json, route } from './route.ts'
import { binary } from './shapes.ts'

export const EPOCH_PAGE_SIZE = 500

const caseId = binary(16).describe('Names a case for this agency only')

export const listEpochCases = route({
  id: 'listEpochCases',
  summary: 'Cases of the calling device’s agency that have a key sealed to this epoch key',
  method: 'GET',
  path: '/v1/epochs/:epoch/cases',
  listeners: ['agency'],
  access: 'device',
  params: z.strictObject({ epoch: binary(16).describe('Key id; of an unknown one the list is empty') }),
  query: z.strictObject({ after: caseId.optional().describe('The last case of the answer before') }),
  status: 200,
  reply: json(z.strictObject({ cases: z.array(caseId), more: z.boolean() })),
  problems: ['device-refused', 'scope-missing'],
})
