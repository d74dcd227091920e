import { getCase, listCases, postEvent } from '../../contract/casework.ts'
import { listEpochCases } from '../../contract/epochs.ts'
import { getCaseFiles } from '../../contract/files.ts'
import { getNotes, putNotes } from '../../contract/notes.ts'
import { fromBase64url, toBase64url } from '../../protocol/encoding.ts'
import { bytesOf } from '../http/base64url.ts'
import type { Serve } from '../http/serve.ts'
import type { Casework } from './service.ts'

export const caseworkRoutes =
  (casework: Casework) =>
  (serve: Serve): void => {
    serve(listCases, ({ device, query, ifNoneMatch }) => casework.list(device, query, ifNoneMatch))
    serve(getCase, ({ device, params, query }) =>
      casework.open(device, fromBase64url(params.case), query.from),
    )
    serve(postEvent, async ({ signer, device, params, body }) => {
      const place = { signer, device, caseId: fromBase64url(params.case) }
      const head = await casework.record(place, {
        core: fromBase64url(body.core),
        tag: fromBase64url(body.tag),
        signature: fromBase64url(body.signature),
        certificate: body.certificate,
        particulars: body.particulars === null ? null : fromBase64url(body.particulars),
        offer: body.offer && {
          agencyId: body.offer.agency,
          keys: body.offer.keys.map(({ index, keyId, key }) => ({
            index,
            keyId: fromBase64url(keyId),
            wrapped: fromBase64url(key),
          })),
        },
        deviceKeys: body.deviceKeys.map(({ device: id, index, key }) => ({
          deviceId: fromBase64url(id),
          index,
          wrapped: fromBase64url(key),
        })),
      })
      return { head: toBase64url(head) }
    })
    serve(getCaseFiles, ({ device, params }) =>
      casework.files(device, fromBase64url(params.case), Number(params.index)),
    )
    serve(listEpochCases, ({ device, params, query }) => {
      const after = query.after === undefined ? new Uint8Array(0) : fromBase64url(query.after)
      return casework.underEpoch(device, fromBase64url(params.epoch), after)
    })
    serve(getNotes, async ({ device }) => {
      const { version, sealed } = await casework.notes(device)
      return { version, sealed: sealed && Buffer.from(sealed).toString('base64url') }
    })
    serve(putNotes, ({ signer, device, body }) =>
      casework.keepNotes(signer, device, { version: body.version, sealed: bytesOf(body.sealed) }),
    )
  }
