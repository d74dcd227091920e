// npm run bench [-- --json] [--only submissions mailbox cases scale start memory seal web files agencies]
import { parseArgs } from 'node:util'
import { describeMachine } from './machine.ts'
import { type Figures, type Part, withBench } from './part.ts'
import { measureAgencies } from './parts/agencies.ts'
import { measureCases } from './parts/cases.ts'
import { measureFiles } from './parts/files.ts'
import { measureMailbox } from './parts/mailbox.ts'
import { measureMemory } from './parts/memory.ts'
import { measureScale } from './parts/scale.ts'
import { measureSealing } from './parts/seal.ts'
import { measureStart } from './parts/start.ts'
import { measureSubmissions } from './parts/submissions.ts'
import { measureWeb } from './parts/web.ts'

const PARTS: Readonly<Record<string, Part>> = {
  submissions: measureSubmissions,
  mailbox: measureMailbox,
  cases: measureCases,
  scale: measureScale,
  start: measureStart,
  memory: measureMemory,
  seal: measureSealing,
  web: measureWeb,
  files: measureFiles,
  agencies: measureAgencies,
}

function readArguments(): { json: boolean; names: string[] } {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false }, only: { type: 'string', multiple: true } },
    allowPositionals: true,
  })
  const only = [...(values.only ?? []), ...positionals].flatMap(text => text.split(','))
  const unknown = only.filter(name => !PARTS[name])
  if (unknown.length > 0) throw new Error(`no part ${unknown.join(', ')}: ${Object.keys(PARTS).join(' ')}`)
  return {
    json: values.json,
    names: Object.keys(PARTS).filter(name => only.length === 0 || only.includes(name)),
  }
}

const { json, names } = readArguments()
const say = (line: string) => console.log(line)
let figures: Figures = {}
await withBench(say, async bench => {
  for (const line of await describeMachine()) say(line)
  for (const name of names) {
    const begun = performance.now()
    say(`\n${name}`)
    figures = { ...figures, ...(await PARTS[name]?.(bench)) }
    say(`(${((performance.now() - begun) / 1000).toFixed(0)} s)`)
  }
})
if (json) say(JSON.stringify(figures))
