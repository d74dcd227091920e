// tus 1.0 (https://tus.io/protocols/resumable-upload): what all its routes have in common.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { TUS_CHECKSUMS, TUS_EXTENSIONS, TUS_VERSION } from '../../contract/files.ts'
import { Problem } from '../../contract/problems.ts'

/** What the answer to OPTIONS says of the service, beside the version. */
export const tusOffer = (maxLength: number): Readonly<Record<string, string>> => ({
  'tus-version': TUS_VERSION,
  'tus-extension': TUS_EXTENSIONS,
  'tus-checksum-algorithm': TUS_CHECKSUMS,
  'tus-max-size': String(maxLength),
})

/** In every answer, refusals too. */
export function addTusFields(reply: FastifyReply, maxLength: number): void {
  reply
    .header('tus-resumable', TUS_VERSION)
    .header('tus-version', TUS_VERSION)
    .header('tus-max-size', String(maxLength))
}

/** Throws `tus-version` where the client does not say that it speaks this one. */
export function requireTus({ headers }: FastifyRequest): void {
  if (headers['tus-resumable'] !== TUS_VERSION) throw new Problem('tus-version')
}
