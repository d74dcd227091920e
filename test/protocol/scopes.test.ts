import { beforeAll, expect, test } from 'vitest'
import { verifyCertificate } from '../../src/protocol/agency-documents.ts'
import { buildCertificate } from '../../src/protocol/authority.ts'
import { signDocument } from '../../src/protocol/document.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { ACTIONS } from '../../src/protocol/lifecycle.ts'
import { mayRecord } from '../../src/protocol/scopes.ts'
import { filled } from './support.ts'
import { buildWorld, certificateInput, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const nothing = new Uint8Array(0)

test('who works on cases records every kind; who picks up acknowledges; nobody else records anything', () => {
  const recordable = (scopes: Parameters<typeof mayRecord>[0]) =>
    ACTIONS.filter(kind => mayRecord(scopes, { kind, particularsHash: nothing }))
  expect(recordable(['cases'])).toEqual(ACTIONS)
  expect(recordable(['intake', 'pickup'])).toEqual(['acknowledged'])
  expect(recordable(['intake', 'status'])).toEqual([])
  expect(recordable([])).toEqual([])
})

test('a machine that picks up says nothing beside the kind', () => {
  const saying = { kind: 'acknowledged', particularsHash: filled(32, 1) } as const
  expect(mayRecord(['pickup'], saying)).toBe(false)
  expect(mayRecord(['pickup', 'cases'], saying)).toBe(true)
})

test('certificates are read as before: scopes that are known, in one order, and no unknown ones', () => {
  const { agencyId, signingKey, sealingKey, ...rest } = certificateInput('north')
  const keys = { signingKey: toBase64url(signingKey), sealingKey: toBase64url(sealingKey) }
  const scopesOf = (scopes: readonly string[]) => {
    const content = { agency: agencyId, ...keys, ...rest, scopes }
    const note = signDocument('device', world.deployment, content, [world.north.identity])
    return verifyCertificate(note, world.north.agency, world.deployment).scopes
  }
  expect(scopesOf(['cases', 'intake'])).toEqual(['intake', 'cases'])
  expect(scopesOf(['fly', 'pickup', 'intake', 'pick-up'])).toEqual(['intake', 'pickup'])
  expect(scopesOf(['fly'])).toEqual([])
  const built = buildCertificate(
    { ...certificateInput('north'), scopes: ['intake', 'pickup'] },
    world.deployment,
    world.north.identity,
  )
  expect(built).toContain('"scopes":["intake","pickup"]')
})
