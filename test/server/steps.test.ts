// What the service can check of a step of a case without reading what it says.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart, type NewEventContent, type OfferedKey } from '../../src/protocol/event.ts'
import { WRAPPED_KEY_LENGTH } from '../../src/protocol/wrapped-key.ts'
import {
  deviceOf,
  type EventInput,
  eventBody,
  headIn,
  open,
  record,
  type TestDevice,
} from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import { look, recipientsOf, sealFollowUpFor, submit, write } from '../support/reporter.ts'
import { caseOf, fingerprint, settled } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const read = ({ body }: Answer) => JSON.parse(body.toString())
const sealed = () => randomBytes(552)

/** A case of the police’s with one follow-up, and what has been recorded of it so far. */
async function assessed() {
  const reporter = await submit(world, ['police'])
  const { digest } = reporter.sealed
  const start = [{ agencyId: 'police', head: chainStart(digest, 'police') }]
  await write(reporter.caller, (await sealFollowUpFor(world, reporter, 1, start)).body)
  const caseId = await caseOf(world, reporter.reportId, 'police')
  const next = { head: chainStart(digest, 'police'), index: 0 }
  const bodyOf = (device: TestDevice, wrong: Partial<NewEventContent>, more: Partial<EventInput> = {}) =>
    eventBody(world, device, { digest, key: reporter.keys.acknowledgementKey, ...next, wrong, ...more })
  const send = (device: TestDevice, body: object) => record(device, caseId, body)
  const did = async (device: TestDevice, wrong: Partial<NewEventContent>, more: Partial<EventInput> = {}) => {
    const answer = await send(device, bodyOf(device, wrong, more))
    if (answer.status !== 200) throw new Error(`${wrong.kind}: ${answer.status} ${answer.body}`)
    Object.assign(next, { head: headIn(answer), index: next.index + 1 })
  }
  const desk = await deviceOf(world, 'police')
  await did(desk, {})
  await did(desk, { kind: 'assessment-started' })
  return { reporter, caseId, desk, bodyOf, send, did }
}

async function refused(attempt: () => Promise<Answer>): Promise<string> {
  await settled(world)
  const before = await fingerprint(world)
  const answer = await attempt()
  expect(await fingerprint(world)).toEqual(before)
  return problemIn(answer)
}

test('an event rests on a follow-up that the agency has, and on no other', async () => {
  const { desk, bodyOf, send, did } = await assessed()
  await did(desk, { kind: 'information-requested' })
  const wrong = { kind: 'information-received', subject: '2' } as const
  expect(await refused(() => send(desk, bodyOf(desk, wrong)))).toBe('event-invalid')
  await did(desk, { kind: 'information-received', subject: '1' })
})

test('what is said beside an event is what its signature covers', async () => {
  const { desk, bodyOf, send } = await assessed()
  const body = bodyOf(desk, { kind: 'feedback-given' }, { particulars: sealed() })
  for (const particulars of [null, toBase64url(sealed())])
    expect(await refused(() => send(desk, { ...body, particulars }))).toBe('event-invalid')
  const silent = bodyOf(desk, { kind: 'feedback-given' })
  const loud = { ...silent, particulars: toBase64url(sealed()) }
  expect(await refused(() => send(desk, loud))).toBe('event-invalid')
})

test('the reporter gets what is told, and not what stays inside; the agency gets both', async () => {
  const { reporter, caseId, desk, did } = await assessed()
  const [told, inside] = [sealed(), sealed()]
  await did(desk, { kind: 'feedback-given' }, { particulars: told })
  await did(desk, { kind: 'noted' }, { particulars: inside })
  const said = (events: { particulars: string | null }[]) => events.slice(-2).map(event => event.particulars)
  const [agency] = read(await look(reporter.caller)).agencies
  expect(said(agency.events)).toEqual([toBase64url(told), null])
  expect(said(read(await open(desk, caseId)).events)).toEqual([toBase64url(told), toBase64url(inside)])
})

/** An offer that is as it must be, but for what is changed. */
async function offering(change: (keys: OfferedKey[]) => OfferedKey[], subject: 'nis' | 'police' = 'nis') {
  const { bodyOf, send } = await assessed()
  const lead = await deviceOf(world, 'police', 'investigator')
  const [to] = await recipientsOf(world, ['nis'])
  if (!to) throw new Error('no agency')
  const key = (index: number) => ({ index, keyId: to.keyId, wrapped: randomBytes(WRAPPED_KEY_LENGTH) })
  const offered = change([key(0), key(1)])
  const body = bodyOf(lead, { kind: 'agency-invited', subject }, { offered, particulars: sealed() })
  return { body, send: (sent: object) => send(lead, sent) }
}

test('an offer has the keys of all messages, in their order', async () => {
  const whole = await offering(keys => keys)
  expect((await whole.send(whole.body)).status).toBe(200)
  const changes: [string, (keys: OfferedKey[]) => OfferedKey[]][] = [
    ['chain-moved', keys => keys.slice(0, 1)],
    ['event-invalid', keys => keys.slice(1)],
    ['event-invalid', keys => keys.toReversed()],
    ['event-invalid', ([first, ...rest]) => (first ? [first, first, ...rest] : [])],
    ['event-invalid', keys => [...keys, ...keys.slice(1).map(key => ({ ...key, index: 2 }))]],
  ]
  for (const [problem, change] of changes) {
    const { body, send } = await offering(change)
    expect(await refused(() => send(body))).toBe(problem)
  }
})

test('keys that the signature does not cover, or for another agency, are refused', async () => {
  const { body, send } = await offering(keys => keys)
  const { offer, ...without } = body
  expect(await refused(() => send(without))).toBe('event-invalid')
  expect(await refused(() => send({ ...body, offer: offer && { ...offer, agency: 'sme-office' } }))).toBe(
    'event-invalid',
  )
  const [first, second] = offer?.keys ?? []
  const swapped = { agency: 'nis', keys: [first, { ...second, key: first?.key }] }
  expect(await refused(() => send({ ...body, offer: swapped }))).toBe('event-invalid')
})

test('keys for another agency beside an event that offers none are refused', async () => {
  const { desk, bodyOf, send } = await assessed()
  const { body } = await offering(keys => keys)
  const noted = { ...bodyOf(desk, { kind: 'noted' }), offer: body.offer }
  expect(await refused(() => send(desk, noted))).toBe('event-invalid')
})

test('an agency offers nothing to itself', async () => {
  const { body, send } = await offering(keys => keys, 'police')
  expect(await refused(() => send(body))).toBe('action-refused')
})
