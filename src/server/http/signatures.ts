// Where signatures of requests are verified: here while there is little to do, on threads of their own once there
// is more. The verdict is libsodium's either way.
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { verifySignature } from '../../protocol/crypto.ts'
import { dec, enc } from '../../protocol/encoding.ts'

/** Verifications in a second from which on threads are worth their memory. */
const BUSY = 100
const MAX_THREADS = 4
/** In one message to a thread: enough to make it cheap, few enough to share. */
const MAX_TASKS = 16

export interface SignatureVerifier {
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>
  /** Threads that are ready to verify. */
  threads(): number
  stop(): Promise<void>
}

interface Task {
  readonly publicKey: Uint8Array
  readonly message: Uint8Array
  readonly signature: Uint8Array
  readonly resolve: (isValid: boolean) => void
}

const TAG = 'signatures'

/** All in one array, which goes to the thread without being copied again. */
const pack = (tasks: readonly Task[]): Uint8Array =>
  enc(TAG, ...tasks.flatMap(({ publicKey, message, signature }) => [publicKey, message, signature]))

/** In the thread: a verdict for each, 1 or 0. */
export function verifyPacked(packed: Uint8Array): Uint8Array {
  const fields = dec(TAG, packed)
  return Uint8Array.from({ length: fields.length / 3 }, (_, i) => {
    const [publicKey, message, signature] = fields.slice(i * 3, i * 3 + 3)
    return publicKey && message && signature && verifySignature(publicKey, message, signature) ? 1 : 0
  })
}

function verifyHere({ publicKey, message, signature, resolve }: Task): void {
  resolve(verifySignature(publicKey, message, signature))
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
      if (waiting.length > 0 && thread.isIdle()) thread.give(waiting.splice(0, MAX_TASKS))
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
      if (!stopped && threads.length === 0 && isBusy()) startThreads()
      if (ready() === 0) {
        return Promise.resolve(verifySignature(publicKey, message, signature))
      }
      return new Promise(resolve => {
        waiting.push({ publicKey, message, signature, resolve })
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
  worker.on('message', (verdicts: Uint8Array | 'ready') => {
    if (verdicts !== 'ready') for (const [i, task] of tasks.entries()) task.resolve(verdicts[i] === 1)
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
      const packed = pack(next)
      worker.postMessage(packed, [packed.buffer as ArrayBuffer])
    },
    stop: () => worker.terminate(),
  }
}
