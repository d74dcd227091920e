// From the answers to a signed receipt: what is being done, what went wrong, and what can be done about it.
import type { Connection } from './connection.ts'
import type { CallStep, PreparedReport, ReportContent, Submitted } from './engine.ts'
import type { Engine } from './load-engine.ts'

export type SendingStep = 'prepare' | 'seal' | 'work' | 'send'

export type Sending =
  | { readonly kind: 'under-way'; readonly step: SendingStep; readonly waiting: boolean }
  /** It may have arrived: the same sealed bytes can go again. */
  | { readonly kind: 'maybe' | 'unproven' | 'busy'; readonly prepared: PreparedReport }
  /** It did not arrive, and these bytes never will. */
  | { readonly kind: 'refused' | 'too-long' }
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
}

// Long enough that the step is on the screen before cryptography takes the thread.
const painted = () => new Promise(resolve => setTimeout(resolve, 40))

export async function sealAndSend(
  connection: Connection,
  outgoing: Outgoing,
  watching: Watching,
): Promise<Sending> {
  const { engine, trust } = connection
  try {
    watching.onStep('prepare', false)
    await painted()
    watching.onStep('seal', false)
    await painted()
    const prepared = await engine.prepareReport(trust, outgoing)
    if (watching.signal.aborted) return { kind: 'stopped' }
    return await sendSealed(connection, prepared, watching)
  } catch (error) {
    const tooLong = error instanceof engine.ProtocolError && error.code === 'too-long'
    return { kind: tooLong ? 'too-long' : 'refused' }
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
  return certain ? { kind: 'refused' } : { kind: 'maybe', prepared }
}
