// The drill of docs/operations.md: a stopped service's data folder, copied elsewhere, is the service again.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, expect, test } from 'vitest'
import {
  fetchTrust,
  prepareReport,
  readStatus,
  reporterOf,
  serviceAt,
  submitReport,
} from '../../src/client/index.ts'
import { readConfig } from '../../src/server/config.ts'
import { type RunningServer, startServer } from '../../src/server/main.ts'

const folders: string[] = []
afterAll(() => Promise.all(folders.map(folder => rm(folder, { recursive: true, force: true }))))

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-restore-'))
  folders.push(folder)
  return folder
}

const start = (folder: string): Promise<RunningServer> =>
  startServer(
    readConfig({
      BONGSU_DATA: folder,
      BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
      BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
      BONGSU_WORK_BITS: '0',
    }),
    { log: pino({ level: 'silent' }) },
  )

const trustIn = (server: RunningServer) =>
  fetchTrust(serviceAt(server.reporterUrl), { now: Date.now(), pinned: server.deploymentId })

test('a copy of a stopped service’s data folder still knows each report and signs with the same keys', async () => {
  const original = await temporary()
  const first = await start(original)
  const trust = await trustIn(first)
  const content = { version: 1, language: 'ko', what: '백업 뒤에도 남아 있어야 합니다.' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['nis', 'police'] })
  const { receipt } = await submitReport(serviceAt(first.reporterUrl), trust, prepared)
  await first.stop()

  const copy = join(await temporary(), 'restored')
  await cp(original, copy, { recursive: true, preserveTimestamps: true })
  await rm(original, { recursive: true })
  const second = await start(copy)
  try {
    const restored = await trustIn(second)
    expect(restored.deploymentId).toEqual(trust.deploymentId)
    const status = await readStatus(reporterOf(serviceAt(second.reporterUrl), restored, prepared.code))
    expect(status.receipt).toEqual(receipt)
    expect(status.agencies.map(agency => agency.id)).toEqual(['nis', 'police'])
  } finally {
    await second.stop()
  }
})
