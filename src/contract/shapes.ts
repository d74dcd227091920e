// JSON shapes that several routes share.
import { z } from 'zod'

// The last character of a base64url text without padding, where its spare bits are zero.
const LAST = ['', '', '[AQgw]', '[AEIMQUYcgkosw048]'] as const

const ALPHABET = /^[\w-]*$/

/** What Node has, though the portable build declares none of it. */
interface Platform {
  readonly Buffer?: {
    from(text: string, encoding: 'base64url'): { toString(encoding: 'base64url'): string }
  }
}
const { Buffer } = globalThis as unknown as Platform

/** Node reads and writes text faster than a pattern looks at it: what does not come back is not in the alphabet. */
function isInAlphabet(text: string): boolean {
  if (!Buffer) return ALPHABET.test(text)
  const end = text.length - (text.length % 4)
  const whole = text.slice(0, end)
  return Buffer.from(whole, 'base64url').toString('base64url') === whole && ALPHABET.test(text.slice(end))
}

/** base64url without padding of exactly `length` bytes, strict: each value has one spelling. */
export function binary(length: number) {
  const characters = Math.ceil((length * 4) / 3)
  const last = LAST[characters % 4] ?? ''
  const pattern = `^[A-Za-z0-9_-]{${last ? characters - 1 : characters}}${last}$`
  const end = new RegExp(`${last}$`)
  // A pattern that counts takes three times as long over a long text.
  return z
    .string()
    .refine(text => text.length === characters && isInAlphabet(text) && end.test(text))
    .meta({ pattern, description: `${length} bytes, base64url without padding` })
}

/** base64url without padding of any number of bytes up to `maximum`. */
export function binaryUpTo(maximum: number) {
  const pattern = new RegExp(`^(?:[A-Za-z0-9_-]{4})*(?:[A-Za-z0-9_-]${LAST[2]}|[A-Za-z0-9_-]{2}${LAST[3]})?$`)
  return z
    .string()
    .max(Math.ceil((maximum * 4) / 3))
    .regex(pattern)
    .describe(`up to ${maximum} bytes, base64url without padding`)
}

/** A signed note, as text. */
export const note = (maximum: number) => z.string().min(1).max(maximum).describe('A C2SP signed note')

export const agencyId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/)
  .describe('An agency’s id in the directory')

export const day = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/)
  .describe('A day in Seoul')

/** How a submission or status is brought to a length that says nothing. */
export const fill = (maximum: number) =>
  z
    .string()
    .max(maximum)
    .refine(isInAlphabet)
    .meta({ pattern: '^[A-Za-z0-9_-]*$', description: 'Chance, ignored' })
