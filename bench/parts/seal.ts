import { randomBytes } from 'node:crypto'
import {
  contentKey,
  cryptoReady,
  type DeploymentId,
  deploymentIdOf,
  deriveSealingPair,
  keyId,
  sealingSeed,
} from '../../src/protocol/crypto.ts'
import { SIZE_BUCKETS } from '../../src/protocol/envelope.ts'
import { generateReceiptCode } from '../../src/protocol/receipt-code.ts'
import { openReport, sealReport } from '../../src/protocol/report.ts'
import { deriveReporterKeys } from '../../src/protocol/reporter-keys.ts'
import { unwrapContentKey } from '../../src/protocol/wrapped-key.ts'
import type { Part } from '../part.ts'
import { median, round } from '../statistics.ts'

const KIB = 1024
const ROUNDS = 30
const random = (length: number): Uint8Array => randomBytes(length)

/** A report for one agency, sealed and opened in Node. The browsers' figures come with the web form. */
export const measureSealing: Part = async ({ say }) => {
  await cryptoReady
  const deploymentId: DeploymentId = deploymentIdOf(random(32))
  const figures: Record<string, number> = {}
  for (const bucket of SIZE_BUCKETS) {
    const times = { seal: [] as number[], open: [] as number[] }
    for (let i = 0; i < ROUNDS; i++) {
      const { seal, open } = await sealAndOpen(deploymentId, bucket)
      times.seal.push(seal)
      times.open.push(open)
    }
    const [seal, open] = [median(times.seal), median(times.open)]
    say(`${String(bucket / KIB).padStart(3)} KiB   seal ${seal.toFixed(1)} ms, open ${open.toFixed(1)} ms`)
    figures[`seal_${bucket / KIB}k_ms`] = round(seal)
    figures[`open_${bucket / KIB}k_ms`] = round(open)
  }
  say('Chromium, with and without JIT: not measured yet, they come with the web form')
  return figures
}

async function sealAndOpen(deploymentId: DeploymentId, bucket: number) {
  const epoch = deriveSealingPair(sealingSeed(random(32)))
  const recipient = { agencyId: 'police', keyId: keyId(epoch.publicKey), sealingKey: epoch.publicKey }
  const keys = deriveReporterKeys(deploymentId, generateReceiptCode(random))
  // Most of the bucket is text; what the body has beside it is under 2 KiB.
  const content = JSON.stringify({ version: 1, language: 'ko', what: 'x'.repeat(bucket - 2 * KIB) })
  const begun = performance.now()
  const sealed = await sealReport({ deploymentId, keys, recipients: [recipient], content, random })
  const between = performance.now()
  const [wrapped] = sealed.wrappedKeys
  if (!wrapped) throw new Error('no wrapped key')
  openReport(sealed.envelope, contentKey(await unwrapContentKey(wrapped, sealed.digest, epoch)))
  return { seal: between - begun, open: performance.now() - between }
}
