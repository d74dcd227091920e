// «I have a part in this», said before anything is decrypted: recorded, kept to by device and service, and taken back.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  barredFrom,
  caseStateOf,
  declareConflict,
  NotAllowed,
  readCase,
} from '../../src/client/index.ts'
import { recordEvent } from '../../src/client/recording.ts'
import { toBase64url, toHex } from '../../src/protocol/encoding.ts'
import { did, type Offices, openOffices } from '../support/offices.ts'
import type { World } from '../support/world.ts'
import { done, now } from './colleagues.ts'
import { caseOf, deviceIn, openById, refusalOf, sendReport } from './people.ts'

let offices: Offices
let world: World
beforeAll(async () => {
  offices = await openOffices()
  world = offices.world
})
afterAll(() => offices.stop())

async function arrived(text: string) {
  const intake = await deviceIn(world, 'sme-office')
  return { intake, id: await caseOf(intake, await sendReport(world, text, ['sme-office'])) }
}

test('it is recorded without a key, and bars the device at the device and at the service', async () => {
  const { intake, id } = await arrived('담당자가 아는 회사')
  expect(await declareConflict(intake, await readCase(intake, id), now(world))).toBe(true)
  const read = await readCase(intake, id)
  expect(barredFrom(intake, read)).toBe('conflict')
  expect(read.file).toMatchObject({ state: 'new', events: [{ tag: '', particulars: null }] })
  expect(await declareConflict(intake, read, now(world))).toBe(false)

  const opened = await openById(intake, id)
  expect(caseStateOf(intake, opened).conflicts).toHaveLength(1)
  const colleague = await deviceIn(world, 'sme-office', 'investigator')
  expect(barredFrom(colleague, read)).toBeNull()
  await acknowledge(intake, opened, now(world))
  const started = act(intake, await openById(intake, id), { action: 'assessment-started' }, now(world))
  await expect(started).rejects.toThrow(NotAllowed)
  // A program that does not look is refused by the service.
  const key = opened.report.replyKeys.acknowledgementKey
  const event = { kind: 'assessment-started', key, wraps: [] } as const
  const passed = recordEvent(intake, await readCase(intake, id), event, now(world))
  expect(await refusalOf(passed)).toBe('action-refused')
})

test('colleagues hand the device no keys until a supervisor finds that there is no conflict', async () => {
  const { intake, id } = await arrived('열쇠를 받지 않을 사람')
  const barred = await deviceIn(world, 'sme-office', 'investigator')
  await declareConflict(barred, await readCase(barred, id), now(world))
  await acknowledge(intake, await openById(intake, id), now(world))
  const handedTo = async () => {
    const { file } = await readCase(intake, id)
    return file.events.flatMap(({ deviceKeys }) => deviceKeys.map(({ device }) => device))
  }
  const own = toBase64url(barred.certified.deviceId)
  expect((await handedTo()).length).toBeGreaterThan(0)
  expect(await handedTo()).not.toContain(own)
  expect(await refusalOf(openById(barred, id))).toBe('no-key')
  expect(await acknowledge(intake, await openById(intake, id), now(world))).toBe(false)

  const supervisor = await deviceIn(world, 'sme-office', 'supervisor')
  const subject = toHex(barred.certified.deviceId)
  await done(world, supervisor, id, { action: 'conflict-cleared', subject })
  await acknowledge(intake, await openById(intake, id), now(world))
  expect(await handedTo()).toContain(own)
  expect((await openById(barred, id)).answers?.what).toBe('열쇠를 받지 않을 사람')
})

test('who was taken off the case is told so, and declares nothing more', async () => {
  const { intake, id } = await arrived('배제된 사람')
  await acknowledge(intake, await openById(intake, id), now(world))
  const supervisor = await deviceIn(world, 'sme-office', 'supervisor')
  const device = await deviceIn(world, 'sme-office', 'investigator')
  const subject = toHex(device.certified.deviceId)
  await done(world, supervisor, id, { action: 'recused', subject, code: 'other' })
  const read = await readCase(device, id)
  expect(barredFrom(device, read)).toBe('recused')
  await expect(declareConflict(device, read, now(world))).rejects.toThrow(NotAllowed)
})

test('the command says so before opening, and then does not open', { timeout: 120_000 }, async () => {
  const { id } = await arrived('명령으로 신고하는 이해충돌')
  const shown = Buffer.from(id, 'base64url').toString('hex')
  expect(await did(offices.as('sme-office', 'intake', 'conflict', shown))).toEqual({
    case: shown,
    recorded: true,
  })
  expect(await did(offices.as('sme-office', 'intake', 'conflict', shown))).toMatchObject({ recorded: false })
  const opened = await offices.as('sme-office', 'intake', 'open', shown)
  expect(opened.code).toBe(6)
  expect(opened.json).toMatchObject({ error: { kind: 'not-allowed', detail: 'conflict' } })
  expect(JSON.stringify(opened.json)).not.toContain('명령으로')
})

test('no command shows a barred device anything from inside the case', { timeout: 180_000 }, async () => {
  const { intake, id } = await arrived('안에서 적은 사건')
  await acknowledge(intake, await openById(intake, id), now(world))
  await done(world, intake, id, { action: 'assessment-started' })
  await done(world, intake, id, { action: 'noted', text: '동료만 볼 메모' })
  const shown = Buffer.from(id, 'base64url').toString('hex')
  const refused = async (role: 'intake' | 'investigator', why: string) => {
    for (const args of [
      ['case', shown],
      ['act', shown],
      ['act', shown, 'noted', '--text', '한마디'],
    ]) {
      const { code, json, out } = await offices.as('sme-office', role, ...args)
      expect([args, code, json]).toMatchObject([args, 6, { error: { kind: 'not-allowed', detail: why } }])
      expect(out).not.toContain('동료만')
    }
  }
  await did(offices.as('sme-office', 'investigator', 'conflict', shown))
  await refused('investigator', 'conflict')
  // What nobody learns anything from is left to it.
  await did(offices.as('sme-office', 'investigator', 'act', shown, 'acknowledged'))
  const subject = toHex(intake.certified.deviceId)
  const supervisor = await deviceIn(world, 'sme-office', 'supervisor')
  await done(world, supervisor, id, { action: 'recused', subject, code: 'other' })
  await refused('intake', 'recused')
})
