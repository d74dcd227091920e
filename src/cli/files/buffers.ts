import { setFlagsFromString } from 'node:v8'

/** Of the Node that is installed with this package. Others may not know the flag, and say so on the error stream. */
const V8_MAJOR = '13'

/**
 * V8 collects all garbage after every few mebibytes of buffers that come and go, however much memory there is; files
 * then cost more in garbage than in ciphers. So buffers count as the rest of the heap does, against its limit.
 */
export function countBuffersAsHeap(v8: string = process.versions.v8): void {
  if (v8.split('.')[0] === V8_MAJOR) setFlagsFromString('--external-memory-accounted-in-global-limit')
}
