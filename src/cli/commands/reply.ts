import type { Command } from 'commander'
import {
  InvalidInput,
  openCase,
  readCase,
  reserveReplyNumbers,
  sendReply,
  splitReply,
} from '../../client/index.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { shownCase } from '../hex.ts'
import { readText } from '../input.ts'
import type { Output } from '../output.ts'
import { numbersPath, reserveNumbers } from '../reply-numbers.ts'
import { caseIdOf } from './open.ts'

export function addReply(program: Command): void {
  withKeyOptions(program.command('reply'))
    .summary('answer the reporter of a case')
    .description(
      'Seals a reply to the reporter’s mailbox; a long text becomes several. Replies are numbered: the last number ' +
        'of each case is kept beside the key file, in KEYFILE.numbers.json.',
    )
    .argument('<case>', 'as `bongsu cases` shows it')
    .argument('<file>', 'the text, UTF-8; - is standard input')
    .action((id: string, file: string, options: KeyOptions) =>
      run(options, output => reply(id, file, options, output)),
    )
}

async function reply(text: string, file: string, options: KeyOptions, output: Output): Promise<undefined> {
  const id = caseIdOf(text)
  const answer = await readText(file)
  if (answer.trim() === '') throw new InvalidInput('the text is empty')
  const device = await connectDevice(options, output)
  const opened = await openCase(device, await readCase(device, id))
  const parts = splitReply(device, opened, answer)
  const reserve = (after: number) => reserveReplyNumbers(device, id, { count: parts.length, after })
  const first = await reserveNumbers(options.key, shownCase(id), parts.length, reserve)
  for (const [i, part] of parts.entries()) {
    await sendReply(device, opened, { text: part, number: first + i }, { now: Date.now() })
  }
  const numbers = parts.map((_, i) => first + i)
  output.result({ case: shownCase(id), numbers }, [output.words.replied(numbers, numbersPath(options.key))])
  return undefined
}
