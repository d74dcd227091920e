// An agency at work with the command, as an officer would type it: `cases`, `open`, `reply`, with its key file.
import { bongsu } from '../../cli/run.ts'
import type { AgencyId, World } from '../../support/world.ts'

export interface Opened {
  readonly case: string
  readonly answers: { readonly what: string } & Readonly<Record<string, unknown>>
  readonly followUps: readonly { readonly text: string }[]
  readonly withdrawal: string
}

export interface Officer {
  /** Finds the case by what was written in it, opens and acknowledges it. */
  open(what: string): Promise<Opened>
  reply(caseId: string, text: string): Promise<void>
}

export function officerAt(world: World, agency: AgencyId): Officer {
  const deployment = Buffer.from(world.deploymentId).toString('base64url')
  const where = ['--server', world.agencyUrl, '--key', world.deviceKeyFile(agency)]
  const run = async (args: readonly string[], input = '') => {
    const ran = await bongsu([...args, ...where, '--deployment', deployment, '--json'], { input })
    if (ran.code !== 0) throw new Error(`bongsu ${args.join(' ')}: ${ran.code} ${ran.out} ${ran.err}`)
    return ran.json
  }
  const open = async (id: string, ...more: string[]) =>
    (await run(['open', id, ...more])) as unknown as Opened
  return {
    async open(what) {
      for (let attempt = 0; attempt < 20; attempt++) {
        const { cases } = (await run(['cases'])) as { cases: { case: string }[] }
        for (const { case: id } of cases) {
          if ((await open(id, '--no-record')).answers.what === what) return open(id)
        }
      }
      throw new Error('no case appeared')
    },
    async reply(caseId, text) {
      await run(['reply', caseId, '-'], text)
    },
  }
}
