// `npm run demo`: a whole story in one terminal. `npm run demo -- --story handover` plays the other one.
import { parseArgs } from 'node:util'
import { playHandover } from './demo-handover.ts'
import { playReport } from './demo-report.ts'
import { onStage, type Stage } from './demo-stage.ts'

const STORIES: Readonly<Record<string, (stage: Stage) => Promise<void>>> = {
  report: playReport,
  handover: playHandover,
}

/** The only option; whatever else somebody tries is told what there is. */
function chosenStory(): string {
  try {
    return parseArgs({ options: { story: { type: 'string', default: 'report' } } }).values.story
  } catch {
    return ''
  }
}

const story = chosenStory()
const play = Object.hasOwn(STORIES, story) ? STORIES[story] : undefined
if (play) await onStage(play)
else {
  console.error(`--story: one of ${Object.keys(STORIES).join(', ')}`)
  process.exitCode = 2
}
