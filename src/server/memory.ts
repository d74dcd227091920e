// Buffers lie outside V8's heap, and whenever some mebibytes of them are waiting to be collected it collects everything.
import { randomFillSync } from 'node:crypto'
import { setFlagsFromString } from 'node:v8'

/** Of the Node that is installed with this package. Others may not know the flag, and say so on the error stream. */
const V8_MAJOR = '13'

/** Buffers count as the rest of the heap does, against its limit: what moves files costs less in garbage than in ciphers. */
export function countBuffersAsHeap(v8: string = process.versions.v8): void {
  if (v8.split('.')[0] === V8_MAJOR) setFlagsFromString('--external-memory-accounted-in-global-limit')
}

/** Of a buffer that nobody reads any more: its memory is free at once. What is a part of a larger one stays. */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0)
}

const CHANCE = Buffer.allocUnsafeSlow(4096)
let given = CHANCE.length

/** Random bytes for what is no secret, ids and nonces: asking the system for so few takes longer than all else with them. */
export function someChance(length: number): Uint8Array {
  if (given + length > CHANCE.length) {
    randomFillSync(CHANCE)
    given = 0
  }
  given += length
  return Uint8Array.from(CHANCE.subarray(given - length, given))
}
