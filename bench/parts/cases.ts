import { keyId, type SigningPair } from '../../src/protocol/crypto.ts'
import { compareReads } from '../compare-reads.ts'
import { probe } from '../load.ts'
import type { Part } from '../part.ts'
import { bareCasePoll } from '../programs/bare-request.ts'
import { casePolls, devicePair } from '../requests.ts'
import { type Known, knownOf, type RunningService } from '../service.ts'
import { round } from '../statistics.ts'

const POLLS = 256

/** GET /v1/cases that answers 304 against a bare verified read. */
export const measureCases: Part = async bench => {
  const running = await bench.service()
  const known = await knownOf(running)
  const device = await devicePair(running.folder)
  const result = await compareReads(bench, running, {
    port: running.agencyPort,
    requests: await unchangedPolls(running, known, device),
    bare: [bareCasePoll(device, keyId(device.publicKey))],
    status: 304,
  })
  bench.say('GET /v1/cases, 304')
  for (const line of result.lines) bench.say(`  ${line}`)
  return {
    cases_304_vs_verified_read: round(result.ratio),
    cases_304_per_second: round(result.first, 0),
    cases_304_cpu_us: result.cpu,
  }
}

/** Polls with the etag that the feed has once it stands still. */
export async function unchangedPolls(
  { agencyPort }: RunningService,
  known: Known,
  device: SigningPair,
): Promise<Buffer[]> {
  let etag = ''
  for (;;) {
    const [poll] = casePolls(known, device, { after: 0, count: 1 })
    if (!poll) throw new Error('no poll')
    const [, found = ''] = /\r\netag: ([^\r]+)/i.exec(await probe(agencyPort, poll)) ?? []
    if (found !== '' && found === etag) return casePolls(known, device, { after: 0, etag, count: POLLS })
    etag = found
    // The feed moves once a second.
    await new Promise(resolve => setTimeout(resolve, 1500))
  }
}
