// Where signatures of requests are verified: here while there is little to do, on threads of their own once there
// is more. The verdict is libsodium's either way.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { verifySignature } from '../../protocol/crypto.ts'
import { concat } from '../../protocol/encoding.ts'

const KEY = 32
const SIGNATURE = 64
/** Verifications in a second from which on threads are worth their memory. */
const BUSY = 100
const MAX_THREADS = 4
/** Bundles in one message to a thread: enough to make the message cheap, few enough to share. */
const MAX_BUNDLES = 16

export interface SignatureVerifier {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Threads that are ready to verify. */
  threads(): number
  stop(): Promise<void>
}

interface Task {
  readonly bundle: Uint8Array
  readonly resolve: (isValid: boolean) => void
}

/** One array for a verification: it is copied to the thread whole, not with the pool that Node cut its parts from. */
const bundle = (key: Uint8Array, message: Uint8Array, signature: Uint8Array) =>
  concat(key, signature, message)

export const unbundle = (bytes: Uint8Array) => ({
  key: bytes.subarray(0, KEY),
  signature: bytes.subarray(KEY, KEY + SIGNATURE),
  message: bytes.subarray(KEY + SIGNATURE),
})

function verifyHere({ bundle, resolve }: Task): void {
  const { key, message, signature } = unbundle(bundle)
  resolve(verifySignature(key, message, signature))
}

export function createSignatureVerifier(now: () => number): SignatureVerifier {
  const waiting: Task[] = []
  const threads: Thread[] = []
  const isBusy = createBusy(now)
  let stopped = false

  let isScheduled = false
  const share = () => {
    isScheduled = false
    for (const thread of threads) {
      if (waiting.length > 0 && thread.isIdle()) thread.give(waiting.splice(0, MAX_BUNDLES))
    }
  }
  const ready = () => threads.filter(thread => thread.isReady()).length
  const startThreads = () => {
    const count = Math.max(1, Math.min(MAX_THREADS, availableParallelism() - 1))
    while (threads.length < count) {
      threads.push(
        startThread(share, () => {
          if (threads.every(other => other.isGone())) for (const task of waiting.splice(0)) verifyHere(task)
        }),
      )
    }
  }
  return {
    verify(publicKey, message, signature) {
      // Lengths are settled here, so that a bundle comes apart as it was put together.
      if (publicKey.length !== KEY || signature.length !== SIGNATURE) return Promise.resolve(false)
      if (!stopped && threads.length === 0 && isBusy()) startThreads()
      if (ready() === 0) {
        return Promise.resolve(verifySignature(publicKey, message, signature))
      }
      return new Promise(resolve => {
        waiting.push({ bundle: bundle(publicKey, message, signature), resolve })
        // Together with this turn's other requests: a message to a thread costs as much for many as for one.
        if (!isScheduled) setImmediate(share)
        isScheduled = true
      })
    },
    threads: ready,
    async stop() {
      stopped = true
      await Promise.all(threads.map(thread => thread.stop()))
    },
  }
}

/** Whether this second has seen many calls. */
function createBusy(now: () => number): () => boolean {
  let second = 0
  let calls = 0
  return () => {
    const current = Math.floor(now() / 1000)
    if (current !== second) calls = 0
    second = current
    calls += 1
    return calls > BUSY
  }
}

type Thread = ReturnType<typeof startThread>

function startThread(onIdle: () => void, onGone: () => void) {
  const worker = new Worker(new URL('./signature-worker.ts', import.meta.url))
  // Nothing waits for a thread that has nothing to do.
  worker.unref()
  let state: 'starting' | 'idle' | 'working' | 'gone' = 'starting'
  let tasks: readonly Task[] = []
  worker.on('message', (verdicts: readonly boolean[] | 'ready') => {
    if (verdicts !== 'ready') for (const [i, task] of tasks.entries()) task.resolve(verdicts[i] === true)
    tasks = []
    state = 'idle'
    onIdle()
  })
  const end = () => {
    state = 'gone'
    for (const task of tasks) verifyHere(task)
    tasks = []
    onGone()
  }
  worker.on('error', end).on('exit', end)
  return {
    isIdle: () => state === 'idle',
    isReady: () => state === 'idle' || state === 'working',
    isGone: () => state === 'gone',
    give(next: readonly Task[]) {
      state = 'working'
      tasks = next
      worker.postMessage(next.map(task => task.bundle))
    },
    stop: () => worker.terminate(),
  }
}
