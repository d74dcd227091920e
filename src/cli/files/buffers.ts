import { setFlagsFromString } from 'node:v8'

/**
 * V8 collects all garbage after every few mebibytes of buffers that come and go, however much memory there is; files
 * then cost more in garbage than in ciphers. So buffers count as the rest of the heap does, against its limit.
 */
export const countBuffersAsHeap = (): void =>
  setFlagsFromString('--external-memory-accounted-in-global-limit')
