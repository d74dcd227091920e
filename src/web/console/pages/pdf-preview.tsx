// The first pages of a PDF, one canvas each, as they are drawn.
import { useEffect, useRef, useState } from 'preact/hooks'
import { Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { type PdfEnd, type PdfPage, readPdf } from '../pdf-pages.ts'

export function PdfPreview({ bytes }: { readonly bytes: Uint8Array }) {
  const { preview } = useSpeech().words.files
  const [pages, setPages] = useState<readonly PdfPage[]>([])
  const [ended, setEnded] = useState<PdfEnd | null>(null)
  useEffect(() => {
    setPages([])
    setEnded(null)
    return readPdf(bytes, { onPage: page => setPages(before => [...before, page]), onEnd: setEnded })
  }, [bytes])
  const [first] = pages
  return (
    <>
      <p class="help">{preview.pdfNote}</p>
      <p class="help" role="status">
        {ended === null
          ? preview.pdfReading
          : ended === 'end' && preview.pdfShown(pages.length, first?.of ?? 0)}
      </p>
      {pages.map(page => (
        <Page key={page.number} page={page} />
      ))}
      {ended !== null && ended !== 'end' && (
        <Notice tone="warn" urgent>
          <p>{preview.pdf[ended]}</p>
        </Notice>
      )}
    </>
  )
}

function Page({ page: { number, of, bitmap } }: { readonly page: PdfPage }) {
  const { preview } = useSpeech().words.files
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const { current } = canvas
    if (!current) return
    current.width = bitmap.width
    current.height = bitmap.height
    current.getContext('2d')?.drawImage(bitmap, 0, 0)
    bitmap.close()
  }, [bitmap])
  return <canvas ref={canvas} role="img" aria-label={preview.pdfPage(number, of)} />
}
