// Verifies signatures on a thread of its own. Answers each list of `bundle`s with a list of verdicts.
import { parentPort } from 'node:worker_threads'
import { cryptoReady, verifySignature } from '../../protocol/crypto.ts'
import { unbundle } from './signatures.ts'

await cryptoReady
parentPort?.on('message', (bundles: readonly Uint8Array[]) => {
  parentPort?.postMessage(
    bundles.map(bundle => {
      const { key, signature, message } = unbundle(bundle)
      return verifySignature(key, message, signature)
    }),
  )
})
parentPort?.postMessage('ready')
