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
}

export function speechIn(language: Language): Speech {
  const days = new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    dateStyle: 'long',
    timeZone: 'UTC',
  })
  const numbers = new Intl.NumberFormat(language)
  return {
    language,
    words: wordsIn(language),
    day: day => days.format(new Date(`${day}T00:00:00Z`)),
    number: value => numbers.format(value),
  }
}

export const SpeechContext = createContext<Speech>(speechIn('ko'))

export const useSpeech = (): Speech => useContext(SpeechContext)
