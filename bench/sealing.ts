// A report for one agency, sealed and opened: the same code in Node and in a browser's page.
import {
  contentKey,
  cryptoReady,
  deploymentIdOf,
  deriveSealingPair,
  keyId,
  type RandomBytes,
  sealingSeed,
} from '../src/protocol/crypto.ts'
import { generateReceiptCode } from '../src/protocol/receipt-code.ts'
import { openReport, sealReport } from '../src/protocol/report.ts'
import { deriveReporterKeys } from '../src/protocol/reporter-keys.ts'
import { unwrapContentKey } from '../src/protocol/wrapped-key.ts'

export interface SealingTimes {
  /** Milliseconds, one entry a round. */
  readonly seal: number[]
  readonly open: number[]
}

export async function timeSealing(
  bucket: number,
  rounds: number,
  random: RandomBytes,
): Promise<SealingTimes> {
  await cryptoReady
  const times: SealingTimes = { seal: [], open: [] }
  for (let i = 0; i < rounds; i++) {
    const { seal, open } = await sealAndOpen(bucket, random)
    times.seal.push(seal)
    times.open.push(open)
  }
  return times
}

async function sealAndOpen(bucket: number, random: RandomBytes) {
  const deploymentId = deploymentIdOf(random(32))
  const epoch = deriveSealingPair(sealingSeed(random(32)))
  const recipient = { agencyId: 'police', keyId: keyId(epoch.publicKey), sealingKey: epoch.publicKey }
  const keys = deriveReporterKeys(deploymentId, generateReceiptCode(random))
  // Most of the bucket is text; what the body has beside it is under 2 KiB.
  const content = JSON.stringify({ version: 1, language: 'ko', what: 'x'.repeat(bucket - 2048) })
  const begun = performance.now()
  const sealed = await sealReport({ deploymentId, keys, recipients: [recipient], content, random })
  const between = performance.now()
  const [wrapped] = sealed.wrappedKeys
  if (!wrapped) throw new Error('no wrapped key')
  openReport(sealed.envelope, contentKey(await unwrapContentKey(wrapped, sealed.digest, epoch)))
  return { seal: between - begun, open: performance.now() - between }
}
