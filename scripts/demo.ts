// `npm run demo`: a whole story in one terminal. `npm run demo -- --story handover` plays the other one.
import { parseArgs } from 'node:util'
import { playHandover } from './demo-handover.ts'
import { playReport } from './demo-report.ts'
import { onStage, type Stage } from './demo-stage.ts'

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  report: playReport,
  handover: playHandover,
}

const { values } = parseArgs({ options: { story: { type: 'string', default: 'report' } } })
const play = Object.hasOwn(STORIES, values.story) ? STORIES[values.story] : undefined
if (play) await onStage(play)
else {
  console.error(`--story: one of ${Object.keys(STORIES).join(', ')}`)
  process.exitCode = 2
}
