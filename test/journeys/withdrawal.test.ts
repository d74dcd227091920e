import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  readCase,
  readCases,
  readStatus,
  sendFollowUp,
  submitReport,
  withdrawReport,
} from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, refusalOf, sendReport } from './people.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

test('before it was opened: nobody can open it any more, and the code is spent', async () => {
  const sent = await sendReport(world, '철회할 신고입니다.', ['nis'])
  const { reporter, prepared } = sent
  const intake = await deviceIn(world, 'nis')
  const id = await caseOf(intake, sent)
  expect(await withdrawReport(reporter)).toBe('withdrawn')
  expect(await refusalOf(openById(intake, id))).toBe('no-key')
  const { cases = [] } = (await readCases(intake, { wait: 5 })) ?? {}
  expect(cases.find(entry => entry.case === id)).toMatchObject({ state: 'withdrawn' })
  expect(await readStatus(reporter)).toMatchObject({ state: 'withdrawn', agencies: [{ state: 'withdrawn' }] })
  const { service, trust } = reporter
  expect(await refusalOf(submitReport(service, trust, prepared))).toBe('report-withdrawn')
  expect(await refusalOf(sendFollowUp(reporter, '덧붙입니다.'))).toBe('InvalidInput')
})

test('withdrawing twice is withdrawing once', async () => {
  const { reporter } = await sendReport(world, '두 번 철회합니다.', ['police'])
  expect(await withdrawReport(reporter)).toBe('withdrawn')
  expect(await withdrawReport(reporter)).toBe('withdrawn')
})

test('after it was opened: the agency keeps it, beside a wish whose signature holds', async () => {
  const sent = await sendReport(world, '늦게 철회합니다.', ['ip-police'])
  const { reporter } = sent
  const intake = await deviceIn(world, 'ip-police')
  const id = await caseOf(intake, sent)
  await acknowledge(intake, await openById(intake, id), now())
  expect(await withdrawReport(reporter)).toBe('wish-recorded')
  const opened = await openById(intake, id)
  expect(opened.withdrawal).toBe('wished')
  expect(opened.answers?.what).toBe('늦게 철회합니다.')
  expect(await readStatus(reporter)).toMatchObject({
    state: 'received',
    agencies: [{ withdrawalWished: true, answer: 'acknowledged' }],
  })
})

test('a wish that the reporter never signed is seen to be forged', async () => {
  const sent = await sendReport(world, '철회하지 않았습니다.', ['serious-crimes'])
  const intake = await deviceIn(world, 'serious-crimes')
  const id = await caseOf(intake, sent)
  await world.database.query(
    {
      name: 'forge-wish',
      text: 'update assignments set wish_nonce = $1, wish_signature = $2 where case_id = $3',
    },
    ['AAAA', Buffer.alloc(64, 1), Buffer.from(id, 'base64url')],
  )
  expect((await openById(intake, id)).withdrawal).toBe('forged')
})

test('opened by one of two: withdrawn from the one, wished from the other', async () => {
  const sent = await sendReport(world, '한 곳만 열었습니다.', ['nis', 'sme-office'])
  const { reporter } = sent
  const [nis, office] = [await deviceIn(world, 'nis'), await deviceIn(world, 'sme-office')]
  const [opening, waiting] = [await caseOf(nis, sent), await caseOf(office, sent)]
  await acknowledge(nis, await openById(nis, opening), now())
  expect(await withdrawReport(reporter)).toBe('partly-withdrawn')
  expect(await refusalOf(openById(office, waiting))).toBe('no-key')
  expect((await openById(nis, opening)).withdrawal).toBe('wished')
  expect((await sendFollowUp(reporter, '남은 기관에만')).agencies).toEqual(['nis'])
  expect((await readCase(nis, opening)).messages).toHaveLength(2)
})
