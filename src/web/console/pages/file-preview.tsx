// A stranger's file as pictures or as text. Nothing of it is ever an address, a document or a script of this page.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { PictureKind } from '../file-kind.ts'
import { Notice } from '../parts/elements.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { SHOWN_TEXT } from '../plain-text.ts'
import { isTooManyPixels, type Preview } from '../preview.ts'
import { PdfPreview } from './pdf-preview.tsx'

interface FilePreviewProps {
  readonly preview: Preview
  readonly number: number
}

export function FilePreview({ preview, number }: FilePreviewProps) {
  const { files } = useSpeech().words
  const box = useRef<HTMLElement>(null)
  useLayoutEffect(() => box.current?.focus(), [])
  return (
    <section ref={box} class="preview" aria-label={files.preview.of(number)} tabIndex={-1}>
      <Content preview={preview} number={number} />
    </section>
  )
}

function Content({ preview, number }: FilePreviewProps) {
  const { words } = useSpeech()
  const said = words.files.preview
  switch (preview.kind) {
    case 'picture':
      return <Picture picture={preview} number={number} />
    case 'text': {
      const { text, encoding, size } = preview
      return (
        <>
          <p class="help">
            {size === 0 ? said.emptyText : said.text[encoding]}
            {size > SHOWN_TEXT && ` ${said.textCut(roughSize(SHOWN_TEXT), roughSize(size))}`}
          </p>
          <div class="preview-text">
            <Untrusted text={text} label={said.of(number)} />
          </div>
        </>
      )
    }
    case 'pdf':
      return <PdfPreview bytes={preview.bytes} />
    case 'unknown':
      return <p>{said.unknown}</p>
    case 'too-many-pixels':
      return <p>{said.tooManyPixels}</p>
  }
}

const TYPES: Readonly<Record<PictureKind, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  bmp: 'image/bmp',
}

/** Pixels on the longer side; a canvas of more is refused by some browsers. */
const MAX_SIDE = 4096

interface PictureProps {
  readonly picture: Extract<Preview, { kind: 'picture' }>
  readonly number: number
}

function Picture({ picture, number }: PictureProps) {
  const { words, number: figure } = useSpeech()
  const said = words.files.preview
  const canvas = useRef<HTMLCanvasElement>(null)
  const [isBad, setBad] = useState(false)
  const { width, height, bytes, type } = picture
  useEffect(() => {
    let isLeft = false
    paint(bytes, TYPES[type], canvas.current, () => isLeft).catch(() => {
      if (!isLeft) setBad(true)
    })
    return () => {
      isLeft = true
    }
  }, [bytes, type])
  if (isBad) {
    return (
      <Notice tone="warn" urgent>
        <p>{said.notDecoded}</p>
      </Notice>
    )
  }
  const isSmaller = Math.max(width, height) > MAX_SIDE
  return (
    <>
      <p class="help">
        {said.pictureNote(figure(width), figure(height))} {isSmaller && said.smaller}
      </p>
      <canvas ref={canvas} role="img" aria-label={said.picture(number, figure(width), figure(height))} />
    </>
  )
}

async function paint(
  bytes: Uint8Array,
  type: string,
  canvas: HTMLCanvasElement | null,
  isLeft: () => boolean,
): Promise<void> {
  // With a type that is a raster picture's: whatever else the bytes may be is not tried.
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(bytes)], { type }))
  try {
    if (!canvas || isLeft()) return
    // The header may have said something else.
    if (isTooManyPixels(bitmap)) throw new Error('too many pixels')
    const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height))
    canvas.width = Math.max(1, Math.round(bitmap.width * scale))
    canvas.height = Math.max(1, Math.round(bitmap.height * scale))
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height)
  } finally {
    bitmap.close()
  }
}
