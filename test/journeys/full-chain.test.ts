// A case whose record is nearly full can still be ended, and nothing else is done in what is left.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  act,
  choicesOf,
  type Device,
  NotAllowed,
  type OpenedCase,
  readStatus,
} from '../../src/client/index.ts'
import { recordEvent } from '../../src/client/recording.ts'
import { MAX_EVENTS, RESERVED_EVENTS } from '../../src/protocol/chain-length.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { deviceWrapsHash, documentHash, headAfter, signEvent } from '../../src/protocol/event.ts'
import { createWorld, type World } from '../support/world.ts'
import { assessed, done, now } from './colleagues.ts'
import { deviceIn, openById, refusalOf } from './people.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

/** Keys handed on over and over, as the service would have stored them: events that hold, but for how they came there. */
async function fill(device: Device, opened: OpenedCase, until: number): Promise<void> {
  const { certificate, deviceId } = device.certified
  const caseId = Buffer.from(opened.id, 'base64url')
  let head = opened.head
  for (let index = opened.file.events.length; index < until; index++) {
    const content = {
      digest: opened.digest,
      agencyId: device.agency.id,
      previous: head,
      index,
      kind: 'acknowledged' as const,
      day: dayOf(world.now()),
      certificateHash: documentHash(certificate),
      wrapsHash: deviceWrapsHash([]),
    }
    const event = signEvent(content, opened.report.replyKeys.acknowledgementKey, device.signer.pair)
    await world.database.query(
      {
        name: 'fill-chain',
        text: `insert into events (case_id, index, core, tag, signature, certificate, device_keys, device_id)
               values ($1, $2, $3, $4, $5, $6, '', $7)`,
      },
      [caseId, index, event.core, event.tag, event.signature, certificate, deviceId],
    )
    head = headAfter(event)
  }
  await world.database.query(
    { name: 'fill-head', text: 'update assignments set head = $2, event_count = $3 where case_id = $1' },
    [caseId, head, until],
  )
}

test('a nearly full case takes no note and no keys any more, says so on each device, and is closed', async () => {
  const { sent, device, id } = await assessed(world, '기록이 가득 찬 사건', ['sme-office'])
  const [investigator, supervisor] = [
    await deviceIn(world, 'sme-office', 'investigator'),
    await deviceIn(world, 'sme-office', 'supervisor'),
  ]
  await done(world, device, id, { action: 'accepted' })
  await fill(device, await openById(device, id), MAX_EVENTS - RESERVED_EVENTS - 1)
  await done(world, investigator, id, { action: 'noted', text: '마지막 메모' })

  const full = await openById(investigator, id)
  expect(full.chain.chain).toBe('sound')
  const obstacles = Object.fromEntries(choicesOf(investigator, full).map(one => [one.action, one.obstacle]))
  expect(obstacles).toMatchObject({
    noted: 'full',
    acknowledged: 'full',
    'information-requested': 'full',
    'hand-over-proposed': 'full',
    'outcome-reported': null,
    // What stood in the way before still does.
    closed: 'role',
    'information-lapsed': 'no-request',
  })
  const note = act(investigator, full, { action: 'noted', text: '하나 더' }, now(world))
  await expect(note).rejects.toEqual(new NotAllowed('full'))
  // Nor does the service take it from a device that does not ask itself.
  const key = full.report.replyKeys.acknowledgementKey
  const keys = recordEvent(device, full, { kind: 'acknowledged', key, wraps: [] }, now(world))
  expect(await refusalOf(keys)).toBe('action-refused')

  await done(world, investigator, id, { action: 'outcome-reported', code: 'no-evidence' })
  const closed = await done(world, supervisor, id, { action: 'closed' })
  expect(closed?.file.stage).toBe('closed')
  const [agency] = (await readStatus(sent.reporter)).agencies
  expect(agency).toMatchObject({ chain: 'sound', answer: 'acknowledged' })
  expect(agency?.events.at(-1)?.verdict).toBe('closed')
})
