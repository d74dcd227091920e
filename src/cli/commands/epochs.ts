import type { Command } from 'commander'
import {
  casesUnder,
  type Device,
  type EpochCases,
  epochsOf,
  type HeldEpoch,
  InvalidInput,
} from '../../client/index.ts'
import { EPOCH_VALID_DAYS } from '../../protocol/agency-documents.ts'
import { daysBetween } from '../../protocol/calendar.ts'
import { deriveSealingPair, keyId } from '../../protocol/crypto.ts'
import { addDays } from '../../protocol/day.ts'
import { toHex } from '../../protocol/encoding.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { Declined, EXIT, type ExitCode } from '../exit.ts'
import { shownCase } from '../hex.ts'
import { confirm } from '../input.ts'
import { readDeviceKey, replaceKeyFile } from '../keyring.ts'
import type { Output } from '../output.ts'
import { askedOnce } from '../passphrase.ts'

interface DestroyOptions extends KeyOptions {
  readonly yes?: boolean
}

/** A seed of this device, and what lies under it. */
interface Held extends HeldEpoch {
  readonly cases: EpochCases
}

const ABOUT_DESTROYING = `
A seed is destroyed when both hold: 14 days have passed since the last day on which the service accepted its epoch key, and no
case is left that only it opens, which the service is asked and each case is opened for, once with the seed and once without. A
case that hangs on a seed is handed on by \`bongsu open\`. The key file is replaced in one step. Copies and backups of the key file,
and what a disk keeps of the old one, are yours to destroy.`

export function addEpochs(program: Command): void {
  const epochs = program
    .command('epochs')
    .summary('epoch seeds of an intake device: how long they are needed, and destroying them')
  withKeyOptions(epochs.command('list', { isDefault: true }))
    .summary('list them (what happens without a subcommand)')
    .description(
      'Lists the epoch seeds of the key file: until when each is used, and which cases hang on it.',
    )
    .action((options: KeyOptions) => run(options, output => list(options, output)))
  withKeyOptions(epochs.command('destroy'))
    .summary('destroy seeds whose time is over and on which nothing hangs')
    .description('Takes seeds out of the key file whose time is over and on which no case hangs.')
    .option('--yes', 'do not ask')
    .addHelpText('after', ABOUT_DESTROYING)
    .action((options: DestroyOptions) => run(options, output => destroy(options, output)))
}

async function heldBy(device: Device): Promise<Held[]> {
  const held: Held[] = []
  for (const epoch of epochsOf(device)) held.push({ ...epoch, cases: await casesUnder(device, epoch) })
  return held
}

async function list(options: KeyOptions, output: Output): Promise<undefined> {
  const device = await connectDevice(options, output)
  const { today } = device.trust
  const held = await heldBy(device)
  const until = publishedUntil(device)
  const { words, colour } = output
  const said = words.work.epochs
  const isLow = until === null || until < addDays(today, EPOCH_VALID_DAYS)
  output.result({ agency: device.agency.id, sealableUntil: until, epochs: held.map(epochJson) }, [
    ...held.flatMap(epoch => epochLines(epoch, today, output)),
    ...(held.length === 0 ? [said.none] : []),
    '',
    isLow ? colour.bad(said.sealable(until)) : said.sealable(until),
  ])
}

/** The last day on which reporters can seal to what the agency published; null where it is over, or nothing is. */
function publishedUntil({ trust, agency }: Device): string | null {
  const ends = (trust.statements.get(agency.id)?.epochs ?? []).map(({ validUntil }) => validUntil)
  const last = ends.sort().at(-1)
  return last !== undefined && last >= trust.today ? last : null
}

const epochJson = (epoch: Held) => ({
  keyId: toHex(epoch.keyId),
  validFrom: epoch.validFrom,
  validUntil: epoch.validUntil,
  acceptedUntil: epoch.acceptedUntil,
  keptUntil: epoch.keptUntil,
  stage: epoch.stage,
  published: epoch.isPublished,
  cases: epoch.cases.total,
  hanging: epoch.cases.hanging.map(shownCase),
})

function epochLines(epoch: Held, today: string, output: Output): string[] {
  const { words, colour } = output
  const { stage, cases, keptUntil } = epoch
  const said = words.work.epochs
  const left = daysBetween(today, addDays(keptUntil, 1))
  const isEnding = stage === 'kept' || stage === 'over'
  const isUrgent = isEnding && cases.hanging.length > 0
  const line = [
    `${epoch.validFrom} – ${epoch.validUntil}`,
    epoch.isPublished || isEnding ? said.stage[stage] : said.unpublished,
    said.accepted(epoch.acceptedUntil),
    stage === 'over' ? said.destroyable : said.destroyableFrom(addDays(keptUntil, 1), left),
    ...(cases.total > 0 ? [said.cases(cases.total, cases.hanging.length)] : []),
  ].join(' · ')
  return [
    isUrgent ? colour.bad(line) : line,
    ...(isUrgent ? cases.hanging.map(id => `    bongsu open ${shownCase(id)}`) : []),
  ]
}

async function destroy(options: DestroyOptions, output: Output): Promise<ExitCode | undefined> {
  if (options.allowStale)
    throw new InvalidInput('--allow-stale: not here; a clock that is wrong would destroy seeds too early')
  const device = await connectDevice(options, output)
  const over = (await heldBy(device)).filter(({ stage }) => stage === 'over')
  const free = over.filter(({ cases }) => cases.hanging.length === 0)
  const held = over.filter(({ cases }) => cases.hanging.length > 0)
  if (free.length > 0 && !options.yes) {
    for (const epoch of free) output.remark(`${epoch.validFrom} – ${epoch.validUntil}`)
    if (!(await confirm(output.words.work.epochs.askDestroy))) throw new Declined()
  }
  if (free.length > 0) await forget(free, options, output)
  const { words, colour } = output
  const said = words.work.epochs
  output.result({ destroyed: free.map(epochJson), kept: held.map(epochJson) }, [
    said.destroyed(free.map(({ validFrom }) => validFrom)),
    ...held.flatMap(({ validFrom, cases }) => [
      colour.bad(said.stillHanging(validFrom, cases.hanging.length)),
      ...cases.hanging.map(id => `    bongsu open ${shownCase(id)}`),
    ]),
    ...(free.length > 0 ? [said.copies] : []),
  ])
  return held.length > 0 ? EXIT.refused : undefined
}

/** Takes them out of the file as it is now: somebody may have added epochs since it was read. */
async function forget(
  gone: readonly HeldEpoch[],
  { key: path, passphraseFile }: KeyOptions,
  { words }: Output,
): Promise<void> {
  const ask = askedOnce(words, passphraseFile)
  const key = await readDeviceKey(path, ask)
  const ids = new Set(gone.map(epoch => toHex(epoch.keyId)))
  const epochs = key.epochs.filter(({ seed }) => !ids.has(toHex(keyId(deriveSealingPair(seed).publicKey))))
  await replaceKeyFile(path, { ...key, epochs }, ask)
}
