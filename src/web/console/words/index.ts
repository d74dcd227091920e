import type { Language } from '../reading.ts'
import { english, type Words } from './en.ts'
import { korean } from './ko.ts'

export type { Words }

export const wordsIn = (language: Language): Words => (language === 'ko' ? korean : english)
