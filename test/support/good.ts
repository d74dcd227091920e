// One good request for each route, made anew each time.
import { randomBytes } from 'node:crypto'
import { SEALED_NOTES_LENGTHS } from '../../src/protocol/device-notes.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { MAILBOX_REQUEST_LENGTH, SEALED_REPLY_LENGTH } from '../../src/protocol/reply.ts'
import { published } from './authority.ts'
import { type Call, type Caller, callAs } from './caller.ts'
import { deviceOf, eventBody, notesOf, team } from './device.ts'
import { type Answer, ask, json } from './http.ts'
import { newReporter, sealFollowUpFor, sealFor, submit } from './reporter.ts'
import { caseOf } from './stored.ts'
import {
  creation,
  keptReplyFiles,
  newUpload,
  partFields,
  replyCreation,
  SMALL,
  stranger,
  TUS,
  uploadBlob,
  uploadReplyBlob,
} from './uploads.ts'
import type { World } from './world.ts'

const NOTES_LENGTH = Math.min(...SEALED_NOTES_LENGTHS)

export interface Good {
  readonly origin: string
  /** Null: not signed. */
  readonly caller: Caller | null
  readonly call: Call
}

export function perform({ origin, caller, call }: Good): Promise<Answer> {
  if (caller) return callAs({ ...caller, origin }, call)
  const { method, path, query = '', body = null, type = 'application/json', headers } = call
  const typed = body ? { 'content-type': type } : {}
  return ask(origin, { method, path: path + query, headers: { ...typed, ...headers }, body })
}

type GoodRequests = Readonly<Record<string, () => Promise<Good>>>

export function goodRequests(world: World): GoodRequests {
  const { reporterUrl, agencyUrl } = world
  const at = (origin: string, method: string, path: string, more: Partial<Call> = {}): Good => ({
    origin,
    caller: null,
    call: { method, path, ...more },
  })
  const by = (caller: Caller, method: string, path: string, more: Partial<Call> = {}): Good => ({
    ...at(caller.origin, method, path, more),
    caller,
  })
  const police = () => deviceOf(world, 'police')
  const aCase = async () => {
    const reporter = await submit(world, ['police'])
    return { ...reporter, caseId: await caseOf(world, reporter.reportId, 'police') }
  }

  return {
    health: async () => at(reporterUrl, 'GET', '/v1/health'),
    getDirectory: async () => at(reporterUrl, 'GET', '/v1/directory'),
    createChallenge: async () => at(reporterUrl, 'POST', '/v1/challenges'),
    putReport: async () => {
      const reporter = newReporter(world)
      const { body } = await sealFor(world, reporter, ['police', 'nis', 'ip-police', 'sme-office'])
      return by(reporter.caller, 'PUT', '/v1/report', { body: json(body) })
    },
    getReport: async () => by((await submit(world, ['police', 'nis'])).caller, 'GET', '/v1/report'),
    deleteReport: async () => by((await submit(world, ['police'])).caller, 'DELETE', '/v1/report'),
    postFollowUp: async () => {
      const reporter = await submit(world, ['police'])
      const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
      const { body } = await sealFollowUpFor(world, reporter, 1, heads)
      return by(reporter.caller, 'POST', '/v1/report/messages', { body: json(body) })
    },
    readMailbox: async () =>
      by(newReporter(world).mailbox, 'POST', '/v1/mailbox', {
        body: randomBytes(MAILBOX_REQUEST_LENGTH),
        type: 'application/octet-stream',
      }),
    putDirectory: async () => {
      const { roots, directory } = await published(reporterUrl)
      return at(agencyUrl, 'PUT', '/v1/directory', { body: json({ roots, directory }) })
    },
    putStatement: async () => {
      const { police: statement } = (await published(reporterUrl)).statements
      return at(agencyUrl, 'PUT', '/v1/agencies/police/statement', { body: json({ statement }) })
    },
    putDevices: async () => {
      const { devices } = JSON.parse((await team(await police(), 'police')).body.toString())
      return at(agencyUrl, 'PUT', '/v1/agencies/police/devices', { body: json({ devices }) })
    },
    getDevices: async () => by((await police()).caller, 'GET', '/v1/agencies/police/devices'),
    listCases: async () => by((await police()).caller, 'GET', '/v1/cases'),
    getCase: async () => by((await police()).caller, 'GET', `/v1/cases/${(await aCase()).caseId}`),
    postEvent: async () => {
      const { caseId, sealed, keys } = await aCase()
      const device = await police()
      const head = chainStart(sealed.digest, 'police')
      const event = { digest: sealed.digest, head, index: 0, key: keys.acknowledgementKey }
      const body = json(eventBody(world, device, event))
      return by(device.caller, 'POST', `/v1/cases/${caseId}/events`, { body })
    },
    postReply: async () => {
      const body = json({ sealed: toBase64url(randomBytes(SEALED_REPLY_LENGTH)) })
      const path = `/v1/mailboxes/${toBase64url(randomBytes(32))}/messages`
      return by((await police()).caller, 'POST', path, { body })
    },
    ...filesOf(world),
    listEpochCases: async () =>
      by((await police()).caller, 'GET', `/v1/epochs/${toBase64url(randomBytes(16))}/cases`),
    getNotes: async () => by((await police()).caller, 'GET', '/v1/notes'),
    putNotes: async () => {
      const device = await police()
      const { version } = JSON.parse((await notesOf(device)).body.toString())
      const body = json({ version: version + 1, sealed: toBase64url(randomBytes(NOTES_LENGTH)) })
      return by(device.caller, 'PUT', '/v1/notes', { body })
    },
  }
}

function filesOf(world: World): GoodRequests {
  const { reporterUrl } = world
  const police = () => deviceOf(world, 'police')
  const by = ({ caller, call }: { caller: Caller; call: Call }): Good => ({
    origin: caller.origin,
    caller,
    call,
  })
  const atUpload = async (method: string): Promise<Good> => ({
    origin: reporterUrl,
    caller: null,
    call: { method, path: await newUpload(world), headers: TUS },
  })
  return {
    createUpload: async () => by({ caller: stranger(world), call: creation(SMALL) }),
    createReplyUpload: async () => by({ caller: (await police()).caller, call: replyCreation(SMALL) }),
    headUpload: () => atUpload('HEAD'),
    deleteUpload: () => atUpload('DELETE'),
    patchUpload: async () => {
      const { 'content-type': type = '', ...headers } = partFields(0)
      const { origin, call } = await atUpload('PATCH')
      return { origin, caller: null, call: { ...call, type, headers, body: randomBytes(SMALL) } }
    },
    getCaseFiles: async () => {
      const { reportId } = await submit(world, ['police'], reporterUrl, await uploadBlob(world))
      const path = `/v1/cases/${await caseOf(world, reportId, 'police')}/messages/0/files`
      return by({ caller: (await police()).caller, call: { method: 'GET', path } })
    },
    postReplyFiles: async () => {
      const device = await police()
      const { upload, root, partCount } = await uploadReplyBlob(device)
      const reader = toBase64url(stranger(world).pair.publicKey)
      const body = json({ upload, root: toBase64url(root), parts: partCount, reader })
      return by({ caller: device.caller, call: { method: 'POST', path: '/v1/reply-files', body } })
    },
    getReplyFiles: async () => {
      const { reader: caller } = await keptReplyFiles(world, await police())
      return by({ caller, call: { method: 'GET', path: '/v1/reply-files' } })
    },
    deleteReplyFiles: async () => {
      const { reader: caller } = await keptReplyFiles(world, await police())
      return by({ caller, call: { method: 'DELETE', path: '/v1/reply-files' } })
    },
  }
}
