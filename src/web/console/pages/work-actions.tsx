import type { Choice } from '../../../protocol/lifecycle-guards.ts'
import { OBSTACLES } from '../../../protocol/lifecycle-obstacles.ts'
import { type GroupedChoices, panelOf } from '../action-groups.ts'
import { useSpeech } from '../parts/speaking.tsx'

interface ActionPanelProps {
  readonly choices: readonly Choice[]
  readonly isBusy: boolean
  readonly onChoose: (action: Choice['action']) => void
}

export function ActionPanel({ choices, ...rest }: ActionPanelProps) {
  const { actions } = useSpeech().words.work
  const { now, rare, later } = panelOf(choices)
  const isAnyOpen = now.some(group => group.choices.some(({ obstacle }) => obstacle === null))
  return (
    <div class="action-panel">
      {!isAnyOpen && <p>{actions.nothing}</p>}
      <Groups groups={now} {...rest} />
      {rare.length > 0 && (
        <details>
          <summary>{actions.rare}</summary>
          <Groups groups={rare} {...rest} />
        </details>
      )}
      {later.length > 0 && (
        <details>
          <summary>{actions.later}</summary>
          <Groups groups={later} {...rest} />
        </details>
      )}
    </div>
  )
}

interface GroupsProps extends Omit<ActionPanelProps, 'choices'> {
  readonly groups: readonly GroupedChoices[]
}

function Groups({ groups, ...rest }: GroupsProps) {
  const { actions } = useSpeech().words.work
  return (
    <>
      {groups.map(({ group, choices }) => (
        <fieldset key={group} class="action-group">
          <legend>{actions.groups[group]}</legend>
          <ul>
            {choices.map(choice => (
              <ActionItem key={choice.action} choice={choice} {...rest} />
            ))}
          </ul>
        </fieldset>
      ))}
    </>
  )
}

interface ActionItemProps extends Omit<ActionPanelProps, 'choices'> {
  readonly choice: Choice
}

/** One that is not open can be reached, so that its reason is heard. */
function ActionItem({ choice: { action, label, obstacle }, isBusy, onChoose }: ActionItemProps) {
  const { words, language } = useSpeech()
  const isOpen = obstacle === null
  const reason = `why-${action}`
  return (
    <li>
      <button
        type="button"
        id={`act-${action}`}
        class="button"
        aria-disabled={!isOpen || isBusy}
        aria-describedby={isOpen ? undefined : reason}
        onClick={() => {
          if (isOpen && !isBusy) onChoose(action)
        }}
      >
        <span class="named">{label[language]}</span>
      </button>
      {obstacle !== null && (
        <span id={reason} class="why-not">
          <span class="unseen">{words.work.actions.notOpen} </span>
          {OBSTACLES[obstacle][language]}
        </span>
      )}
    </li>
  )
}
