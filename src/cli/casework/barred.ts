// Whoever has a part in the matter neither sees anything of the case nor writes to its reporter.
import { barredFrom, type Device, NotAllowed, type ReadCase, readCase } from '../../client/index.ts'

/** Throws `NotAllowed` where this device declared a conflict of interest, or was taken off the case. */
export async function readUnbarred(device: Device, id: string): Promise<ReadCase> {
  const read = await readCase(device, id)
  const barred = barredFrom(device, read)
  if (barred) throw new NotAllowed(barred)
  return read
}
