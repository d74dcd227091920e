// The language that was chosen, its words, and how it writes days, times and numbers.
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../reading.ts'
import { type Words, wordsIn } from '../words/index.ts'

export interface Speech {
  readonly language: Language
  readonly words: Words
  /** YYYY-MM-DD as people write it. */
  readonly day: (day: string) => string
  /** The same, short, for tables and rows. */
  readonly shortDay: (day: string) => string
  readonly time: (milliseconds: number) => string
  readonly number: (value: number) => string
}

export function speechIn(language: Language): Speech {
  const locale = language === 'ko' ? 'ko-KR' : 'en-GB'
  const days = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' })
  const times = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const numbers = new Intl.NumberFormat(locale)
  return {
    language,
    words: wordsIn(language),
    day: day => days.format(new Date(`${day}T00:00:00Z`)),
    shortDay: day => day.replaceAll('-', '.'),
    time: milliseconds => times.format(new Date(milliseconds)),
    number: value => numbers.format(value),
  }
}

export const SpeechContext = createContext<Speech>(speechIn('ko'))

export const useSpeech = (): Speech => useContext(SpeechContext)
