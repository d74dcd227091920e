// What every story of the demo plays on: a service of its own, in a folder that is gone afterwards.
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { languageOf } from '../src/cli/config.ts'
import {
  type Device,
  deviceOf,
  fetchTrust,
  parseKeyFile,
  RequestProblem,
  readCases,
  type Service,
  serviceAt,
  type Trust,
} from '../src/client/index.ts'
import { readConfig } from '../src/server/config.ts'
import { type RunningServer, startServer } from '../src/server/main.ts'
import { line, step } from './demo-screen.ts'
import { SCRIPT } from './demo-words.ts'

export const EXAMPLE = join(import.meta.dirname, '../examples/battery-report.ko.md')
export const lang = languageOf()
const say = SCRIPT[lang]

export interface Stage {
  readonly server: RunningServer
  readonly folder: string
  readonly reporters: Service
  readonly agencies: Service
  readonly trust: Trust
}

export async function onStage(play: (stage: Stage) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-demo-'))
  await step(1, say.start)
  const starting = startServer(
    readConfig({
      BONGSU_DATA: join(folder, 'data'),
      BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
      BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
      BONGSU_LOG_LEVEL: 'silent',
    }),
  )
  // Also in the middle of starting: its PostgreSQL must not outlive the demo.
  const cleanUp = async () => {
    await starting.then(server => server.stop()).catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  }
  process.once('SIGINT', () => cleanUp().finally(() => process.exit(130)))
  try {
    await play(await setStage(await starting, folder))
  } finally {
    await cleanUp()
  }
}

async function setStage(server: RunningServer, folder: string): Promise<Stage> {
  const reporters = serviceAt(server.reporterUrl, { freshConnections: true })
  const agencies = serviceAt(server.agencyUrl)
  line(say.running(server.reporterUrl, server.agencyUrl))
  const trust = await fetchTrust(reporters, { pinned: server.deploymentId, now: Date.now() })
  line(say.verified(trust.directory.agencies.length))
  return { server, folder, reporters, agencies, trust }
}

export async function deviceFor(
  { server, agencies, trust }: Stage,
  agency: string,
  role: 'intake' | 'investigator' | 'supervisor' = 'intake',
): Promise<Device> {
  const file = join(server.demonstrationFolder ?? '', `${agency}-${role}.key.json`)
  const key = parseKeyFile(await readFile(file, 'utf8'))
  if (key.kind !== 'device') throw new Error(`${file} is not a device’s key`)
  return deviceOf(agencies, trust, key)
}

/** A feed moves about once a second. */
export async function waitForCase(device: Device): Promise<string> {
  const list = await readCases(device, { wait: 10 })
  const [first] = list?.cases ?? []
  if (!first) throw new Error('the report did not appear')
  return first.case
}

export const nameOf = (trust: Trust, id: string): string =>
  trust.directory.agencies.find(agency => agency.id === id)?.names[lang] ?? id

/** What the service answers: a status, and the problem where it refuses. */
export const answerTo = (asked: Promise<unknown>): Promise<string> =>
  asked.then(
    () => '200',
    (error: unknown) => (error instanceof RequestProblem ? `${error.status} ${error.kind}` : String(error)),
  )
