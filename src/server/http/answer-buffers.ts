import type { ServerResponse } from 'node:http'

/** Of one length: more are made when more answers are under way, and let go again. */
const KEPT = 64

/**
 * Buffers that are used again once their answer has gone out: making and freeing one costs more than filling it.
 * Whoever takes one fills all of it at once and sends it, with nothing awaited in between.
 */
export function createAnswerBuffers(length: number): (response: ServerResponse) => Buffer {
  const free: Buffer[] = []
  return response => {
    const buffer = free.pop() ?? Buffer.allocUnsafeSlow(length)
    // With the answer whole in the hands of the system, or the connection gone.
    response.once('close', () => {
      if (free.length < KEPT) free.push(buffer)
    })
    return buffer
  }
}
