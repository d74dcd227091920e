// An agency at work: opens what came in and answers, through the SDK.

import type { OpenedCase } from '../../../src/client/index.ts'
import {
  acknowledge,
  parseReceiptCode,
  type ReadCase,
  readCase,
  readCases,
  sendReply,
} from '../../../src/client/index.ts'
import { equalBytes } from '../../../src/protocol/encoding.ts'
import { deriveReporterKeys, reportIdOf } from '../../../src/protocol/reporter-keys.ts'
import { deviceIn, openById } from '../../journeys/people.ts'
import type { AgencyId, World } from '../../support/world.ts'

/** What the agency reads of the report with this code. Waits until it is in its feed. */
export async function openAt(world: World, agency: AgencyId, code: string): Promise<OpenedCase> {
  const device = await deviceIn(world, agency)
  const keys = deriveReporterKeys(world.deploymentId, parseReceiptCode(code))
  const reportId = reportIdOf(keys.status.publicKey)
  let after = 0
  for (;;) {
    const list = await readCases(device, { after, wait: 10 })
    if (!list || list.cases.length === 0) throw new Error('no case appeared')
    for (const { case: id } of list.cases) {
      const read: ReadCase | null = await readCase(device, id).catch(() => null)
      if (read && equalBytes(read.reportId, reportId)) return openById(device, id)
    }
    after = list.cursor
  }
}

/** Opens, acknowledges and sends these replies, numbered from `first`. */
export async function answerAt(
  world: World,
  agency: AgencyId,
  code: string,
  texts: readonly string[],
  first = 1,
): Promise<OpenedCase> {
  const device = await deviceIn(world, agency)
  const opened = await openAt(world, agency, code)
  const now = { now: world.now() }
  await acknowledge(device, opened, now)
  for (const [i, text] of texts.entries()) await sendReply(device, opened, { text, number: first + i }, now)
  return opened
}
