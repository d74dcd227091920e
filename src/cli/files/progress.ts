// How far something long is: a line that is drawn over and over on a terminal, and nothing anywhere else.
import type { Output } from '../output.ts'
import type { Words } from '../words/index.ts'
import { sizeText } from './size.ts'

const DRAW_EVERY_MS = 100
/** What is done sooner needs no line. */
const DRAW_AFTER_MS = 300
/** Milliseconds that a rate looks back. */
const LOOK_BACK_MS = 15_000
const SOONEST_RATE_MS = 1_000
const WIDEST_BAR = 40
const NARROWEST_BAR = 8
const WIDEST_RATE = '1023 MiB/s'.length

export interface Progress {
  /** Bytes of all that there are. */
  at(done: number): void
  end(): void
}

export interface HowFar {
  readonly title: string
  readonly done: number
  readonly total: number
  /** Bytes a second; null while it is not known. */
  readonly rate: number | null
}

export function showProgress(
  { progress, words }: Pick<Output, 'progress' | 'words'>,
  title: string,
  total: number,
  now: () => number = Date.now,
): Progress {
  if (!progress) return { at: () => undefined, end: () => undefined }
  const rateOf = createRate()
  let drawn = now() + DRAW_AFTER_MS - DRAW_EVERY_MS
  return {
    at: done => {
      const time = now()
      const rate = rateOf(done, time)
      if (time - drawn < DRAW_EVERY_MS) return
      drawn = time
      progress(progressLine({ title, done, total, rate }, words, process.stderr.columns ?? 80))
    },
    end: () => progress(null),
  }
}

/** Over the last seconds only: what came before a pause says nothing of what is left. */
export function createRate(): (done: number, time: number) => number | null {
  let seen: readonly { done: number; time: number }[] = []
  return (done, time) => {
    const recent = seen.filter((sample, i) => i === seen.length - 1 || time - sample.time <= LOOK_BACK_MS)
    const [first] = recent
    const last = recent.at(-1)
    seen = last && time - last.time < DRAW_EVERY_MS ? recent : [...recent, { done, time }]
    if (!first || time - first.time < SOONEST_RATE_MS || done < first.done) return null
    return ((done - first.done) * 1000) / (time - first.time)
  }
}

/** Fits the columns; the bar, then the last parts give way. */
export function progressLine({ title, done, total, rate }: HowFar, words: Words, columns: number): string {
  const share = total === 0 ? 1 : Math.min(1, done / total)
  const head = `${title} ${`${Math.floor(share * 100)}%`.padStart(4)}`
  const whole = sizeText(total)
  // Each in its own columns from the beginning: nothing jumps when a number grows or becomes known.
  const tail = [
    words.files.amount(sizeText(done).padStart(whole.length), whole),
    (rate === null ? '' : `${sizeText(rate)}/s`).padStart(WIDEST_RATE),
    rate
      ? words.files.timeLeft(clockOf((total - done) / rate))
      : ' '.repeat(widthOf(words.files.timeLeft('0:00'))),
  ]
  // The last column stays free: some terminals begin a new line there.
  const room = columns - 1
  for (; ; tail.pop()) {
    const line = [head, ...tail].join('  ')
    const bar = Math.min(WIDEST_BAR, room - widthOf(line) - 4)
    if (bar >= NARROWEST_BAR) return [head, barOf(share, bar), ...tail].join('  ')
    if (widthOf(line) <= room || tail.length === 0) return line.trimEnd()
  }
}

function barOf(share: number, width: number): string {
  const full = Math.floor(share * width)
  return `[${'#'.repeat(full)}${'-'.repeat(width - full)}]`
}

/** 0:09, 12:34, 1:02:03. */
function clockOf(seconds: number): string {
  const whole = Math.ceil(seconds)
  const two = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)]
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`
}

const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/g

/** Columns on a terminal: of the words that we say, Hangul takes two each. */
export const widthOf = (text: string): number => text.length + (text.match(WIDE)?.length ?? 0)
