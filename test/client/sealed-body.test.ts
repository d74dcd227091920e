import { beforeAll, expect, test } from 'vitest'
import { fillBody } from '../../src/client/sealed-body.ts'
import { followUp, submission } from '../../src/contract/report.ts'
import { randomBytes } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { sealFollowUp, sealReport } from '../../src/protocol/report.ts'
import { buildWorld, type World } from '../protocol/world.ts'

let world: World

beforeAll(async () => {
  world = await buildWorld()
})

const textFor = (bucket: number) =>
  JSON.stringify({ version: 1, language: 'en', what: 'a'.repeat(bucket - 4000) })

function recipients(count: number, id: (i: number) => string) {
  return Array.from({ length: count }, (_, i) => ({ ...world.north.recipient, agencyId: id(i) }))
}

const input = (content: string, count: number, id: (i: number) => string) => ({
  deploymentId: world.deployment,
  keys: world.reporter,
  recipients: recipients(count, id),
  content,
  random: randomBytes,
})

const tags = () => ({
  logBlind: toBase64url(world.reporter.logBlind),
  recipientsTag: toBase64url(new Uint8Array(32)),
})

async function reportLength(content: string, count: number, id: (i: number) => string, urgent: boolean) {
  const sealed = await sealReport(input(content, count, id))
  const body = fillBody(sealed, { ...tags(), urgent }, randomBytes)
  expect(submission.safeParse(body).success).toBe(true)
  return JSON.stringify(body).length
}

async function followUpLength(content: string, count: number, id: (i: number) => string) {
  const more = input(content, count, id)
  const seenBy = more.recipients.map(to => ({ ...to, head: new Uint8Array(32) }))
  const sealed = await sealFollowUp({ ...more, recipients: seenBy }, 1)
  const heads = recipients(count, id).map(({ agencyId }) => ({
    agency: agencyId,
    head: toBase64url(new Uint8Array(32)),
  }))
  const body = fillBody(sealed, { heads }, randomBytes)
  expect(followUp.safeParse(body).success).toBe(true)
  return JSON.stringify(body).length
}

const short = (i: number) => `a${i}`
const long = (i: number) => `${'agency-with-the-longest-id-of-al'.slice(0, 31)}${i}`

test.each(SIZE_BUCKETS)('the length of what is sent follows from the bucket alone: %i', async bucket => {
  const content = textFor(bucket)
  const lengths = [
    await reportLength(content, 1, short, false),
    await reportLength(content, 4, long, true),
    await reportLength(content, 2, short, true),
    await followUpLength(content, 1, short),
    await followUpLength(content, 4, long),
  ]
  expect(new Set(lengths).size).toBe(1)
})

test('each bucket has a length of its own, for the shortest text and the longest', async () => {
  const shortest = await reportLength('{"version":1,"language":"ko","what":"가"}', 1, short, false)
  const longest = await reportLength(textFor(8 * 1024), 1, short, false)
  expect(shortest).toBe(longest)
  expect(await reportLength(textFor(32 * 1024), 1, short, false)).not.toBe(longest)
})
