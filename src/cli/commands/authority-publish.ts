import type { Command } from 'commander'
import { InvalidInput, publishDevices, publishDirectory, publishStatement } from '../../client/index.ts'
import { run, type ServiceOptions, serviceOf, withAgencyOptions } from '../context.ts'
import { readText } from '../input.ts'
import type { Output } from '../output.ts'

interface PublishOptions extends ServiceOptions {
  readonly agency?: string
  readonly roots?: readonly string[]
  readonly directory?: string
  readonly statement?: string
  readonly devices?: string
}

export function addPublishCommands(authority: Command): void {
  withAgencyOptions(authority.command('publish'))
    .description('Publishes signed documents. No account is needed: the signatures are the authority.')
    .option('--roots <file...>', 'the root chain, from the first; with --directory')
    .option('--directory <file>', 'a directory')
    .option('--agency <id>', 'whose statement or devices')
    .option('--statement <file>', 'an agency’s epoch keys')
    .option('--devices <file>', 'an agency’s device list')
    .action((options: PublishOptions) => run(options, output => publish(options, output)))
}

async function publish(options: PublishOptions, output: Output): Promise<undefined> {
  const { agency, roots, directory, statement, devices } = options
  if (!directory && !statement && !devices)
    throw new InvalidInput('what? --directory, --statement or --devices')
  if (directory && !roots) throw new InvalidInput('--directory: with --roots')
  if ((statement || devices) && !agency) throw new InvalidInput('--agency is missing')
  const service = serviceOf(options)
  const published: string[] = []
  if (directory && roots) {
    const chain = await Promise.all(roots.map(readText))
    await publishDirectory(service, { roots: chain, directory: await readText(directory) })
    published.push(directory)
  }
  if (agency && statement) {
    await publishStatement(service, agency, await readText(statement))
    published.push(statement)
  }
  if (agency && devices) {
    await publishDevices(service, agency, await readText(devices))
    published.push(devices)
  }
  output.result({ published }, published.map(output.words.published))
  return undefined
}
