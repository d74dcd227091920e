// Agencies at work through the command: each step is a process of its own, as people run it.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { acknowledge, act } from '../../src/client/index.ts'
import { fromBase64url, toHex } from '../../src/protocol/encoding.ts'
import { bongsu, type Ran } from '../cli/run.ts'
import { caseOf, deviceIn, openById, type SentReport, sendReport } from '../journeys/people.ts'
import { settled } from './stored.ts'
import { type AgencyId, createWorld, type World } from './world.ts'

export type Role = 'intake' | 'investigator' | 'supervisor'

export interface Listed {
  readonly case: string
  readonly state: string
  readonly standing: readonly string[]
  readonly due: string | null
  readonly overdue: boolean
}

export interface Offices {
  readonly world: World
  readonly folder: string
  /** As a device of an agency; what it prints for people. */
  told(agency: AgencyId, role: Role, ...args: string[]): Promise<Ran>
  /** The same, as the one object that programs get. */
  as(agency: AgencyId, role: Role, ...args: string[]): Promise<Ran>
  /** As whoever holds the code. */
  reporter(code: string): {
    told(...args: string[]): Promise<Ran>
    json(...args: string[]): Promise<Ran>
    write(text: string, ...more: string[]): Promise<Ran>
  }
  casesOf(agency: AgencyId, ...more: string[]): Promise<Listed[]>
  /** The report's case at an agency, as its list shows it. */
  caseAt(agency: AgencyId, sent: Pick<SentReport, 'prepared'>): Promise<Listed>
  /** A report that is under assessment at the SME office; that much is done without the command. */
  assessed(text: string): Promise<{ id: string; sent: SentReport; code: string }>
  stop(): Promise<void>
}

export async function openOffices(): Promise<Offices> {
  const world = await createWorld()
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-offices-'))
  const pin = ['--deployment', Buffer.from(world.deploymentId).toString('base64url')]

  const told: Offices['told'] = (agency, role, ...args) =>
    bongsu([...args, '--server', world.agencyUrl, '--key', world.deviceKeyFile(agency, role), ...pin])
  const as: Offices['as'] = (agency, role, ...args) => told(agency, role, ...args, '--json')

  const casesOf: Offices['casesOf'] = async (agency, ...more) => {
    await settled(world)
    return ((await as(agency, 'intake', 'cases', ...more)).json as { cases: Listed[] }).cases
  }

  return {
    world,
    folder,
    told,
    as,
    casesOf,
    reporter: code => ({
      told: (...args) => bongsu([...args, '--server', world.reporterUrl, ...pin], { input: code }),
      json: (...args) => bongsu([...args, '--server', world.reporterUrl, ...pin, '--json'], { input: code }),
      async write(text, ...more) {
        const codeFile = join(folder, 'code')
        await writeFile(codeFile, code, { mode: 0o600 })
        const where = ['--code-file', codeFile, '--server', world.reporterUrl, ...pin]
        const args = ['write', '-', ...more, ...where, '--json']
        return bongsu(args, { input: text })
      },
    }),
    async caseAt(agency, sent) {
      const id = toHex(fromBase64url(await caseOf(await deviceIn(world, agency), sent)))
      const found = (await casesOf(agency)).find(entry => entry.case === id)
      if (!found) throw new Error(`${agency} has no such case`)
      return found
    },
    async assessed(text) {
      const sent = await sendReport(world, text, ['sme-office'])
      const intake = await deviceIn(world, 'sme-office')
      const id = await caseOf(intake, sent)
      await acknowledge(intake, await openById(intake, id), { now: world.now() })
      await act(intake, await openById(intake, id), { action: 'assessment-started' }, { now: world.now() })
      return { id: toHex(fromBase64url(id)), sent, code: sent.code }
    },
    async stop() {
      await rm(folder, { recursive: true, force: true })
      await world.stop()
    },
  }
}

/** Throws unless it was recorded. */
export async function did(ran: Promise<Ran>): Promise<Record<string, unknown>> {
  const { code, json, err } = await ran
  if (code !== 0) throw new Error(`exit ${code}: ${err} ${JSON.stringify(json)}`)
  return json
}

/** Kinds and roles of what `bongsu case` shows. */
export const kinds = (json: Record<string, unknown>): string[] =>
  (json.events as { kind: string; role: string }[]).map(({ kind, role }) => `${kind} ${role}`)
