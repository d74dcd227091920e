import type { Command } from 'commander'
import { InvalidInput, sendFollowUp } from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { readText } from '../input.ts'
import type { Output } from '../output.ts'
import { neutralise } from '../terminal.ts'
import { fileAndAgencies } from '../to-option.ts'

interface WriteOptions extends CodeFileOptions {
  readonly to?: readonly string[]
}

export function addWrite(program: Command): void {
  withCodeOptions(program.command('write'))
    .summary('add to your report')
    .description('Seals a follow-up for the agencies that hold your report. Asks for the receipt code.')
    .argument('[file]', 'the text, UTF-8; - is standard input')
    .option('--to <agency...>', 'the agencies you mean: if the service names any other, nothing is sent')
    .action((file: string | undefined, options: WriteOptions) =>
      run(options, output => write(fileAndAgencies(file, options), output)),
    )
}

async function write(options: WriteOptions & { file: string }, output: Output): Promise<undefined> {
  const { file } = options
  const text = await readText(file)
  if (text.trim() === '') throw new InvalidInput('the text is empty')
  const reporter = await connectReporter(options, output, file === '-')
  const expected = options.to?.flatMap(entry => entry.split(',')).filter(Boolean)
  const { index, digest, agencies } = await sendFollowUp(reporter, text, { expected })
  const names = reporter.trust.directory.agencies
    .filter(({ id }) => agencies.includes(id))
    .map(agency => neutralise(agency.names[output.lang]))
  output.result({ ...deploymentOf(reporter.trust), index, digest: toHex(digest), agencies }, [
    output.words.written(index, names),
  ])
  return undefined
}
