// What a device keeps with the service for itself, sealed to its own key: of each case, the number of its last reply.
import { pad, type RandomBytes, type SealingKey, type SealingPair, unpad } from './crypto.ts'
import { ascii, compareBytes, concat, enc, expectLength, readU32, u32 } from './encoding.ts'
import { ProtocolError } from './error.ts'
import { hpkeOpen, hpkeSeal, SEAL_OVERHEAD } from './hpke.ts'

const KIB = 1024
/** Bytes of plaintext, padded: the length tells little of how many cases there are. */
export const NOTES_SIZES = [16 * KIB, 128 * KIB, 1024 * KIB] as const
export const SEALED_NOTES_LENGTHS: readonly number[] = NOTES_SIZES.map(size => size + SEAL_OVERHEAD)

const CASE_ID = 16
const ENTRY = CASE_ID + 4

export interface CaseNote {
  /** 16 bytes. */
  readonly caseId: Uint8Array
  /** Of the device's last reply to the case. */
  readonly lastNumber: number
}

export interface NotesOf {
  readonly deviceId: Uint8Array
  readonly agencyId: string
}

// The version is bound, so that older notes cannot be passed off as newer ones.
const info = ({ deviceId, agencyId }: NotesOf, version: number) =>
  enc('device-notes', deviceId, ascii(agencyId), u32(version))

/** One entry a case, in the order of their ids. Throws `too-long` for more than 1 MiB. */
export async function sealNotes(
  notes: readonly CaseNote[],
  version: number,
  device: NotesOf & { readonly sealingKey: SealingKey },
  random: RandomBytes,
): Promise<Uint8Array> {
  const sorted = [...notes].sort((a, b) => compareBytes(a.caseId, b.caseId))
  const bytes = concat(
    ...sorted.flatMap(({ caseId, lastNumber }) => {
      expectLength(caseId, CASE_ID)
      return [caseId, u32(lastNumber)]
    }),
  )
  const size = NOTES_SIZES.find(candidate => bytes.length < candidate)
  if (size === undefined) throw new ProtocolError('too-long')
  return hpkeSeal(device.sealingKey, info(device, version), pad(bytes, size), random)
}

/** Undoes `sealNotes`. Throws `open-failed`. */
export async function openNotes(
  sealed: Uint8Array,
  version: number,
  device: NotesOf & { readonly pair: SealingPair },
): Promise<CaseNote[]> {
  const bytes = unpad(await hpkeOpen(device.pair, info(device, version), sealed))
  if (bytes.length % ENTRY !== 0) throw new ProtocolError('open-failed')
  return Array.from({ length: bytes.length / ENTRY }, (_, i) => {
    const entry = bytes.subarray(i * ENTRY, (i + 1) * ENTRY)
    return { caseId: entry.slice(0, CASE_ID), lastNumber: readU32(entry.subarray(CASE_ID)) }
  })
}
