import { createHash } from 'node:crypto'
import {
  createReplyUpload,
  createUpload,
  deleteReplyFiles,
  deleteUpload,
  getReplyFiles,
  headUpload,
  patchUpload,
  postReplyFiles,
  uploadPath,
} from '../../contract/files.ts'
import { Problem } from '../../contract/problems.ts'
import { fromBase64url, toBase64 } from '../../protocol/encoding.ts'
import type { Serve } from '../http/serve.ts'
import type { Files } from './service.ts'
import type { BlobRow } from './store.ts'

const created = ({ upload, expires }: { upload: string; expires: Date }) => ({
  fields: { location: uploadPath(upload), 'upload-expires': expires.toUTCString() },
})

/** In the form of `claimed`, and by its algorithm. */
function checksumOf(claimed: string, body: Uint8Array, contentHash: Uint8Array): string {
  if (claimed.startsWith('sha256 ')) return `sha256 ${toBase64(contentHash)}`
  return `sha1 ${createHash('sha1').update(body).digest('base64')}`
}

/** Where a part goes is known by its address: on both listeners. */
export const uploadRoutes =
  (files: Files) =>
  (serve: Serve): void => {
    serve(headUpload, async ({ params }) => {
      const { offset, length, expires } = await files.look(params.upload)
      const fields = {
        'upload-offset': String(offset),
        'upload-length': String(length),
        'upload-expires': expires.toUTCString(),
      }
      return { fields }
    })
    serve(
      patchUpload,
      async ({ params, fields, body, contentHash }, blob: BlobRow) => {
        const { 'upload-checksum': checksum, 'upload-offset': offset } = fields
        if (checksum !== undefined && checksum !== checksumOf(checksum, body, contentHash))
          throw new Problem('checksum-mismatch')
        const part = { offset: Number(offset), hash: contentHash, bytes: body }
        const after = await files.append(params.upload, blob, part)
        return {
          fields: { 'upload-offset': String(after.offset), 'upload-expires': after.expires.toUTCString() },
        }
      },
      ({ params, fields }) => files.admit(params.upload, Number(fields['upload-offset'])),
    )
    serve(deleteUpload, ({ params }) => files.terminate(params.upload))
  }

export const reporterFileRoutes =
  (files: Files) =>
  (serve: Serve): void => {
    serve(createUpload, async ({ signer, work, fields }) =>
      created(await files.createForMessage(signer, work, Number(fields['upload-length']))),
    )
    serve(getReplyFiles, ({ signer }) => files.ofReader(signer))
    serve(deleteReplyFiles, ({ signer }) => files.deleteOfReader(signer))
  }

export const agencyFileRoutes =
  (files: Files) =>
  (serve: Serve): void => {
    serve(createReplyUpload, async ({ signer, device, fields }) =>
      created(await files.createForReply(signer, device, Number(fields['upload-length']))),
    )
    serve(postReplyFiles, ({ signer, device, body }) =>
      files.keepForReader(signer, device, {
        upload: body.upload,
        root: fromBase64url(body.root),
        partCount: body.parts,
        reader: fromBase64url(body.reader),
      }),
    )
  }
