// Reporters and devices at work through the SDK, and a ledger of all that the service acknowledged on the wire.
import { setTimeout as sleep } from 'node:timers/promises'
import {
  acknowledge,
  type CaseSummary,
  type Device,
  deleteReplies,
  NotOpened,
  type OpenedCase,
  openCase,
  type PreparedReport,
  prepareReport,
  type Reporter,
  RequestProblem,
  readCase,
  readCases,
  readReplies,
  readStatus,
  reporterOf,
  sendFollowUp,
  sendReply,
  serviceAt,
  submitReport,
  type Trust,
  Unreachable,
  withdrawReport,
} from '../../src/client/index.ts'
import { H, randomBytes } from '../../src/protocol/crypto.ts'
import { fromBase64url, toHex } from '../../src/protocol/encoding.ts'
import { parseHeader, reportDigest } from '../../src/protocol/envelope.ts'
import { messageIdOf } from '../../src/protocol/reply.ts'
import { reportIdOf } from '../../src/protocol/reporter-keys.ts'

/** Hexadecimal throughout. What is here was answered with success, so it must be there for good. */
export interface Ledger {
  /** Report id → digest and receipt. */
  readonly reports: Map<string, { digest: string; receipt: string }>
  /** Report id/index → digest. */
  readonly followUps: Map<string, string>
  /** Case id (base64url)/head. */
  readonly heads: Set<string>
  readonly replies: Set<string>
  readonly deleted: Set<string>
  /** Deleted, or about to be. */
  readonly deleting: Set<string>
  /** Report id → outcome. */
  readonly withdrawn: Map<string, string>
  /** Statuses that no fault excuses. */
  readonly broken: string[]
}

export const newLedger = (): Ledger => ({
  reports: new Map(),
  followUps: new Map(),
  heads: new Set(),
  replies: new Set(),
  deleted: new Set(),
  deleting: new Set(),
  withdrawn: new Map(),
  broken: [],
})

export const copyLedger = (ledger: Ledger): Ledger => ({
  reports: new Map(ledger.reports),
  followUps: new Map(ledger.followUps),
  heads: new Set(ledger.heads),
  replies: new Set(ledger.replies),
  deleted: new Set(ledger.deleted),
  deleting: new Set(ledger.deleting),
  withdrawn: new Map(ledger.withdrawn),
  broken: [...ledger.broken],
})

/**
 * A `fetch` that writes down what was acknowledged. It hides Retry-After: the SDK would be polite, and most of
 * the time there would be no load.
 */
export function recording(ledger: Ledger, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const response = await send(input, init)
    const { pathname } = new URL(String(input))
    const call = `${init?.method ?? 'GET'} ${pathname}`
    if (response.status >= 500 && response.status !== 503) ledger.broken.push(`${call} ${response.status}`)
    if (!response.ok) {
      const headers = new Headers(response.headers)
      headers.delete('retry-after')
      return new Response(response.body, { status: response.status, headers })
    }
    const sent = init?.body instanceof Uint8Array ? init.body : new Uint8Array()
    const isMutation = init?.method !== 'GET' && pathname !== '/v1/mailbox'
    const text = isMutation ? await response.clone().text() : ''
    record(ledger, { call, pathname, sent, text, fields: new Headers(init?.headers) })
    return response
  }
}

interface Exchange {
  readonly call: string
  readonly pathname: string
  readonly sent: Uint8Array
  readonly text: string
  readonly fields: Headers
}

function record(ledger: Ledger, { call, pathname, sent, text, fields }: Exchange): void {
  const body = () => JSON.parse(Buffer.from(sent).toString())
  if (call === 'PUT /v1/report') {
    const { id, digest } = messageIn(body())
    ledger.reports.set(id, { digest, receipt: JSON.parse(text).receipt })
  } else if (call === 'POST /v1/report/messages') {
    const { id, index, digest } = messageIn(body())
    ledger.followUps.set(`${id}/${index}`, digest)
  } else if (call === 'DELETE /v1/report') {
    const [, key = ''] = /keyid="([^"]+)"/.exec(fields.get('signature-input') ?? '') ?? []
    ledger.withdrawn.set(toHex(reportIdOf(fromBase64url(key))), JSON.parse(text).outcome)
  } else if (call.startsWith('POST /v1/cases/')) {
    ledger.heads.add(`${pathname.split('/')[3]}/${JSON.parse(text).head}`)
  } else if (call.startsWith('POST /v1/mailboxes/')) {
    ledger.replies.add(toHex(messageIdOf(fromBase64url(body().sealed))))
  }
}

function messageIn(body: { header: string; commitment: string; body: string }) {
  const [header, commitment, sealed] = [body.header, body.commitment, body.body].map(fromBase64url)
  if (!header || !commitment || !sealed) throw new Error('not a message')
  const { reportId, threadIndex } = parseHeader(header)
  return {
    id: toHex(reportId),
    index: threadIndex,
    digest: toHex(reportDigest({ header, commitment, body: sealed })),
  }
}

const isPassing = (error: unknown) =>
  error instanceof Unreachable || (error instanceof RequestProblem && error.status === 503)

/** Tries for as long as it takes; null once `signal` is aborted. */
export async function persist<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T | null> {
  while (!signal.aborted) {
    try {
      return await run()
    } catch (error) {
      if (signal.aborted) return null
      if (!isPassing(error)) throw error
      await sleep(100)
    }
  }
  return null
}

/** A report as its reporter knows it. */
export interface Story {
  readonly code: PreparedReport['code']
  readonly agencies: readonly string[]
  readonly text: string
  /** Those whose sending ended with success. */
  readonly followUps: string[]
  /** One that was given up in the middle, if any: it may be there or not. */
  uncertain: string | null
  submitted: boolean
  withdrawal: 'none' | 'tried' | 'done'
}

export interface Scene {
  readonly trust: Trust
  readonly ledger: Ledger
  readonly stories: Story[]
  readonly reporterUrl: string
  /** Ends the work between two steps. */
  readonly ending: AbortSignal
  /** Instead of `fetch`. */
  readonly send?: typeof fetch
}

const choose = <T>(items: readonly T[]): T | undefined => items[Math.floor(Math.random() * items.length)]
let numbers = 0

export function reporterIn(scene: Scene, { code }: Pick<Story, 'code'>): Reporter {
  const { trust, ledger, reporterUrl, send } = scene
  return reporterOf(serviceAt(reporterUrl, { fetch: recording(ledger, send) }), trust, code)
}

/** One person after another: submits, comes back to add something, reads and deletes replies, withdraws. */
export async function reportAway(scene: Scene, agencies: readonly string[], pauseMs: number): Promise<void> {
  const { stories, ending } = scene
  while (!ending.aborted) {
    const story = await submit(scene, agencies)
    if (!story) return
    for (const visited of [story, choose(stories)]) {
      const chance = Math.random()
      if (!visited?.submitted || visited.withdrawal !== 'none' || busy.has(visited)) continue
      busy.add(visited)
      if (chance < 0.45) await addTo(scene, visited)
      else if (chance < 0.8) await readMail(scene, visited)
      else if (chance < 0.9) await withdraw(scene, visited)
      busy.delete(visited)
    }
    await sleep(pauseMs * Math.random())
  }
}

// One reporter does one thing at a time.
const busy = new WeakSet<Story>()

async function submit(scene: Scene, agencies: readonly string[]): Promise<Story | null> {
  const { trust, ledger, reporterUrl, stories, ending, send } = scene
  const to = agencies.filter(() => Math.random() < 0.5)
  const text = `report ${++numbers}`
  const content = { version: 1, language: 'en', what: text.padEnd(choose([20, 20, 20, 9000]) ?? 0) } as const
  const prepared = await prepareReport(trust, {
    content,
    agencies: to.length > 0 ? to : agencies.slice(0, 1),
  })
  const story: Story = {
    code: prepared.code,
    agencies: prepared.agencies,
    text,
    followUps: [],
    uncertain: null,
    submitted: false,
    withdrawal: 'none',
  }
  stories.push(story)
  busy.add(story)
  const service = serviceAt(reporterUrl, { fetch: recording(ledger, send) })
  const done = await persist(() => submitReport(service, trust, prepared), ending)
  story.submitted = done !== null
  busy.delete(story)
  return done && story
}

/** After an unknown outcome a person looks whether it arrived before sending it again. */
async function addTo(scene: Scene, story: Story): Promise<void> {
  const reporter = reporterIn(scene, story)
  const text = `follow-up ${++numbers}`
  story.uncertain = text
  const before = await persist(() => readStatus(reporter), scene.ending)
  if (!before || before.state === 'withdrawn') return
  const sent = await persist(async () => {
    const { followUps } = await readStatus(reporter)
    if (followUps.length === before.followUps.length) await sendFollowUp(reporter, text)
    return true
  }, scene.ending)
  if (!sent) return
  story.followUps.push(text)
  story.uncertain = null
}

async function readMail(scene: Scene, story: Story): Promise<void> {
  const { ending, ledger } = scene
  const reporter = reporterIn(scene, story)
  const view = await persist(async () => readReplies(reporter, await readStatus(reporter)), ending)
  const forged = view?.replies.filter(reply => reply.verdict === 'forged') ?? []
  if (forged.length > 0 || view?.unreadable.length) throw new Error('a reply does not verify')
  const ids = (view?.replies ?? []).slice(0, 4).map(reply => reply.id)
  if (ids.length === 0) return
  for (const id of ids) ledger.deleting.add(toHex(id))
  const done = await persist(async () => {
    await deleteReplies(reporter, ids)
    return true
  }, ending)
  if (done) for (const id of ids) ledger.deleted.add(toHex(id))
}

async function withdraw(scene: Scene, story: Story): Promise<void> {
  story.withdrawal = 'tried'
  const outcome = await persist(() => withdrawReport(reporterIn(scene, story)), scene.ending)
  if (outcome) story.withdrawal = 'done'
}

/** What a device saw in its feed: the newest summary of each case. */
export interface Seen {
  cursor: number
  readonly cases: Map<string, CaseSummary>
}

/** Pages through the feed with its cursor, for as long as the work lasts. */
export async function watch(device: Device, seen: Seen, { ending }: Scene): Promise<void> {
  while (!ending.aborted) {
    const list = await persist(() => readCases(device, { after: seen.cursor, wait: 1 }), ending)
    for (const summary of list?.cases ?? []) seen.cases.set(summary.case, summary)
    seen.cursor = list?.cursor ?? seen.cursor
  }
}

/** Opens what comes, hands the keys to its colleagues, answers some of it. */
export async function workOff(device: Device, scene: Scene): Promise<void> {
  let cursor = 0
  for (let number = 1; !scene.ending.aborted; ) {
    const list = await persist(() => readCases(device, { after: cursor, wait: 1 }), scene.ending)
    for (const summary of list?.cases ?? []) {
      if (scene.ending.aborted) return
      const opened = await open(device, summary.case, scene)
      if (!opened) continue
      await persist(() => unlessGone(() => acknowledge(device, opened, { now: Date.now() })), scene.ending)
      if (Math.random() < 0.4) await answer(device, opened, number++, scene)
    }
    cursor = list?.cursor ?? cursor
  }
}

async function open(device: Device, id: string, { ending }: Scene): Promise<OpenedCase | null> {
  return persist(() => unlessGone(async () => openCase(device, await readCase(device, id))), ending)
}

/** The same bytes each time it is tried; never those of another run, which their reader may have deleted. */
async function answer(device: Device, opened: OpenedCase, number: number, { ending }: Scene): Promise<void> {
  const seed = randomBytes(32)
  const random = (length: number) => {
    const blocks = Array.from({ length: Math.ceil(length / 32) }, (_, i) => H('test', seed, Uint8Array.of(i)))
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length))
  }
  const reply = { text: `reply ${number} of ${device.agency.id}`, number }
  await persist(() => sendReply(device, opened, reply, { now: Date.now(), random }), ending)
}

/** Null where the reporter has withdrawn it in the meantime. */
async function unlessGone<T>(run: () => Promise<T>): Promise<T | null> {
  try {
    return await run()
  } catch (error) {
    const gone = error instanceof NotOpened && error.reason === 'no-key'
    if (gone || (error instanceof RequestProblem && error.kind === 'not-found')) return null
    throw error
  }
}
