// How each problem that the routes of files list is provoked.
import { randomBytes } from 'node:crypto'
import type { ProblemName } from '../../src/contract/problems.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart } from '../../src/protocol/event.ts'
import { deviceOf, type TestDevice } from '../support/device.ts'
import { type Good, perform } from '../support/good.ts'
import type { Answer } from '../support/http.ts'
import { newReporter, put, sealFollowUpFor, sealFor, submit, write } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { caseOf } from '../support/stored.ts'
import {
  creation,
  keepForReader,
  newReplyUpload,
  readCaseFiles,
  readReplyFiles,
  replyCreation,
  SMALL,
  sha256,
  stranger,
  uploadBlob,
} from '../support/uploads.ts'
import type { World } from '../support/world.ts'

type Provocation = () => Promise<() => Promise<Answer>>
type ByProblem = Partial<Record<ProblemName, Provocation>>

export interface Means {
  readonly world: () => World
  readonly good: (id: string) => Promise<Good>
  readonly refused: () => Readonly<Record<'expired' | 'revoked' | 'status' | 'scopeless', TestDevice>>
}

const TOO_LONG = 4 * 1024 ** 3

export function fileProblems({ world, good, refused }: Means): Readonly<Record<string, ByProblem>> {
  const changed =
    (id: string, change: (request: Good) => Partial<Good['call']>): Provocation =>
    async () => {
      const request = await good(id)
      return () => perform({ ...request, call: { ...request.call, ...change(request) } })
    }
  const withFields = (id: string, fields: Readonly<Record<string, string>>) =>
    changed(id, ({ call }) => ({ headers: { ...call.headers, ...fields } }))
  const by =
    (id: string, who: keyof ReturnType<Means['refused']>): Provocation =>
    async () => {
      const request = await good(id)
      return () => perform({ ...request, caller: refused()[who].caller })
    }
  const oldTus = (id: string) => ({ 'tus-version': withFields(id, { 'tus-resumable': '0.2.2' }) })
  const nowhere = (id: string) => ({
    'not-found': changed(id, () => ({ path: `/v1/uploads/${toBase64url(randomBytes(32))}` })),
  })
  const full =
    (id: string): Provocation =>
    async () => {
      const request = await good(id)
      const server = await startBeside(world(), { BONGSU_FILES_ROOM_MIB: '0' })
      return async () => {
        const answer = await perform({
          ...request,
          origin: request.origin === world().agencyUrl ? server.agencyUrl : server.reporterUrl,
        })
        await server.stop()
        return answer
      }
    }
  const beyond = { range: `bytes=${SMALL}-` }

  return {
    createUpload: {
      ...oldTus('createUpload'),
      'work-required': changed('createUpload', () => ({ work: null })),
      'files-too-large': changed('createUpload', () => creation(TOO_LONG)),
      'storage-full': full('createUpload'),
    },
    createReplyUpload: {
      ...oldTus('createReplyUpload'),
      'device-refused': by('createReplyUpload', 'revoked'),
      'scope-missing': by('createReplyUpload', 'status'),
      'files-too-large': changed('createReplyUpload', () => replyCreation(TOO_LONG)),
      'storage-full': full('createReplyUpload'),
    },
    headUpload: { ...oldTus('headUpload'), ...nowhere('headUpload') },
    deleteUpload: { ...oldTus('deleteUpload'), ...nowhere('deleteUpload') },
    patchUpload: {
      ...oldTus('patchUpload'),
      ...nowhere('patchUpload'),
      'offset-conflict': withFields('patchUpload', { 'upload-offset': '1' }),
      'checksum-mismatch': withFields('patchUpload', {
        'upload-checksum': `sha256 ${sha256('another part').toString('base64')}`,
      }),
    },
    getCaseFiles: {
      'device-refused': by('getCaseFiles', 'expired'),
      'scope-missing': by('getCaseFiles', 'status'),
      'not-found': async () => {
        const { reportId } = await submit(world(), ['police'])
        const caseId = await caseOf(world(), reportId, 'police')
        return async () => readCaseFiles(await deviceOf(world(), 'police'), caseId)
      },
      'range-not-satisfiable': withFields('getCaseFiles', beyond),
    },
    postReplyFiles: {
      'device-refused': by('postReplyFiles', 'revoked'),
      'scope-missing': by('postReplyFiles', 'scopeless'),
      'files-incomplete': async () => {
        const device = await deviceOf(world(), 'police')
        const upload = (await newReplyUpload(device)).split('/').at(-1) ?? ''
        const named = { upload, root: randomBytes(32), partCount: 1 }
        return () => keepForReader(device, named, stranger(world()).pair.publicKey)
      },
    },
    getReplyFiles: {
      'not-found': async () => () => readReplyFiles(stranger(world())),
      'range-not-satisfiable': withFields('getReplyFiles', beyond),
    },
    deleteReplyFiles: {},
    putReport: {
      'files-incomplete': async () => {
        const [reporter, { partCount, upload }] = [newReporter(world()), await uploadBlob(world())]
        const other = { root: randomBytes(32), partCount, upload }
        const { body } = await sealFor(world(), reporter, ['police'], 'text', other)
        return () => put(reporter.caller, body)
      },
    },
    postFollowUp: {
      'files-incomplete': async () => {
        const [reporter, blob] = [await submit(world(), ['police']), await uploadBlob(world())]
        const heads = [{ agencyId: 'police', head: chainStart(reporter.sealed.digest, 'police') }]
        const { body } = await sealFollowUpFor(world(), reporter, 1, heads, { ...blob, partCount: 2 })
        return () => write(reporter.caller, body)
      },
    },
  }
}
