// docs/lifecycle.md: the table of src/protocol/lifecycle.ts for people who read no code, and its diagram.
import { DEFAULT_CLOCKS } from '../src/protocol/default-clocks.ts'
import type { Names } from '../src/protocol/directory.ts'
import { type Row, TRANSITIONS } from '../src/protocol/lifecycle.ts'
import { clocksMovedBy } from '../src/protocol/lifecycle-clocks.ts'
import { OBSTACLES } from '../src/protocol/lifecycle-obstacles.ts'
import { PHASES, STANDINGS, STATES, type State } from '../src/protocol/lifecycle-phases.ts'
import { CODES, UNANSWERED_BEFORE_ENDING } from '../src/protocol/outcome-codes.ts'

const ROWS: readonly Row[] = TRANSITIONS
const STATE_NAMES = Object.keys(STATES) as State[]
const ENDED = STATE_NAMES.filter(state => STATES[state].ended)

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map(cells => `| ${cells.join(' | ')} |`).join('\n')

const words = (names: Readonly<Record<string, Names>>) =>
  Object.entries(names).map(([name, { ko, en }]) => [`\`${name}\``, ko, en])

function fromOf({ from }: Row): string {
  const missing = STATE_NAMES.filter(state => !from.includes(state))
  if (missing.length === 0) return 'every state'
  if (missing.length > 3) return from.join(', ')
  return `every state but ${missing.join(', ')}`
}

function toOf({ to }: Row): string {
  if (to === 'same') return '–'
  return to === 'as-proposed' ? 'where the decision leads' : to
}

function clocksOf({ action, again }: Row): string {
  if (again) return ''
  const { starts, stops, extends: longer, pauses, resumes } = clocksMovedBy(action, DEFAULT_CLOCKS)
  const signs = [
    ['▶', starts],
    ['■', stops],
    ['↦', longer],
    ['⏸', pauses],
    ['⏵', resumes],
  ] as const
  return signs.flatMap(([sign, clocks]) => clocks.map(clock => `${sign} ${clock}`)).join('<br>')
}

function saysOf({ code, names }: Row): string {
  return [code ? `code: ${code}` : '', names ?? ''].filter(part => part !== '').join('<br>')
}

function notesOf(row: Row): string {
  return [
    row.twoPeople ? '**two people**' : '',
    row.despiteConflict ? 'despite a conflict' : '',
    row.whilePending ? 'while a decision waits' : '',
    row.unless ? `unless ${row.unless.join(', ')}` : '',
    row.tells ? 'tells the reporter' : '',
    row.saysInside ? 'says why to the agency that asked' : '',
  ]
    .filter(part => part !== '')
    .join('<br>')
}

const transitions = () =>
  table(
    ['from', 'action', '', 'to', 'who', 'agency', 'says', 'clocks', ''],
    ROWS.map(row => [
      fromOf(row),
      `\`${row.action}\``,
      `${row.label.ko} · ${row.label.en}`,
      toOf(row),
      row.by.join(', '),
      (row.standing ?? ['holder']).join(', '),
      saysOf(row),
      clocksOf(row),
      notesOf(row),
    ]),
  )

const idOf = (state: State) => state.replaceAll('-', '_')

function diagram(): string {
  const states = STATE_NAMES.map(
    state => `  state "${STATES[state].en} · ${STATES[state].ko}" as ${idOf(state)}`,
  )
  const arrows = ROWS.flatMap(({ from, to, action, twoPeople }) =>
    to === 'same' || to === 'as-proposed'
      ? []
      : from
          .filter(state => state !== to)
          .map(state => `  ${idOf(state)} --> ${idOf(to)}: ${action}${twoPeople ? ', two people' : ''}`),
  )
  const ended = ENDED.map(state => `  class ${idOf(state)} ended`)
  const style = '  classDef ended stroke-width:3px'
  return [
    '```mermaid',
    'stateDiagram-v2',
    style,
    ...states,
    '  [*] --> new',
    ...arrows,
    ...ended,
    '```',
  ].join('\n')
}

const codes = () =>
  Object.entries(CODES)
    .map(([set, names]) => `### ${set}\n\n${table(['code', '우리말', 'English'], words(names))}`)
    .join('\n\n')

export function buildLifecycleDocument(): string {
  return `# Lifecycle of a case · 사건의 흐름

Written by \`node scripts/lifecycle.ts\` from \`src/protocol/lifecycle.ts\`: change it there.
Why it is a table: [decision 0024](decisions/0024-lifecycle-as-a-table.md).

${diagram()}

A case may rest where the frame is thick. An auditor does nothing of what follows: who watches does not act.

## States

${table(
  ['state', '우리말', 'phase (ISO 37002)', 'ended'],
  STATE_NAMES.map(state => {
    const { ko, phase, ended } = STATES[state]
    return [`\`${state}\``, ko, `${phase} · ${PHASES[phase].ko}`, ended ? 'yes' : '']
  }),
)}

## Actions

«–»: the state stays. Clocks are those of the demonstration; a deployment's own are in its directory
([decision 0023](decisions/0023-clocks-and-calendars.md)): ▶ starts one · ■ stops it · ↦ makes it longer · ⏸ pauses it · ⏵ lets it go on.
What is for **two people** is proposed by one device and happens, clocks and all, when another one confirms; until then
the reporter is not told of it. A declared conflict of interest bars a device from everything but what says «despite a
conflict». While a decision waits for its second person, only what says so is open.

${transitions()}

## Why not

What a button says that is greyed out; the first that holds, in this order.

${table(['obstacle', '우리말', 'English'], words(OBSTACLES))}

## How an agency stands to a case

${table(['standing', '우리말', ''], words(STANDINGS))}

## Codes

\`unanswered\` may be given once ${UNANSWERED_BEFORE_ENDING} requests for information in a row stayed without an answer.

${codes()}
`
}
