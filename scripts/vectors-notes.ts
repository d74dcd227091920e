// Vectors of a device's notes for itself.
import { keyId, type RandomBytes, sha256 } from '../src/protocol/crypto.ts'
import { sealNotes } from '../src/protocol/device-notes.ts'
import { toHex } from '../src/protocol/encoding.ts'
import { fixedRandom, type World } from '../test/protocol/world.ts'

const NOTES = [
  [],
  [{ caseId: new Uint8Array(16).fill(1), lastNumber: 1 }],
  [
    { caseId: new Uint8Array(16).fill(9), lastNumber: 70_000 },
    { caseId: new Uint8Array(16).fill(2), lastNumber: 3 },
  ],
]

export async function noteVectors({ north }: World) {
  const device = {
    deviceId: keyId(north.device.publicKey),
    agencyId: north.id,
    sealingKey: north.deviceSealing.publicKey,
  }
  return Promise.all(
    NOTES.map(async (notes, i) => {
      const drawn: Uint8Array[] = []
      const from = fixedRandom(`notes ${i}`)
      const random: RandomBytes = length => {
        const bytes = from(length)
        drawn.push(bytes)
        return bytes
      }
      const version = i + 1
      const sealed = await sealNotes(notes, version, device, random)
      return {
        seed: toHex(north.deviceSealing.seed),
        device: toHex(device.deviceId),
        agency: device.agencyId,
        version,
        notes: notes.map(({ caseId, lastNumber }) => ({ caseId: toHex(caseId), lastNumber })),
        eseed: drawn.map(toHex).join(''),
        sealed: { sha256: toHex(await sha256(sealed)) },
      }
    }),
  )
}
