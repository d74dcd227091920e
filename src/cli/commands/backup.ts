import type { Command } from 'commander'
import { type OutputOptions, run, withOutputOptions } from '../context.ts'
import { EXIT, type ExitCode } from '../exit.ts'
import type { Output } from '../output.ts'

const ABOUT = `Copies the service's own PostgreSQL while it runs, with server.key and the demonstration's keys where they lie
in the data folder. FOLDER must not exist; it appears when the copy is whole. Run it with the service's settings.
With DATABASE_URL use the tools of that PostgreSQL.`

export function addBackup(program: Command): void {
  withOutputOptions(program.command('backup'))
    .summary('copy the data of a running service')
    .description(ABOUT)
    .argument('<folder>', 'where to; outside of the data folder')
    .action((folder: string, options: OutputOptions) => run(options, output => backup(folder, output)))
}

async function backup(folder: string, output: Output): Promise<ExitCode | undefined> {
  const { backUp } = await import('../../server/embedded-postgres-backup.ts')
  const { ConfigError, readConfig } = await import('../../server/config.ts')
  try {
    const { serverKey } = await backUp(readConfig(), folder)
    output.result({ folder, serverKey }, output.words.backedUp(folder, serverKey))
    return undefined
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    output.failure({ exit: EXIT.usage, kind: 'configuration', detail: error.message })
    return EXIT.usage
  }
}
