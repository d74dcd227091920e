import type { Command } from 'commander'
import { declareConflict, readCase } from '../../client/index.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { shownCase } from '../hex.ts'
import type { Output } from '../output.ts'
import { caseIdOf } from './open.ts'

const ABOUT = `
Nothing is decrypted, so no ground is given: there is no key yet to seal it under. Whoever has read the case already gives one
with \`bongsu act CASE conflict-declared\`. A supervisor can find that there is none: \`bongsu act CASE conflict-cleared\`.`

export function addConflict(program: Command): void {
  withKeyOptions(program.command('conflict'))
    .summary('say, before opening a case, that you have a part in it')
    .description(
      'Records a conflict of interest of this device’s holder. From then on the device does nothing more with the case, ' +
        '`bongsu open` does not open it, and colleagues’ programs hand this device no keys of it.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .addHelpText('after', ABOUT)
    .action((id: string, options: KeyOptions) => run(options, output => declare(id, options, output)))
}

async function declare(text: string, options: KeyOptions, output: Output): Promise<undefined> {
  const id = caseIdOf(text)
  const device = await connectDevice(options, output)
  const recorded = await declareConflict(device, await readCase(device, id), { now: Date.now() })
  const { work } = output.words
  output.result({ case: shownCase(id), recorded }, [
    recorded ? output.colour.good(work.conflictDeclared) : work.conflictKnown,
  ])
}
