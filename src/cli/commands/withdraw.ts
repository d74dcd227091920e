import type { Command } from 'commander'
import { withdrawReport } from '../../client/index.ts'
import { type CodeFileOptions, connectReporter, deploymentOf, run, withCodeOptions } from '../context.ts'
import { Declined } from '../exit.ts'
import { confirm } from '../input.ts'
import { interruptible } from '../interruption.ts'
import type { Output } from '../output.ts'
import { leavesUnsaid, mayHaveArrived } from '../unsent.ts'

interface WithdrawOptions extends CodeFileOptions {
  readonly yes?: boolean
}

export function addWithdraw(program: Command): void {
  withCodeOptions(program.command('withdraw'))
    .summary('take your report back')
    .description(
      'Destroys the keys of agencies that did not open the report yet; for the others it leaves a signed wish, ' +
        'which they decide. A withdrawn report cannot be sent again under its code. Asks for the receipt code.',
    )
    .option('--yes', 'do not ask')
    .action((options: WithdrawOptions) => run(options, output => withdraw(options, output)))
}

async function withdraw(options: WithdrawOptions, output: Output): Promise<undefined> {
  let isAskedFor = false
  try {
    const reporter = await connectReporter(options, output)
    if (!options.yes && !(await confirm(output.words.askWithdraw))) throw new Declined()
    isAskedFor = true
    const outcome = await interruptible(signal => withdrawReport(reporter, signal))
    output.result({ ...deploymentOf(reporter.trust), outcome }, [output.words.withdrawal(outcome)])
  } catch (error) {
    const { maybeWithdrawn, notWithdrawn } = output.words
    if (isAskedFor && mayHaveArrived(error)) output.remark(maybeWithdrawn)
    if (!isAskedFor && leavesUnsaid(error, {})) output.remark(notWithdrawn)
    throw error
  }
}
