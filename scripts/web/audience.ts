// Whom a page is for. Both are built alike, each from its own folder, and neither knows the other.
import { join } from 'node:path'
import { ROOT } from './inputs.ts'

export interface Audience {
  readonly name: 'report' | 'console'
  /** The same page as one file that opens from disk; null: there is none. */
  readonly singleFile: string | null
  /** Whether it has what turns a PDF into pictures, and may start a worker for it. */
  readonly showsPdf: boolean
}

/** Whoever has something to report. */
export const REPORT: Audience = { name: 'report', singleFile: 'bongsu-report.html', showsPdf: false }
/** The agencies' investigators. */
export const CONSOLE: Audience = { name: 'console', singleFile: null, showsPdf: true }

export const AUDIENCES = [REPORT, CONSOLE] as const

export const sourceFolder = ({ name }: Audience): string => join(ROOT, 'src/web', name)
export const builtFolder = ({ name }: Audience): string => join(ROOT, 'dist/web', name)
