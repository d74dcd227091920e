// What can be wrong with a file on its way, as a page needs to know it.
import { InvalidInput, ProtocolError, RequestProblem, VerificationFailed } from '../../client/index.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

export type FileTrouble =
  | ServiceTrouble
  /** What came is not the file that the message lists: it is not to be used, and nothing of it was kept. */
  | 'unverified'
  /** Withdrawn or deleted meanwhile. */
  | 'gone'
  /** This device could not write it. */
  | 'disk'
  /** A chosen file cannot be read, or is not what it was when it was chosen. */
  | 'changed'
  /** More than a message may have, here or at this service. */
  | 'too-large'
  /** Their names leave no room for a text. */
  | 'names-too-long'
  /** The service has no room for files now. */
  | 'storage-full'

/** Failures of writing, kept apart from those of reading. */
export class DiskFailed extends Error {
  constructor(cause: unknown) {
    super('the file could not be written', { cause })
    this.name = 'DiskFailed'
  }
}

/** Of files and the text that they go with. */
export class NamesTooLong extends Error {}

export function fileTrouble(error: unknown): FileTrouble {
  if (error instanceof DiskFailed) return 'disk'
  if (error instanceof NamesTooLong) return 'names-too-long'
  // Browsers say so of a file that was changed, moved or taken out since it was chosen.
  if (error instanceof InvalidInput || (error instanceof DOMException && error.name === 'NotReadableError'))
    return 'changed'
  if (error instanceof VerificationFailed && error.subject === 'file') return 'unverified'
  if (error instanceof ProtocolError && error.code === 'too-long') return 'too-large'
  if (!(error instanceof RequestProblem)) return serviceTrouble(error)
  // Another length than the message says: the blob is not the one.
  if (error.kind === 'range-not-satisfiable') return 'unverified'
  if (error.kind === 'files-too-large') return 'too-large'
  if (error.kind === 'storage-full') return 'storage-full'
  if (error.kind === 'not-found') return 'gone'
  return serviceTrouble(error)
}
