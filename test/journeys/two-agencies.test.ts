// One report, two agencies: neither can notice the other, and a third notices nothing.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  readCase,
  readCases,
  readReplies,
  readStatus,
  sendFollowUp,
  sendReply,
} from '../../src/client/index.ts'
import { openEnvelope } from '../../src/protocol/envelope.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, refusalOf, type SentReport, sendReport } from './people.ts'

let world: World
let sent: SentReport

beforeAll(async () => {
  world = await createWorld()
  sent = await sendReport(world, '두 기관에 보냅니다.', ['nis', 'police'])
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })
const others = ['sme-office', 'ip-police', 'serious-crimes'] as const

/** Every text in what an agency is shown. */
const wordsOf = (value: unknown) => JSON.stringify(value)

test('each of the two has a case of its own, with nothing of the other in it', async () => {
  const [nis, police] = [await deviceIn(world, 'nis'), await deviceIn(world, 'police')]
  const [atNis, atPolice] = [await caseOf(nis, sent), await caseOf(police, sent)]
  expect(atNis).not.toBe(atPolice)
  const [seenByNis, seenByPolice] = [await openById(nis, atNis), await openById(police, atPolice)]
  expect(seenByNis.answers?.what).toBe(seenByPolice.answers?.what)
  expect(wordsOf(seenByNis.file)).not.toContain('police')
  // With its quotes: three letters alone turn up in ciphertext by chance.
  expect(wordsOf(seenByPolice.file)).not.toContain('"nis"')
  expect(Object.keys(seenByNis.file)).toEqual(Object.keys(seenByPolice.file))
})

test('what one does changes nothing that the other sees', async () => {
  const [nis, police] = [await deviceIn(world, 'nis'), await deviceIn(world, 'police')]
  const id = await caseOf(police, sent)
  const [list, file] = [await readCases(police), (await readCase(police, id)).file]
  await acknowledge(nis, await openById(nis, await caseOf(nis, sent)), now())
  const opened = await openById(nis, await caseOf(nis, sent))
  await sendReply(nis, opened, { text: '저희만의 답변', number: 1 }, now())
  await new Promise(resolve => setTimeout(resolve, 1500))
  expect(await readCases(police)).toEqual(list)
  expect((await readCase(police, id)).file).toEqual(file)
})

test('neither can look into the other’s case, and the refusal is that of a case which never was', async () => {
  const [nis, police] = [await deviceIn(world, 'nis'), await deviceIn(world, 'police')]
  const id = await caseOf(nis, sent)
  for (const asked of [id, 'A'.repeat(22)]) expect(await refusalOf(readCase(police, asked))).toBe('not-found')
})

test('an agency that the report was not meant for sees nothing at all', async () => {
  const id = await caseOf(await deviceIn(world, 'nis'), sent)
  for (const agency of others) {
    const device = await deviceIn(world, agency)
    expect(await readCases(device)).toMatchObject({ cases: [], cursor: 0, more: false })
    expect(await refusalOf(readCase(device, id))).toBe('not-found')
  }
})

test('the reporter sees both, writes to both, and knows whose reply is whose', async () => {
  const { reporter } = sent
  const police = await deviceIn(world, 'police')
  const id = await caseOf(police, sent)
  await acknowledge(police, await openById(police, id), now())
  expect((await readStatus(reporter)).agencies).toMatchObject([
    { id: 'nis', answer: 'acknowledged' },
    { id: 'police', answer: 'acknowledged' },
  ])
  expect((await sendFollowUp(reporter, '두 곳 모두 보십시오.')).agencies).toEqual(['nis', 'police'])
  const opened = await openById(police, id)
  expect(opened.followUps).toMatchObject([{ text: '두 곳 모두 보십시오.' }])
  await sendReply(police, opened, { text: '경찰의 답변', number: 1 }, now())
  const { replies } = await readReplies(reporter, await readStatus(reporter))
  expect(Object.fromEntries(replies.map(({ agencyId, text }) => [agencyId, text]))).toEqual({
    nis: '저희만의 답변',
    police: '경찰의 답변',
  })
})

test('nothing is sent where the service names an agency that the reporter did not mean', async () => {
  expect(await refusalOf(sendFollowUp(sent.reporter, '한 곳만', { expected: ['nis'] }))).toBe('agencies')
  expect((await readStatus(sent.reporter)).followUps).toHaveLength(1)
})

test('what both open of a follow-up, down to its last byte, names neither of them', async () => {
  await sendFollowUp(sent.reporter, '두 기관 모두에게 덧붙입니다.')
  const police = await deviceIn(world, 'police')
  const opened = await openById(police, await caseOf(police, sent))
  const key = opened.followUps.at(-1)?.contentKey
  const envelope = opened.messages.at(-1)?.envelope
  if (!key || !envelope) throw new Error('the follow-up did not open')
  const plaintext = Buffer.from(openEnvelope(envelope, key)).toString()
  expect(plaintext).toContain('두 기관 모두에게')
  for (const id of ['nis', 'police']) expect(plaintext).not.toContain(id)
})
