// report → open → reply → follow-up → second reply
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  deleteReplies,
  readNothing,
  readReplies,
  readStatus,
  sendFollowUp,
  sendReply,
  splitReply,
} from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, refusalOf, reporters, sendReport, trustIn } from './people.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

test('a report travels sealed to one agency and is answered, twice', async () => {
  const text = await readFile(join(import.meta.dirname, '../../examples/battery-report.ko.md'), 'utf8')
  const sent = await sendReport(world, text, ['nis'])
  const { reporter, prepared } = sent
  expect((await readStatus(reporter)).agencies).toMatchObject([
    { id: 'nis', answer: 'waiting', state: 'assigned' },
  ])

  const intake = await deviceIn(world, 'nis')
  const id = await caseOf(intake, sent)
  const opened = await openById(intake, id)
  expect(opened.answers?.what).toBe(text)
  expect(opened.digest).toEqual(prepared.digest)
  expect(await acknowledge(intake, opened, now())).toBe(true)
  expect((await readStatus(reporter)).agencies).toMatchObject([{ answer: 'acknowledged', chain: 'sound' }])

  const investigator = await deviceIn(world, 'nis', 'investigator')
  const handedOn = await openById(investigator, id)
  expect(handedOn.answers?.what).toBe(text)
  await sendReply(investigator, handedOn, { text: '첫 답변입니다.', number: 1 }, now())
  const first = await readReplies(reporter, await readStatus(reporter))
  expect(first.replies).toMatchObject([
    { agencyId: 'nis', text: '첫 답변입니다.', number: 1, verdict: 'genuine', followUps: [] },
  ])

  expect(await sendFollowUp(reporter, '덧붙입니다.')).toMatchObject({ index: 1, agencies: ['nis'] })
  const again = await openById(intake, id)
  expect(again.followUps).toMatchObject([{ index: 1, text: '덧붙입니다.' }])
  expect(await acknowledge(intake, again, now())).toBe(true)

  const informed = await openById(investigator, id)
  expect(informed.followUps).toMatchObject([{ index: 1, text: '덧붙입니다.' }])
  await sendReply(investigator, informed, { text: '둘째 답변입니다.', number: 2 }, now())
  const second = await readReplies(reporter, await readStatus(reporter))
  expect(second.replies.map(({ text, followUps }) => [text, followUps])).toEqual([
    ['첫 답변입니다.', []],
    ['둘째 답변입니다.', [1]],
  ])
  expect(second).toMatchObject({ missing: [], unreadable: [] })
})

test('acknowledging again records nothing, whoever does it', async () => {
  const sent = await sendReport(world, '한 번이면 됩니다.', ['police'])
  const intake = await deviceIn(world, 'police')
  const id = await caseOf(intake, sent)
  expect(await acknowledge(intake, await openById(intake, id), now())).toBe(true)
  expect(await acknowledge(intake, await openById(intake, id), now())).toBe(false)
  const investigator = await deviceIn(world, 'police', 'investigator')
  expect(await acknowledge(investigator, await openById(investigator, id), now())).toBe(false)
})

test('before it was handed on, a colleague’s device has no key', async () => {
  const sent = await sendReport(world, '아직입니다.', ['ip-police'])
  const id = await caseOf(await deviceIn(world, 'ip-police'), sent)
  const investigator = await deviceIn(world, 'ip-police', 'investigator')
  expect(await refusalOf(openById(investigator, id))).toBe('no-key')
})

test('a mailbox of many replies is read to its end; what is deleted is gone and its number missing', async () => {
  const sent = await sendReport(world, '답변이 많습니다.', ['sme-office'])
  const { reporter } = sent
  const intake = await deviceIn(world, 'sme-office')
  const opened = await openById(intake, await caseOf(intake, sent))
  await acknowledge(intake, opened, now())
  for (let number = 1; number <= 9; number++)
    await sendReply(intake, opened, { text: `답변 ${number}`, number }, now())
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  expect(replies.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9])

  const gone = replies.filter(({ number }) => [1, 4, 5, 6, 8].includes(number))
  await deleteReplies(
    reporter,
    gone.map(({ id }) => id),
  )
  const left = await readReplies(reporter, await readStatus(reporter))
  expect(left.replies.map(({ number }) => number)).toEqual([2, 3, 7, 9])
  expect(left.missing).toMatchObject([
    {
      agencyId: 'sme-office',
      gaps: [
        [1, 1],
        [4, 6],
        [8, 8],
      ],
    },
  ])
})

test('a long answer becomes several replies, cut where lines end', async () => {
  const sent = await sendReport(world, '긴 답변을 기다립니다.', ['serious-crimes'])
  const { reporter } = sent
  const intake = await deviceIn(world, 'serious-crimes')
  const opened = await openById(intake, await caseOf(intake, sent))
  const text = Array.from({ length: 900 }, (_, i) => `${i}번째 줄입니다. 👩‍🔬`).join('\n')
  const parts = splitReply(intake, opened, text)
  expect(parts.length).toBeGreaterThan(2)
  expect(parts.join('')).toBe(text)
  expect(parts.slice(0, -1).every(part => part.endsWith('\n'))).toBe(true)
  for (const [i, part] of parts.entries())
    await sendReply(intake, opened, { text: part, number: i + 1 }, now())
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  expect(replies.map(reply => reply.text).join('')).toBe(text)
})

test('a key that is thrown away reads a mailbox like any other', async () => {
  const service = reporters(world)
  await readNothing(service, await trustIn(world, service))
})

test('a code that was never used finds nothing', async () => {
  const { reporter } = await sendReport(world, '다른 신고입니다.', ['nis'])
  const stranger = { ...reporter, status: { ...reporter.mailbox, nonces: [] } }
  expect(await refusalOf(readStatus(stranger))).toBe('not-found')
})
