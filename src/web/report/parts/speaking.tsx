// The language that was chosen, its words, and how it writes days and numbers.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../answers.ts'
import { type Words, wordsIn } from '../words/index.ts'

export interface Speech {
  readonly language: Language
  readonly words: Words
  /** YYYY-MM-DD as people write it. */
  readonly day: (day: string) => string
  readonly number: (value: number) => string
  /** Bytes as file managers write them. */
  readonly size: (bytes: number) => string
}

const UNITS = ['KB', 'MB', 'GB'] as const

export function speechIn(language: Language): Speech {
  const days = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  const numbers = new Intl.NumberFormat(language)
  const sizes = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 })
  return {
    language,
    words: wordsIn(language),
    day: day => days.format(new Date(`${day}T00:00:00Z`)),
    number: value => numbers.format(value),
    size: bytes => {
      if (bytes < 1024) return `${numbers.format(bytes)} B`
      const step = UNITS.findIndex((_, i) => bytes < 999.5 * 1024 ** (i + 1))
      const at = step < 0 ? UNITS.length - 1 : step
      return `${sizes.format(bytes / 1024 ** (at + 1))} ${UNITS[at]}`
    },
  }
}

export const SpeechContext = createContext<Speech>(speechIn('ko'))

export const useSpeech = (): Speech => useContext(SpeechContext)
