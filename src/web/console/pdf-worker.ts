// Runs in a worker of its own: a PDF's bytes in, pictures of its pages out. docs/decisions/0028 says what it may not.
import './pdf-alone.ts'
import {
  getDocument,
  PasswordException,
  type PDFDocumentProxy,
  VerbosityLevel,
} from 'pdfjs-dist/legacy/build/pdf.mjs'
// Sets what pdf.js looks for before it would begin a worker of its own.
import 'pdfjs-dist/legacy/build/pdf.worker.mjs'
import { bundledData } from './pdf-data.ts'
import type { PdfAnswer, PdfOrder } from './pdf-pages.ts'

const MAX_PAGES = 20
/** Of a page; wider ones become narrower, and long ones too. */
const PAGE_WIDTH = 1100
const MAX_PAGE_PIXELS = 4_000_000
/** Of a picture in a page, decoded; larger ones are left out. */
const MAX_PICTURE_PIXELS = 64_000_000

class Canvases {
  create(width: number, height: number) {
    const canvas = new OffscreenCanvas(Math.max(1, width), Math.max(1, height))
    return { canvas, context: canvas.getContext('2d', { willReadFrequently: true }) }
  }
  getNoAlphaContext(canvas: OffscreenCanvas) {
    return canvas.getContext('2d', { alpha: false, willReadFrequently: true })
  }
  reset({ canvas }: { canvas: OffscreenCanvas }, width: number, height: number): void {
    canvas.width = width
    canvas.height = height
  }
  destroy(made: { canvas: OffscreenCanvas | null; context: unknown }): void {
    if (made.canvas) made.canvas.width = made.canvas.height = 0
    made.canvas = null
    made.context = null
  }
}

/** pdf.js makes filters as SVG in a document, which a worker does not have. */
class Filters {
  addFilter = () => 'none'
  addHCMFilter = this.addFilter
  addAlphaFilter = this.addFilter
  addLuminosityFilter = this.addFilter
  addKnockoutFilter = this.addFilter
  addHighlightHCMFilter = this.addFilter
  addSelectionHCMFilter = this.addFilter
  addSelectionFilter = this.addFilter
  createSelectionStyle = () => null
  destroy(): void {}
}

/** What pdf.js would fetch. */
class Bundled {
  async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
    const bytes = bundledData.get(filename)
    if (!bytes) throw new Error('not bundled')
    return bytes.slice()
  }
}

const open = (data: Uint8Array) =>
  getDocument({
    data,
    verbosity: VerbosityLevel.ERRORS,
    CanvasFactory: Canvases,
    FilterFactory: Filters,
    BinaryDataFactory: Bundled,
    // Names of folders that are not there: `Bundled` looks at the file's name only.
    cMapUrl: 'cmaps/',
    wasmUrl: 'wasm/',
    standardFontDataUrl: 'fonts/',
    useWorkerFetch: false,
    // Fonts of the file are drawn as outlines, and pictures decoded here: neither reaches the browser's own parsers.
    disableFontFace: true,
    useSystemFonts: true,
    isImageDecoderSupported: false,
    enableXfa: false,
    disableWorkerRendering: true,
    maxImageSize: MAX_PICTURE_PIXELS,
  })

async function pages(document: PDFDocumentProxy, tell: (answer: PdfAnswer, moved?: Transferable[]) => void) {
  const count = Math.min(document.numPages, MAX_PAGES)
  for (let number = 1; number <= count; number++) {
    const page = await document.getPage(number)
    const natural = page.getViewport({ scale: 1 })
    const scale = Math.min(
      PAGE_WIDTH / natural.width,
      Math.sqrt(MAX_PAGE_PIXELS / (natural.width * natural.height)),
    )
    const viewport = page.getViewport({ scale })
    const canvas = new OffscreenCanvas(Math.ceil(viewport.width), Math.ceil(viewport.height))
    await page.render({ canvas, viewport, annotationMode: 0, background: 'white' } as never).promise
    const bitmap = canvas.transferToImageBitmap()
    tell({ kind: 'page', number, of: document.numPages, bitmap }, [bitmap])
    page.cleanup()
  }
  tell({ kind: 'end' })
}

addEventListener('message', ({ data }: MessageEvent<PdfOrder>) => {
  // pdf.js listens here, too, and has messages of its own.
  if (!(data?.port instanceof MessagePort)) return
  const { port, bytes } = data
  const tell = (answer: PdfAnswer, moved: Transferable[] = []) => port.postMessage(answer, moved)
  open(bytes)
    .promise.then(document => pages(document, tell))
    .catch((error: unknown) => tell({ kind: error instanceof PasswordException ? 'locked' : 'broken' }))
})
