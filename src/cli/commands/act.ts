import { type Command, Option } from 'commander'
import {
  type Act,
  acknowledge,
  act,
  actorOf,
  caseStateOf,
  choicesOf,
  type Device,
  InvalidInput,
  NotAllowed,
  type OpenedCase,
  openCase,
  readCase,
  readDeviceList,
} from '../../client/index.ts'
import { toHex } from '../../protocol/encoding.ts'
import { isDespiteConflict } from '../../protocol/lifecycle.ts'
import type { Choice } from '../../protocol/lifecycle-guards.ts'
import { OBSTACLES } from '../../protocol/lifecycle-obstacles.ts'
import { STATES } from '../../protocol/lifecycle-phases.ts'
import { readUnbarred } from '../casework/barred.ts'
import { codeLabel, shortDevice } from '../casework/names.ts'
import { isOffer, offerLines } from '../casework/offer.ts'
import { connectDevice, type KeyOptions, run, withKeyOptions } from '../context.ts'
import { Declined } from '../exit.ts'
import { shownCase } from '../hex.ts'
import { confirm, readText } from '../input.ts'
import type { Output } from '../output.ts'
import { caseIdOf } from './open.ts'

interface ActOptions extends KeyOptions {
  readonly code?: string
  readonly agency?: string
  readonly device?: string
  readonly message?: string
  readonly text?: string
  readonly textFile?: string
  readonly yes?: boolean
}

const ABOUT = `
Without an action it lists what is open to this device now, and why the rest is not. What is told to the reporter, code and
text included, is marked; everything else stays inside the agency. Before a case is offered to another agency it shows who will
be able to read what, and asks.`

export function addAct(program: Command): void {
  withKeyOptions(program.command('act'))
    .summary('do something with a case: assess, ask, hand over, conclude, …')
    .description('Records a signed event of a case: the next step of its lifecycle.')
    .argument('<case>', 'as `bongsu cases` shows it')
    .argument('[action]', 'one of those that it lists')
    .option('--code <code>', 'the reason or outcome, where the action asks for one')
    .option('--agency <id>', 'the agency that the action is about')
    .option('--device <id>', 'the colleague’s device that the action is about; its first digits will do')
    .option('--message <number>', 'the follow-up that the action rests on')
    .addOption(new Option('--text <text>', 'what to say beside it').conflicts('textFile'))
    .option('--text-file <file>', 'the same, from a file; - is standard input')
    .option('--yes', 'do not ask before offering the case to another agency')
    .addHelpText('after', ABOUT)
    .action((id: string, action: string | undefined, options: ActOptions) =>
      run(options, output => actOn(id, action, options, output)),
    )
}

async function actOn(
  text: string,
  action: string | undefined,
  options: ActOptions,
  output: Output,
): Promise<undefined> {
  const id = caseIdOf(text)
  const said = await textOf(options)
  const device = await connectDevice(options, output)
  const read = isDespiteConflict(action ?? '') ? readCase : readUnbarred
  const opened = await openCase(device, await read(device, id))
  if (action === undefined) return list(device, opened, output)
  const choice = doable(device, opened).find(one => one.action === action)
  if (!choice) throw new InvalidInput(`no such action: ${action}; without one, what there is is listed`)
  if (choice.obstacle) throw new NotAllowed(choice.obstacle)
  const wanted = await wantedOf(device, opened, choice, { ...options, said }, output)
  if (isOffer(choice.action)) await showOffer(device, opened, wanted, options, output)
  return finish(choice, opened, await perform(device, opened, wanted), output)
}

async function textOf({ text, textFile }: ActOptions): Promise<string | undefined> {
  const said = textFile === undefined ? text : await readText(textFile)
  if (said?.trim() === '') throw new InvalidInput('the text is empty')
  return said
}

/** That a report does not open is found out by opening it. */
const doable = (device: Device, opened: OpenedCase) =>
  choicesOf(device, opened).filter(({ action }) => action !== 'unopenable')

function list(device: Device, opened: OpenedCase, output: Output): undefined {
  const choices = doable(device, opened)
  const { words, colour } = output
  const { role, device: deviceId } = actorOf(device)
  const open = choices.filter(({ obstacle }) => obstacle === null)
  const barred = choices.filter(({ obstacle }) => obstacle !== null)
  const value = { case: shownCase(opened.id), device: deviceId, role, actions: choices }
  output.result(value, [
    colour.strong(words.work.openNow(words.work.role[role], shortDevice(deviceId))),
    ...open.map(choice => openLine(choice, output)),
    '',
    colour.faint(words.work.notNow),
    ...barredLines(barred, output),
  ])
}

const COLUMN = 24

function openLine({ action, label, codes, names, twoPeople, tells }: Choice, output: Output): string {
  const { words, colour, lang } = output
  const marks = [...(twoPeople ? [words.work.needsSecond] : []), ...(tells ? [words.work.tellsReporter] : [])]
  const flags = [...(codes ? [`--code ${codes.join('|')}`] : []), ...(names ? [FLAGS[names]] : [])]
  return [
    `  ${colour.strong(action.padEnd(COLUMN))}${label[lang]}`,
    ...(marks.length > 0 ? [`  ${colour.faint(`(${marks.join(', ')})`)}`] : []),
    ...(flags.length > 0 ? [`\n${' '.repeat(COLUMN + 2)}${colour.faint(flags.join(' '))}`] : []),
  ].join('')
}

const FLAGS = { agency: '--agency ID', device: '--device ID', message: '--message NUMBER' } as const

/** Together what has one reason. */
function barredLines(barred: readonly Choice[], { colour, lang }: Output): string[] {
  const reasons = [...new Set(barred.flatMap(({ obstacle }) => obstacle ?? []))]
  return reasons
    .flatMap(reason => {
      const actions = barred.filter(({ obstacle }) => obstacle === reason).map(({ action }) => action)
      return [`  ${OBSTACLES[reason][lang]}`, ...wrapped(actions.join(', '), 90).map(line => `    ${line}`)]
    })
    .map(colour.faint)
}

function wrapped(text: string, width: number): string[] {
  return text.match(new RegExp(`.{1,${width}}(?: |$)`, 'g'))?.map(line => line.trimEnd()) ?? []
}

/** Throws `InvalidInput` for what the action does not take, or needs and was not given. */
async function wantedOf(
  device: Device,
  opened: OpenedCase,
  choice: Choice,
  options: ActOptions & { said: string | undefined },
  output: Output,
): Promise<Act> {
  const { action, codes, names } = choice
  if (codes === null && options.code !== undefined) throw new InvalidInput(`${action}: takes no code`)
  if (codes && !codes.includes(options.code ?? '')) {
    for (const code of codes) output.remark(`  ${code.padEnd(COLUMN)}${codeLabel(action, code, output.lang)}`)
    throw new InvalidInput(`${action}: --code is one of ${codes.join(', ')}`)
  }
  for (const name of ['agency', 'device', 'message'] as const) {
    if (name !== names && options[name] !== undefined) throw new InvalidInput(`${action}: takes no --${name}`)
    if (name === names && options[name] === undefined)
      throw new InvalidInput(`${action}: ${FLAGS[name]} is missing`)
  }
  if (action === 'noted' && options.said === undefined) throw new InvalidInput('noted: --text is missing')
  const subject = names && (await subjectOf(device, opened, names, options[names] ?? ''))
  return {
    action,
    ...(options.code === undefined ? {} : { code: options.code }),
    ...(options.said === undefined ? {} : { text: options.said }),
    ...(subject === null ? {} : { subject }),
  }
}

async function subjectOf(
  device: Device,
  { followUps }: OpenedCase,
  names: 'agency' | 'device' | 'message',
  given: string,
): Promise<string> {
  if (names === 'agency') {
    const known = device.trust.directory.agencies.some(({ id }) => id === given)
    if (!known) throw new InvalidInput(`--agency: the directory has no ${given}`)
    return given
  }
  if (names === 'message') {
    if (!followUps.some(({ index }) => String(index) === given))
      throw new InvalidInput(`--message: no follow-up ${given}`)
    return given
  }
  const { devices } = await readDeviceList(device)
  const ids = devices.map(({ deviceId }) => toHex(deviceId))
  const found = ids.filter(id => /^[0-9a-f]{4,32}$/.test(given) && id.startsWith(given))
  if (found.length !== 1) throw new InvalidInput(`--device: not one device of this agency: ${given}`)
  return found[0] ?? ''
}

async function showOffer(
  device: Device,
  opened: OpenedCase,
  { action, subject = '', code = '' }: Act,
  { yes }: ActOptions,
  output: Output,
): Promise<void> {
  const offered = { action, agencyId: subject, code }
  for (const line of offerLines(device, opened, offered, output)) output.remark(line)
  if (!yes && !(await confirm(output.words.work.offer.ask))) throw new Declined()
}

/** Null where that was the end of the case here. */
async function perform(device: Device, opened: OpenedCase, wanted: Act): Promise<CaseAfter | null> {
  const options = { now: Date.now() }
  if (wanted.action !== 'acknowledged') {
    const after = await act(device, opened, wanted, options)
    return after && { state: caseStateOf(device, after).state, recorded: true }
  }
  const recorded = await acknowledge(device, opened, options)
  const after = await openCase(device, await readCase(device, opened.id))
  return { state: caseStateOf(device, after).state, recorded }
}

interface CaseAfter {
  readonly state: keyof typeof STATES
  readonly recorded: boolean
}

function finish(choice: Choice, opened: OpenedCase, after: CaseAfter | null, output: Output): undefined {
  const { words, colour, lang } = output
  const { action, label, twoPeople, tells } = choice
  const state = after?.state ?? null
  const recorded = after?.recorded ?? true
  output.result({ case: shownCase(opened.id), action, recorded, state, tells, isHere: after !== null }, [
    colour.good(recorded ? words.work.recorded(label[lang]) : words.work.nothingToRecord),
    ...(twoPeople ? [words.work.waitsForSecond] : []),
    ...(tells && recorded ? [words.work.reporterSees] : []),
    after ? words.work.stateNow(STATES[after.state][lang]) : words.work.gone,
  ])
}
