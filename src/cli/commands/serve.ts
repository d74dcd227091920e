import { join, relative } from 'node:path'
import type { Command } from 'commander'
import { toBase64url } from '../../protocol/encoding.ts'
import { countBuffersAsHeap } from '../../server/memory.ts'
import { AGENCIES, type OutputOptions, REPORTERS, run, withOutputOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Output } from '../output.ts'

const ABOUT = `Runs the service. Settings are environment variables (BONGSU_*, DATABASE_URL; see docs/operations.md).
Without DATABASE_URL it runs a PostgreSQL of its own in the data folder and makes a demonstration deployment.
Ctrl-C or SIGTERM stops everything within two seconds, exit code 0; a second Ctrl-C kills it.`

export function addServe(program: Command): void {
  withOutputOptions(program.command('serve'))
    .summary('run the service')
    .description(ABOUT)
    .action((options: OutputOptions) => run(options, serve))
}

interface Addresses {
  readonly reporterUrl: string
  readonly agencyUrl: string
  readonly demonstrationFolder: string | null
}

/** What a newcomer can begin with; null where the deployment is a real one. */
function demonstrationKey({ demonstrationFolder }: Addresses): string | null {
  if (demonstrationFolder === null) return null
  const near = relative('', demonstrationFolder)
  return join(near.startsWith('..') ? demonstrationFolder : near, 'nis-intake.key.json')
}

/** What a newcomer can type next. */
function nextCommands({ reporterUrl, agencyUrl }: Addresses, key: string): string[] {
  const at = (url: string, usual: string) => (url === usual ? '' : ` --server ${url}`)
  return [
    `npx bongsu report examples/battery-report.ko.md --to nis${at(reporterUrl, REPORTERS)}`,
    `npx bongsu cases --key ${key}${at(agencyUrl, AGENCIES)}`,
    `npx bongsu open CASE --key ${key}${at(agencyUrl, AGENCIES)}`,
  ]
}

async function serve(output: Output): Promise<ExitCode | undefined> {
  countBuffersAsHeap()
  // The one command that is the server rather than talks to one; the others start without loading it.
  const { endOnFault, startServer } = await import('../../server/main.ts')
  const { ConfigError, readConfig } = await import('../../server/config.ts')
  endOnFault(EXIT.failed)
  try {
    const stopped = Promise.withResolvers<void>()
    process.once('SIGINT', () => stopped.resolve()).once('SIGTERM', () => stopped.resolve())
    const server = await startServer(readConfig())
    const { reporterUrl, agencyUrl, onionUrl, demonstrationFolder } = server
    const deployment = toBase64url(server.deploymentId)
    const keyFile = demonstrationKey(server)
    const next = keyFile === null ? [] : nextCommands(server, keyFile)
    output.result(
      { reporterUrl, agencyUrl, onionUrl, deployment, demonstrationFolder },
      output.words.serving({ reporterUrl, agencyUrl, deployment, keyFile, next }),
    )
    await stopped.promise
    await server.stop()
    return undefined
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    output.failure({ exit: EXIT.usage, kind: 'configuration', detail: error.message })
    return EXIT.usage
  }
}
