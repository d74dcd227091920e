import type { DevicesView, ListedEpoch } from '../devices.ts'
import { useAtWork, useObserved } from '../parts/at-work.ts'
import { Commands, Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'

/** More cases than these are counted. */
const LISTED = 12

interface EpochKeysProps {
  readonly view: DevicesView
  readonly onShow: (id: string) => void
}

export function EpochKeys({ view, onShow }: EpochKeysProps) {
  const { words, day } = useSpeech()
  const { devices } = words
  return (
    <section aria-labelledby="epoch-keys">
      <h3 id="epoch-keys">{devices.epochs}</h3>
      <p class="help">{devices.epochsText}</p>
      {view.reachableUntil === null ? (
        <Notice tone="bad" title={devices.unreachable} />
      ) : (
        <p>{devices.reachable(day(view.reachableUntil))}</p>
      )}
      {view.isRenewalDue && (
        <Notice tone="warn" title={devices.renewalTitle}>
          <p>{devices.renewalText}</p>
          <Commands lines={devices.renewalCommands} />
        </Notice>
      )}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, and the keyboard must reach it. */}
      <div class="table-room" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{devices.key}</th>
              <th scope="col">{devices.from}</th>
              <th scope="col">{devices.sealsUntil}</th>
              <th scope="col">{devices.acceptedUntil}</th>
              <th scope="col">{devices.state}</th>
              <th scope="col">{devices.todo}</th>
            </tr>
          </thead>
          <tbody>
            {view.epochs.map(epoch => (
              <EpochRow key={epoch.keyId} epoch={epoch} onShow={onShow} />
            ))}
          </tbody>
        </table>
      </div>
      <h4>{devices.destroyTitle}</h4>
      <ol class="before-destroying">
        {devices.destroySteps.map(step => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    </section>
  )
}

function EpochRow({
  epoch,
  onShow,
}: {
  readonly epoch: ListedEpoch
  readonly onShow: EpochKeysProps['onShow']
}) {
  const { words, shortDay } = useSpeech()
  const { devices } = words
  const { todos } = devices
  const { todo, unopened } = epoch
  return (
    <tr class={epoch.state}>
      <th scope="row">
        <Id of={epoch.keyId} short />
        <p class="help">{epoch.isHeld ? devices.held : devices.notHeld}</p>
        {!epoch.isPublished && <p class="help">{devices.unpublished}</p>}
      </th>
      <td>{shortDay(epoch.validFrom)}</td>
      <td>{shortDay(epoch.validUntil)}</td>
      <td>{shortDay(epoch.acceptedUntil)}</td>
      <td>
        <span class={`state ${epoch.state}`}>{devices.epochStates[epoch.state]}</span>
      </td>
      <td class={`todo ${todo}`}>
        {todo === 'open-first' ? todos['open-first'](unopened.length) : todos[todo]}
        {todo === 'open-first' && <Unopened ids={unopened} onShow={onShow} />}
      </td>
    </tr>
  )
}

function Unopened({
  ids,
  onShow,
}: {
  readonly ids: readonly string[]
  readonly onShow: EpochKeysProps['onShow']
}) {
  const { devices } = useSpeech().words
  const { inbox } = useAtWork()
  const { cases } = useObserved(inbox)
  return (
    <ul class="unopened">
      {ids.slice(0, LISTED).map(id => {
        const shown = cases.get(id)?.shown.slice(0, 8) ?? ''
        return (
          <li key={id}>
            <button
              type="button"
              class="link-button mono"
              aria-label={devices.openCase(shown)}
              onClick={() => onShow(id)}
            >
              {shown}
            </button>
          </li>
        )
      })}
      {ids.length > LISTED && <li>{devices.more(ids.length - LISTED)}</li>}
    </ul>
  )
}
