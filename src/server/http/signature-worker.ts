// Verifies signatures on a thread of its own.
import { parentPort } from 'node:worker_threads'
import { cryptoReady } from '../../protocol/crypto.ts'
import { verifyPacked } from './signatures.ts'

await cryptoReady
parentPort?.on('message', (packed: Uint8Array) => {
  parentPort?.postMessage(verifyPacked(packed))
})
parentPort?.postMessage('ready')
