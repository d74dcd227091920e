// Two people act on one case at once.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { acknowledge, readCase, readStatus, sendFollowUp, watchCases } from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, reporters, sendReport } from './people.ts'

let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

test('a follow-up that crosses an acknowledgement is sealed again for what the case is now', async () => {
  const sent = await sendReport(world, '엇갈린 신고', ['nis'])
  const { reporter } = sent
  const device = await deviceIn(world, 'nis')
  const id = await caseOf(device, sent)
  const opened = await openById(device, id)
  const posted: number[] = []
  const crossing: typeof fetch = async (input, init) => {
    const isFollowUp = String(input).endsWith('/v1/report/messages')
    if (isFollowUp && posted.length === 0) await acknowledge(device, opened, now())
    const response = await fetch(input, init)
    if (isFollowUp) posted.push(response.status)
    return response
  }
  const followUp = await sendFollowUp(
    { ...reporter, service: reporters(world, crossing) },
    '그래도 도착합니다.',
  )
  expect(posted).toEqual([409, 204])
  expect(followUp.index).toBe(1)
  expect((await openById(device, id)).followUps).toMatchObject([{ text: '그래도 도착합니다.' }])
})

test('two follow-ups written at once both arrive', async () => {
  const { reporter } = await sendReport(world, '동시에 쓰기', ['police'])
  const sent = await Promise.all(['하나', '둘', '셋'].map(text => sendFollowUp(reporter, text)))
  expect(sent.map(({ index }) => index).sort()).toEqual([1, 2, 3])
  expect((await readStatus(reporter)).followUps).toHaveLength(3)
})

test('two devices that acknowledge at once leave one chain, and both have the keys', async () => {
  const sent = await sendReport(world, '동시에 열기', ['sme-office'])
  const intake = await deviceIn(world, 'sme-office')
  const id = await caseOf(intake, sent)
  const opened = await openById(intake, id)
  const again = await deviceIn(world, 'sme-office')
  await Promise.all([acknowledge(intake, opened, now()), acknowledge(again, opened, now())])
  const { file } = await readCase(intake, id)
  expect(file.events).toHaveLength(1)
  const investigator = await deviceIn(world, 'sme-office', 'investigator')
  expect((await openById(investigator, id)).answers?.what).toBe('동시에 열기')
})

test('a watch sees cases come and change, and ends when it is told', async () => {
  const device = await deviceIn(world, 'serious-crimes')
  const stop = new AbortController()
  const seen: string[] = []
  const watching = (async () => {
    for await (const { state, followUps } of watchCases(device, { signal: stop.signal })) {
      seen.push(`${state} ${followUps}`)
      if (seen.length === 3) stop.abort()
    }
  })()
  const sent = await sendReport(world, '지켜보는 신고', ['serious-crimes'])
  const { reporter } = sent
  const id = await caseOf(await deviceIn(world, 'serious-crimes'), sent)
  await acknowledge(device, await openById(device, id), now())
  await new Promise(resolve => setTimeout(resolve, 1500))
  await sendFollowUp(reporter, '덧붙임')
  await watching
  expect(seen).toEqual(['new 0', 'acknowledged 0', 'acknowledged 1'])
})
