// From the answers to a signed receipt: what is being done, what went wrong, and what can be done about it.
import type { Connection } from './connection.ts'
import type { CallStep, PreparedReport, ReportContent, Submitted } from './engine.ts'
import type { Engine } from './load-engine.ts'
import type { Uploading, UploadOutcome, UploadView } from './uploading.ts'

/** `files` only where there are any. */
export type SendingStep = 'prepare' | 'files' | 'seal' | 'work' | 'send'

/** Files that are not there yet, and never without a way on. */
export type FilesTrouble = Exclude<UploadOutcome, { readonly kind: 'ready' | 'stopped' }>

export type Sending =
  | { readonly kind: 'under-way'; readonly step: SendingStep; readonly waiting: boolean }
  | { readonly kind: 'files'; readonly trouble: FilesTrouble }
  /** It may have arrived: the same sealed bytes can go again. */
  | { readonly kind: 'maybe' | 'unproven' | 'busy'; readonly prepared: PreparedReport }
  /** It did not arrive this time, and these bytes never will. */
  | { readonly kind: 'too-long' }
  | { readonly kind: 'refused'; readonly areFilesGone: boolean; readonly prepared: PreparedReport | null }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'sent'; readonly prepared: PreparedReport; readonly submitted: Submitted }

export interface Outgoing {
  readonly content: ReportContent
  readonly agencies: readonly string[]
  readonly urgent: boolean
}

export interface Watching {
  readonly signal: AbortSignal
  readonly onStep: (step: SendingStep, waiting: boolean) => void
  readonly onUpload: (view: UploadView) => void
}

// Long enough that the step is on the screen before cryptography takes the thread.
const painted = () => new Promise(resolve => setTimeout(resolve, 40))

/** The report is sealed once its files are there as a whole, and not before: nothing names half of them. */
export async function sealAndSend(
  connection: Connection,
  outgoing: Outgoing,
  uploading: Uploading,
  watching: Watching,
): Promise<Sending> {
  const { engine, trust } = connection
  try {
    watching.onStep('prepare', false)
    await painted()
    if (uploading.chosen.length > 0) watching.onStep('files', false)
    const uploaded = await uploading.run(watching.onUpload)
    if (uploaded.kind === 'stopped') return { kind: 'stopped' }
    if (uploaded.kind !== 'ready') return { kind: 'files', trouble: uploaded }
    watching.onStep('seal', false)
    await painted()
    const prepared = await engine.prepareReport(trust, { ...outgoing, files: uploaded.files })
    if (watching.signal.aborted) return { kind: 'stopped' }
    return await sendSealed(connection, prepared, watching)
  } catch (error) {
    const tooLong = error instanceof engine.ProtocolError && error.code === 'too-long'
    return tooLong ? { kind: 'too-long' } : { kind: 'refused', areFilesGone: false, prepared: null }
  }
}

/** The same bytes, as often as it takes: the service gives the receipt of the first that arrived. */
export async function sendSealed(
  { engine, service, trust }: Connection,
  prepared: PreparedReport,
  { signal, onStep }: Watching,
): Promise<Sending> {
  let waiting = false
  const tell = (step: CallStep) => {
    waiting ||= step === 'waiting'
    onStep(step === 'exchange' || step === 'waiting' ? 'send' : 'work', waiting)
  }
  try {
    tell('work')
    await painted()
    const submitted = await engine.submitReport(service, trust, prepared, signal, tell)
    return { kind: 'sent', prepared, submitted }
  } catch (error) {
    return signal.aborted ? { kind: 'stopped' } : failed(engine, prepared, error)
  }
}

function failed(engine: Engine, prepared: PreparedReport, error: unknown): Sending {
  if (error instanceof engine.VerificationFailed) return { kind: 'unproven', prepared }
  if (!(error instanceof engine.RequestProblem)) return { kind: 'maybe', prepared }
  if (error.kind === 'too-many-requests' || error.kind === 'unavailable') return { kind: 'busy', prepared }
  // Something in front of the service may refuse what the service has: only its own refusals are certain.
  const certain = error.status < 500 && error.kind !== 'unrecognised'
  const areFilesGone = error.kind === 'files-incomplete'
  return certain ? { kind: 'refused', areFilesGone, prepared } : { kind: 'maybe', prepared }
}
