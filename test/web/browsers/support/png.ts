// Colours in a picture of the screen: what a canvas gives back is not to be trusted where a browser resists fingerprints.
import { inflateSync } from 'node:zlib'

export type Rgb = readonly [r: number, g: number, b: number]

export interface Pixels {
  readonly width: number
  readonly height: number
  at(x: number, y: number): Rgb
}

/** Of eight bits a channel, in colour, not interlaced: as browsers write them. */
export function readPng(png: Buffer): Pixels {
  const data: Buffer[] = []
  for (let at = 8; at < png.length; at += png.readUInt32BE(at) + 12) {
    const length = png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') data.push(png.subarray(at + 8, at + 8 + length))
  }
  const [width, height, type] = [png.readUInt32BE(16), png.readUInt32BE(20), png[25]]
  const step = type === 6 ? 4 : 3
  if (png[24] !== 8 || (type !== 2 && type !== 6) || png[28] !== 0) throw new Error('another kind of PNG')
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * step, height, step)
  const at = (x: number, y: number): Rgb => {
    const from = (Math.floor(y) * width + Math.floor(x)) * step
    const [r = -1, g = -1, b = -1] = bytes.subarray(from, from + 3)
    return [r, g, b]
  }
  return { width, height, at }
}

function unfiltered(raw: Buffer, stride: number, height: number, step: number): Buffer {
  const out = Buffer.alloc(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)]
    for (let i = 0; i < stride; i++) {
      const at = row * stride + i
      const left = i >= step ? (out[at - step] ?? 0) : 0
      const up = row > 0 ? (out[at - stride] ?? 0) : 0
      const corner = i >= step && row > 0 ? (out[at - stride - step] ?? 0) : 0
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter ?? 0] ?? 0
      out[at] = (raw[row * (stride + 1) + 1 + i] ?? 0) + guess
    }
  }
  return out
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)]
  if (a <= b && a <= c) return left
  return b <= c ? up : corner
}
