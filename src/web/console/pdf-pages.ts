// A PDF as pictures of its pages: from a worker that knows nothing else, and is ended when nobody looks any more.
import { buildInfo } from '../page/build-info.ts'
import { runScript, scriptPolicy } from '../page/run-script.ts'

export interface PdfOrder {
  readonly port: MessagePort
  readonly bytes: Uint8Array
}

export interface PdfPage {
  readonly number: number
  /** Pages of the whole file. */
  readonly of: number
  readonly bitmap: ImageBitmap
}

export type PdfAnswer =
  | ({ readonly kind: 'page' } & PdfPage)
  /** After the last page that is shown. */
  | { readonly kind: 'end' }
  /** A password opens it. */
  | { readonly kind: 'locked' }
  /** It is no PDF that could be read. */
  | { readonly kind: 'broken' }

export type PdfEnd = Exclude<PdfAnswer['kind'], 'page'> | 'not-loaded'

let loading: Promise<string> | null = null
let failures = 0

async function loadWorker(): Promise<string> {
  loading ??= load().catch((error: unknown) => {
    loading = null
    failures++
    throw error
  })
  return loading
}

/** Its code comes as text, by a script whose hash the page names: no browser checks the hash of a worker's address. */
async function load(): Promise<string> {
  const { pdf } = buildInfo()
  const code = pdf && (await runScript(pdf, failures))
  if (typeof code !== 'string') throw new Error('no worker came')
  return code
}

interface Watching {
  onPage(page: PdfPage): void
  onEnd(how: PdfEnd): void
}

/** Returns how to stop; nothing is told after that. */
export function readPdf(bytes: Uint8Array, { onPage, onEnd }: Watching): () => void {
  const { port1, port2 } = new MessageChannel()
  let worker: Worker | null = null
  let address = ''
  let isOver = false
  const stop = () => {
    isOver = true
    worker?.terminate()
    URL.revokeObjectURL(address)
    port1.close()
  }
  const end = (how: PdfEnd) => {
    if (isOver) return
    stop()
    onEnd(how)
  }
  port1.onmessage = ({ data }: MessageEvent<PdfAnswer>) => {
    if (data.kind !== 'page') end(data.kind)
    else if (isOver) data.bitmap.close()
    else onPage(data)
  }
  const start = (code: string) => {
    if (isOver) return
    address = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }))
    worker = new Worker(scriptPolicy().createScriptURL(address))
    worker.onerror = event => {
      event.preventDefault()
      end('broken')
    }
    const order: PdfOrder = { port: port2, bytes }
    worker.postMessage(order, [port2])
  }
  loadWorker().then(start, () => end('not-loaded'))
  return stop
}
