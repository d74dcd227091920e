// Submitting and following up: what is taken, once, and what never is.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { leafOf } from '../../src/client/proof.ts'
import { issueChallenge, readChallenge } from '../../src/protocol/challenge.ts'
import { deploymentIdOf } from '../../src/protocol/crypto.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { encodeHeader, parseHeader, SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { verifyReceipt } from '../../src/protocol/receipt.ts'
import { wrapsDigest } from '../../src/protocol/wrapped-key.ts'
import { freshNonce, newPair, nextNonce, tooLittleWork } from '../support/caller.ts'
import { deviceOf, eventBody, record } from '../support/device.ts'
import { type Answer, json, problemIn } from '../support/http.ts'
import {
  look,
  newReporter,
  put,
  type SeenHead,
  type Submitted,
  sealFollowUpFor,
  sealFor,
  submit,
  type TestReporter,
  trustOf,
  withdraw,
  write,
} from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf, countOf, fingerprint, rowsOf, settled } from '../support/stored.ts'
import { type AgencyId, createWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000
let world: World

beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const read = (answer: Answer) => JSON.parse(answer.body.toString())
const POLICE: readonly AgencyId[] = ['police']

describe('a report', () => {
  test('gets a receipt that the log key signed for exactly this report', async () => {
    const reporter = newReporter(world)
    const sealed = await sealFor(world, reporter, ['police', 'nis'])
    const { receipt } = read(await put(reporter.caller, sealed.body))
    const { directory } = await trustOf(world)
    const { leaf, day } = verifyReceipt(receipt, world.deploymentId, directory.logKey)
    expect(leaf).toEqual(await leafOf(reporter.keys, sealed.digest, wrapsDigest(sealed.wrappedKeys)))
    expect(day).toBe(dayOf(world.now()))
  })

  test('sent again gets the same receipt byte for byte, on another day and from another server too', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, ['police', 'nis'])
    const first = await put(reporter.caller, body)
    const again = await put(reporter.caller, body)
    const other = await startBeside(world)
    const elsewhere = await put({ ...reporter.caller, origin: other.reporterUrl }, body)
    await other.stop()
    expect([first.status, again.status, elsewhere.status]).toEqual([200, 200, 200])
    expect(again.body).toEqual(first.body)
    expect(elsewhere.body).toEqual(first.body)
    expect(await countOf(world, 'from reports where report_id = $1', [reporter.reportId])).toBe(1)
    expect(await countOf(world, 'from assignments where report_id = $1', [reporter.reportId])).toBe(2)
  })

  test('sent by a dozen connections at once is stored once', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, ['police', 'nis', 'ip-police', 'sme-office'])
    const answers = await Promise.all(Array.from({ length: 12 }, () => put(reporter.caller, body)))
    expect(new Set(answers.map(answer => `${answer.status} ${answer.body}`)).size).toBe(1)
    expect(await countOf(world, 'from assignments where report_id = $1', [reporter.reportId])).toBe(4)
  })

  test('is one of two that race under one code; the other is told so', async () => {
    const reporter = newReporter(world)
    const texts = await Promise.all(['one', 'two'].map(text => sealFor(world, reporter, POLICE, text)))
    const answers = await Promise.all(texts.map(({ body }) => put(reporter.caller, body)))
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 409])
    expect(answers.filter(answer => answer.status === 409).map(problemIn)).toEqual(['report-conflict'])
  })

  test('of other content, other recipients or another blind under the same code is refused', async () => {
    const reporter = await submit(world, POLICE)
    const { body } = reporter.sealed
    const [key] = body.wrappedKeys
    const others = [
      (await sealFor(world, reporter, POLICE, 'something else')).body,
      { ...body, wrappedKeys: [{ ...key, key: toBase64url(randomBytes(1168)) }] },
      { ...body, logBlind: toBase64url(randomBytes(32)) },
    ]
    for (const other of others) expect(problemIn(await put(reporter.caller, other))).toBe('report-conflict')
    expect((await put(reporter.caller, body)).status).toBe(200)
  })

  test('that was withdrawn stays withdrawn for good, also after a restart', async () => {
    const reporter = await submit(world, POLICE)
    await withdraw(reporter.caller)
    const other = await sealFor(world, reporter, POLICE, 'another try')
    const refusals = async () => [
      problemIn(await put(reporter.caller, reporter.sealed.body)),
      problemIn(await put(reporter.caller, other.body)),
    ]
    expect(await refusals()).toEqual(['report-withdrawn', 'report-withdrawn'])
    await world.restart()
    expect(await refusals()).toEqual(['report-withdrawn', 'report-withdrawn'])
    expect(read(await withdraw(reporter.caller))).toEqual({ outcome: 'withdrawn' })
    expect(read(await look(reporter.caller)).state).toBe('withdrawn')
  })

  test('can be of each of the four sizes', async () => {
    for (const bucket of SIZE_BUCKETS) {
      const reporter = newReporter(world)
      const { body } = await sealFor(world, reporter, POLICE, 'ㄱ'.repeat(bucket / 4))
      expect((await put(reporter.caller, body)).status).toBe(200)
      const rows = await rowsOf(world, 'select bucket from reports where report_id = $1', [reporter.reportId])
      expect(rows).toEqual([{ bucket }])
    }
  })
})

describe('nonces', () => {
  const refused = async (nonce: string, origin = world.reporterUrl) => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    await settled(world)
    const before = await fingerprint(world)
    const answer = await put({ ...reporter.caller, origin }, body, { nonce })
    expect(await fingerprint(world)).toEqual(before)
    return problemIn(answer)
  }

  test('of a report that was received are used up, whoever signs with them', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const nonce = await freshNonce(world.reporterUrl)
    expect((await put(reporter.caller, body, { nonce })).status).toBe(200)
    expect(problemIn(await put(reporter.caller, body, { nonce }))).toBe('challenge-invalid')
    expect(await refused(nonce)).toBe('challenge-invalid')
  })

  test('serve one of two requests that race', async () => {
    const nonce = await freshNonce(world.reporterUrl)
    const answers = await Promise.all(
      [newReporter(world), newReporter(world)].map(async reporter =>
        put(reporter.caller, (await sealFor(world, reporter, POLICE)).body, { nonce }),
      ),
    )
    expect(answers.map(answer => answer.status).sort()).toEqual([200, 401])
  })

  test('that a refused request carried can be used again', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const nonce = await freshNonce(world.reporterUrl)
    const other = (await sealFor(world, newReporter(world), POLICE)).body
    expect(problemIn(await put(reporter.caller, other, { nonce }))).toBe('envelope-invalid')
    expect((await put(reporter.caller, body, { nonce })).status).toBe(200)
  })

  test('come with each signed answer, good or bad, and serve the next request', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const missing = await look(reporter.caller)
    expect(problemIn(missing)).toBe('not-found')
    const received = await put(reporter.caller, body, { nonce: nextNonce(missing) })
    expect(received.status).toBe(200)
    expect((await look(reporter.caller, { nonce: nextNonce(received) })).status).toBe(200)
  })

  test('of another server are taken where it has this deployment’s key, else not', async () => {
    const own = await startBeside(world)
    const nonce = await freshNonce(own.reporterUrl)
    const reporter = newReporter(world)
    expect(
      (await put(reporter.caller, (await sealFor(world, reporter, POLICE)).body, { nonce })).status,
    ).toBe(200)
    await own.stop()
    const forged = issueChallenge(randomBytes(32), {
      random: randomBytes(16),
      expiry: Math.floor(world.now() / 1000) + 600,
      workBits: 0,
    })
    expect(await refused(forged)).toBe('challenge-invalid')
  })

  test('of the agencies’ listener, which ask for no work, are not taken from reporters', async () => {
    expect(await refused(await freshNonce(world.agencyUrl))).toBe('challenge-invalid')
  })

  test('with fewer bits of work than were issued are not ours', async () => {
    const nonce = await freshNonce(world.reporterUrl)
    expect(readChallenge(nonce).workBits).toBe(2)
    const bytes = Buffer.from(nonce, 'base64url')
    bytes[20] = 0
    expect(await refused(bytes.toString('base64url'))).toBe('challenge-invalid')
  })
})

describe('proof of work', () => {
  const prepared = async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    return { reporter, body, nonce: await freshNonce(world.reporterUrl) }
  }

  test('is asked for: none, too little or unreadable work is refused', async () => {
    const { reporter, body, nonce } = await prepared()
    const works = [
      null,
      tooLittleWork(reporter.caller, nonce, json(body)),
      '',
      'AAAAAAAAAA',
      'AAAAAAAAAAB',
      '#',
    ]
    for (const work of works) {
      expect([work, problemIn(await put(reporter.caller, body, { nonce, work }))]).toEqual([
        work,
        'work-required',
      ])
    }
    expect((await put(reporter.caller, body, { nonce })).status).toBe(200)
  })

  test('counts for the key, the body and the nonce that it was done for', async () => {
    const { reporter, body, nonce } = await prepared()
    const stranger = newReporter(world)
    const other = (await sealFor(world, stranger, POLICE)).body
    const nobody = { ...reporter.caller, pair: newPair() }
    const elsewhere = await freshNonce(world.reporterUrl)
    const attempts: readonly [TestReporter['caller'], object, string][] = [
      [nobody, body, nonce],
      [reporter.caller, other, nonce],
      [reporter.caller, body, elsewhere],
    ]
    // Work for one thing is, one time in four, enough for another: take some that is not.
    for (const [caller, sent, with_] of attempts) {
      const work = tooLittleWork(caller, with_, json(sent))
      expect(problemIn(await put(caller, sent, { nonce: with_, work }))).toBe('work-required')
    }
  })
})

describe('what is sealed for somebody else or in another form is refused', () => {
  type Body = Awaited<ReturnType<typeof sealFor>>['body']

  const withHeader = (body: Body, change: Partial<ReturnType<typeof parseHeader>>): Body => ({
    ...body,
    header: toBase64url(encodeHeader({ ...parseHeader(Buffer.from(body.header, 'base64url')), ...change })),
  })

  const ENVELOPES: Readonly<Record<string, (body: Body) => Body>> = {
    'a header of another deployment': body => withHeader(body, { deploymentId: randomBytes(32) }),
    'a header of another report': body => withHeader(body, { reportId: randomBytes(16) }),
    'a header of another bucket': body => withHeader(body, { bucket: 32 * 1024 }),
    'a header of no bucket': body => withHeader(body, { bucket: 1234 }),
    'a follow-up’s index': body => withHeader(body, { threadIndex: 1 }),
    'a blob that nobody claimed': body => withHeader(body, { blobRoot: randomBytes(32) }),
    'a number of parts': body => withHeader(body, { partCount: 1 }),
    'no header': body => ({ ...body, header: toBase64url(randomBytes(139)) }),
  }

  test.each(Object.entries(ENVELOPES))('%s', async (_name, change) => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    expect(problemIn(await put(reporter.caller, change(body)))).toBe('envelope-invalid')
    expect(await countOf(world, 'from reports where report_id = $1', [reporter.reportId])).toBe(0)
  })

  const bytes = (length: number) => toBase64url(randomBytes(length))
  const FORMS: Readonly<Record<string, (body: Body) => object>> = {
    'a body one byte short': body => ({ ...body, body: bytes(8 * 1024 + 39) }),
    'a body one byte long': body => ({ ...body, body: bytes(8 * 1024 + 41) }),
    'a body of a size between': body => ({ ...body, body: bytes(16 * 1024 + 40) }),
    'an empty body': body => ({ ...body, body: '' }),
    'a padded body': body => ({ ...body, body: `${body.body}=` }),
    'a body in base64': body => ({ ...body, body: `+/${body.body.slice(2)}` }),
    'a commitment too short': body => ({ ...body, commitment: bytes(31) }),
    'a key too long': body => ({
      ...body,
      wrappedKeys: body.wrappedKeys.map(k => ({ ...k, key: bytes(1169) })),
    }),
    'no agency': body => ({ ...body, wrappedKeys: [] }),
    'an agency twice': body => ({ ...body, wrappedKeys: [...body.wrappedKeys, ...body.wrappedKeys] }),
    'an agency of another form': body => ({
      ...body,
      wrappedKeys: body.wrappedKeys.map(k => ({ ...k, agency: 'Police' })),
    }),
    'an agency with U+0000': body => ({
      ...body,
      wrappedKeys: body.wrappedKeys.map(k => ({ ...k, agency: 'police\u0000' })),
    }),
    'a lone surrogate': body => ({ ...body, fill: '\ud800' }),
    'a word for a flag': body => ({ ...body, urgent: 'yes' }),
    'a member too many': body => ({ ...body, kind: 'K01' }),
    'a member too few': ({ logBlind: _none, ...body }) => body,
    'too much fill': body => ({ ...body, fill: 'A'.repeat(16 * 1024 + 1) }),
  }

  test.each(Object.entries(FORMS))('%s is malformed', async (_name, change) => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    expect(problemIn(await put(reporter.caller, change(body)))).toBe('malformed-request')
  })

  test('five agencies', async () => {
    const reporter = newReporter(world)
    const all: AgencyId[] = ['police', 'nis', 'ip-police', 'sme-office', 'serious-crimes']
    const { body } = await sealFor(world, reporter, all)
    expect(problemIn(await put(reporter.caller, body))).toBe('malformed-request')
  })

  test('an agency that the directory does not name, and another agency’s epoch key', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    for (const agency of ['nobody', 'nis']) {
      const wrappedKeys = body.wrappedKeys.map(key => ({ ...key, agency }))
      expect(problemIn(await put(reporter.caller, { ...body, wrappedKeys }))).toBe('recipient-refused')
    }
  })

  test('a signature by another key, or for the other listener', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const stranger = newReporter(world)
    expect(problemIn(await put(stranger.caller, body))).toBe('envelope-invalid')
    expect(problemIn(await put(reporter.mailbox, body))).toBe('envelope-invalid')
    const asDevice = { ...reporter.caller, role: 'agency' as const }
    expect(problemIn(await put(asDevice, body))).toBe('signature-invalid')
    const sister = { ...reporter.caller, deploymentId: deploymentIdOf(randomBytes(32)) }
    expect(problemIn(await put(sister, body))).toBe('signature-invalid')
  })

  test('a content digest of something else', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const digest = `sha-256=:${randomBytes(32).toString('base64')}:`
    expect(problemIn(await put(reporter.caller, body, { digest }))).toBe('signature-invalid')
  })
})

describe('a follow-up', () => {
  const headsOf = (reporter: Submitted, agencies: readonly AgencyId[] = POLICE): SeenHead[] =>
    agencies.map(agencyId => ({ agencyId, head: chainStart(reporter.sealed.digest, agencyId) }))
  const followUps = (reporter: TestReporter) =>
    countOf(world, 'from messages where report_id = $1 and index > 0', [reporter.reportId])

  test('is taken in order, and the same one again is the same one', async () => {
    const reporter = await submit(world, ['police', 'nis'])
    const heads = headsOf(reporter, ['police', 'nis'])
    const [first, second] = [1, 2].map(index => sealFollowUpFor(world, reporter, index, heads))
    const [one, two] = [await first, await second]
    if (!one || !two) throw new Error('not sealed')
    expect(problemIn(await write(reporter.caller, two.body))).toBe('message-conflict')
    expect((await write(reporter.caller, one.body)).status).toBe(204)
    expect((await write(reporter.caller, one.body)).status).toBe(204)
    expect((await write(reporter.caller, two.body)).status).toBe(204)
    expect((await write(reporter.caller, one.body)).status).toBe(204)
    expect(await followUps(reporter)).toBe(2)
    const status = read(await look(reporter.caller))
    expect(status.followUps.map((entry: { digest: string }) => entry.digest)).toEqual(
      [one, two].map(({ digest }) => toBase64url(digest)),
    )
  })

  test('of another content under a number that is taken is refused', async () => {
    const reporter = await submit(world, POLICE)
    const first = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    const other = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    expect((await write(reporter.caller, first.body)).status).toBe(204)
    expect(problemIn(await write(reporter.caller, other.body))).toBe('message-conflict')
  })

  test('is one of two that race for a number', async () => {
    const reporter = await submit(world, POLICE)
    const rivals = await Promise.all(
      [1, 1].map(index => sealFollowUpFor(world, reporter, index, headsOf(reporter))),
    )
    const answers = await Promise.all(rivals.map(({ body }) => write(reporter.caller, body)))
    expect(answers.map(answer => answer.status).sort()).toEqual([204, 409])
    expect(await followUps(reporter)).toBe(1)
  })

  test('numbered as the report itself is none', async () => {
    const reporter = await submit(world, POLICE)
    const zero = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    const header = parseHeader(zero.envelope.header)
    const body = { ...zero.body, header: toBase64url(encodeHeader({ ...header, threadIndex: 0 })) }
    expect(problemIn(await write(reporter.caller, body))).toBe('message-conflict')
  })

  test('whose writer has not seen the newest event is refused until it is sealed again', async () => {
    const reporter = await submit(world, POLICE)
    const stale = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    const device = await deviceOf(world, 'police')
    const [head] = headsOf(reporter)
    if (!head) throw new Error('no head')
    const event = eventBody(world, device, {
      digest: reporter.sealed.digest,
      head: head.head,
      index: 0,
      key: reporter.keys.acknowledgementKey,
    })
    const caseId = await caseOf(world, reporter.reportId, 'police')
    const recorded = read(await record(device, caseId, event))
    expect(problemIn(await write(reporter.caller, stale.body))).toBe('assignment-changed')
    const seen = [{ agencyId: 'police', head: Buffer.from(recorded.head, 'base64url') }]
    const fresh = await sealFollowUpFor(world, reporter, 1, seen)
    expect((await write(reporter.caller, fresh.body)).status).toBe(204)
  })

  test('must be wrapped for all agencies that hold the case and for no other', async () => {
    const reporter = await submit(world, ['police', 'nis'])
    const both: AgencyId[] = ['police', 'nis']
    const sealed = async (agencies: AgencyId[]) =>
      (await sealFollowUpFor(world, reporter, 1, headsOf(reporter, agencies))).body
    expect(problemIn(await write(reporter.caller, await sealed(['police'])))).toBe('assignment-changed')
    const three = await sealed([...both, 'ip-police'])
    expect(problemIn(await write(reporter.caller, three))).toBe('assignment-changed')
    const twice = await sealed(both)
    const [head] = twice.heads
    expect(problemIn(await write(reporter.caller, { ...twice, heads: [head, head] }))).toBe(
      'assignment-changed',
    )
    expect((await write(reporter.caller, await sealed(both))).status).toBe(204)
  })

  test('beyond eight a day needs work, and on the next day no more', async () => {
    const reporter = await submit(world, POLICE)
    const next = (index: number) => sealFollowUpFor(world, reporter, index, headsOf(reporter))
    for (let index = 1; index <= 8; index++) {
      expect((await write(reporter.caller, (await next(index)).body, { work: null })).status).toBe(204)
    }
    const ninth = await next(9)
    const nonce = await freshNonce(world.reporterUrl)
    const little = tooLittleWork(reporter.caller, nonce, json(ninth.body))
    expect(problemIn(await write(reporter.caller, ninth.body, { work: null }))).toBe('work-required')
    expect(problemIn(await write(reporter.caller, ninth.body, { nonce, work: little }))).toBe('work-required')
    expect((await write(reporter.caller, ninth.body, { nonce })).status).toBe(204)
    world.advance(DAY_MS)
    const tenth = await next(10)
    expect((await write(reporter.caller, tenth.body, { work: null })).status).toBe(204)
  })

  test('after the withdrawal is refused, also one that was received before', async () => {
    const reporter = await submit(world, POLICE)
    const first = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    await write(reporter.caller, first.body)
    await withdraw(reporter.caller)
    expect(problemIn(await write(reporter.caller, first.body))).toBe('report-withdrawn')
    const second = await sealFollowUpFor(world, reporter, 2, headsOf(reporter))
    expect(problemIn(await write(reporter.caller, second.body))).toBe('report-withdrawn')
    expect(await followUps(reporter)).toBe(0)
  })

  test('of somebody who holds only the mailbox key finds no report', async () => {
    const reporter = await submit(world, POLICE)
    const { body } = await sealFollowUpFor(world, reporter, 1, headsOf(reporter))
    expect(problemIn(await write(reporter.mailbox, body))).toBe('envelope-invalid')
    expect(problemIn(await look(reporter.mailbox))).toBe('not-found')
    expect(problemIn(await withdraw(reporter.mailbox))).toBe('not-found')
  })
})

// These move the clock: they come last.
describe('in time', () => {
  test('a nonce expires after ten minutes', async () => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, POLICE)
    const [kept, old] = [await freshNonce(world.reporterUrl), await freshNonce(world.reporterUrl)]
    world.advance(9 * 60_000)
    expect((await look(reporter.caller, { nonce: kept })).status).toBe(404)
    world.advance(2 * 60_000)
    expect(problemIn(await put(reporter.caller, body, { nonce: old }))).toBe('challenge-invalid')
  })

  test('an epoch key is refused after its twenty-one days, and one that has not begun', async () => {
    await world.renew()
    const [early, sealed] = [newReporter(world), newReporter(world)]
    const { statements, today } = await trustOf(world)
    const future = statements.get('police')?.epochs.find(epoch => epoch.validFrom > today)
    const { body } = await sealFor(world, early, POLICE)
    const ahead = body.wrappedKeys.map(key => ({
      ...key,
      keyId: toBase64url(future?.keyId ?? new Uint8Array(16)),
    }))
    expect(problemIn(await put(early.caller, { ...body, wrappedKeys: ahead }))).toBe('recipient-refused')

    const old = await sealFor(world, sealed, POLICE)
    const late = await sealFor(world, early, POLICE)
    const heads = [{ agencyId: 'police', head: chainStart(old.digest, 'police') }] as const
    const [first, second, other] = await Promise.all(
      [1, 2, 1].map(index => sealFollowUpFor(world, sealed, index, heads)),
    )
    if (!first || !second || !other) throw new Error('not sealed')
    world.advance(13 * DAY_MS)
    const acknowledged = await put(sealed.caller, old.body)
    expect(acknowledged.status).toBe(200)
    expect((await write(sealed.caller, first.body)).status).toBe(204)
    world.advance(8 * DAY_MS)
    expect(problemIn(await put(early.caller, late.body))).toBe('recipient-refused')
    expect(problemIn(await write(sealed.caller, second.body))).toBe('recipient-refused')
    // What is there already is there, whoever asks again because the answer did not come.
    expect(await put(sealed.caller, old.body)).toMatchObject({ status: 200, body: acknowledged.body })
    expect((await write(sealed.caller, first.body)).status).toBe(204)
    expect(problemIn(await put(sealed.caller, { ...old.body, logBlind: late.body.logBlind }))).toBe(
      'report-conflict',
    )
    expect(problemIn(await write(sealed.caller, other.body))).toBe('message-conflict')
  })
})
