// Parts of uploads, read into buffers that are used again: to make and collect a mebibyte takes longer than to read it.
import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Problem } from '../../contract/problems.ts'
import { PART_SIZE } from '../../protocol/blob.ts'
import { giveBack } from '../memory.ts'
import { readPieces } from './pieces.ts'

/** More are made when more parts arrive at once, and let go again. */
const KEPT = 8
const NO_CONTENT = 204

/** Bodies of `type`; hashed while they come. */
export function addPartParser(app: FastifyInstance, type: string, admit: (request: FastifyRequest) => void) {
  const free: Buffer[] = []
  const taken = new WeakMap<FastifyRequest, Buffer>()
  app.addContentTypeParser(type, async (request: FastifyRequest, payload: IncomingMessage) => {
    admit(request)
    if (Number(request.headers['content-length']) > PART_SIZE) throw new Problem('payload-too-large')
    const buffer = free.pop() ?? Buffer.allocUnsafeSlow(PART_SIZE)
    taken.set(request, buffer)
    let length = 0
    request.contentHash = await readPieces(payload, PART_SIZE, piece => {
      length += piece.copy(buffer, length)
      giveBack(piece)
    })
    return buffer.subarray(0, length)
  })
  app.addHook('onResponse', async (request, reply) => {
    const buffer = taken.get(request)
    taken.delete(request)
    // Kept: nobody reads it any more. After a failure somebody might, a connection to PostgreSQL that hangs for one.
    if (buffer && reply.statusCode === NO_CONTENT && free.length < KEPT) free.push(buffer)
  })
}
