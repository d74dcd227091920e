import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { DevicesView, ListedDevice } from '../devices.ts'
import { useAtWork, useObserved, useRefusal } from '../parts/at-work.ts'
import { Button, Commands, Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { ServiceTrouble } from '../trouble.ts'
import { EpochKeys } from './epoch-keys.tsx'

interface DevicesPageProps {
  readonly onShow: (id: string) => void
}

export function DevicesPage({ onShow }: DevicesPageProps) {
  const { words } = useSpeech()
  const { view, trouble, again } = useDevices()
  useRefusal(trouble === 'refused')
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => title.current?.focus(), [])
  return (
    <div class="devices-page">
      <h2 ref={title} tabIndex={-1}>
        {words.devices.heading}
      </h2>
      {trouble !== null && (
        <Notice tone={trouble === 'away' ? 'warn' : 'bad'} urgent>
          <p>{words.troubles[trouble]}</p>
          <Button onClick={again}>{words.retry}</Button>
        </Notice>
      )}
      {!view && trouble === null && <p role="status">{words.devices.loading}</p>}
      {view && (
        <>
          <OwnDevice view={view} />
          <DeviceTable view={view} />
          <EpochKeys view={view} onShow={onShow} />
        </>
      )}
    </div>
  )
}

function useDevices() {
  const { engine, session, inbox } = useAtWork()
  const { cases } = useObserved(inbox)
  const [view, setView] = useState<DevicesView | null>(null)
  const [trouble, setTrouble] = useState<ServiceTrouble | null>(null)
  const again = useCallback(() => {
    const read = async () => {
      try {
        const next = await engine.readDevices(session, [...cases.values()])
        if (session.signal.aborted) return
        setView(next)
        setTrouble(null)
      } catch (error) {
        if (!session.signal.aborted) setTrouble(engine.serviceTrouble(error))
      }
    }
    void read()
  }, [engine, session, cases])
  useEffect(again, [again])
  return { view, trouble, again }
}

function OwnDevice({ view }: { readonly view: DevicesView }) {
  const { words, day } = useSpeech()
  const { devices } = words
  const { session } = useAtWork()
  const { validUntil, daysLeft, isEnding } = view.certificate
  return (
    <section aria-labelledby="own-device">
      <h3 id="own-device">{devices.own}</h3>
      <p>
        <Id of={session.deviceId} /> · {words.frame.roles[session.role]}
      </p>
      <p>{devices.validUntil(day(validUntil), daysLeft)}</p>
      <p>{session.wasSealed ? devices.sealed : devices.plain}</p>
      {isEnding && (
        <Notice tone="warn" title={devices.renewTitle}>
          <p>{devices.renewText}</p>
          <Commands lines={devices.renewCommands} />
        </Notice>
      )}
    </section>
  )
}

function DeviceTable({ view }: { readonly view: DevicesView }) {
  const { devices } = useSpeech().words
  return (
    <section aria-labelledby="device-list">
      <h3 id="device-list">{devices.list}</h3>
      <p class="help">{devices.version(view.version)}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls on a phone, and the keyboard must reach it. */}
      <div class="table-room" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">{devices.id}</th>
              <th scope="col">{devices.role}</th>
              <th scope="col">{devices.scopes}</th>
              <th scope="col">{devices.from}</th>
              <th scope="col">{devices.until}</th>
              <th scope="col">{devices.state}</th>
            </tr>
          </thead>
          <tbody>
            {view.devices.map(device => (
              <DeviceRow key={device.id} device={device} />
            ))}
          </tbody>
        </table>
      </div>
      <p class="help">{devices.unknown}</p>
    </section>
  )
}

function DeviceRow({ device }: { readonly device: ListedDevice }) {
  const { words, shortDay } = useSpeech()
  const { devices, frame } = words
  return (
    <tr class={device.state}>
      <th scope="row">
        <Id of={device.id} short />
        {device.isOwn && <strong class="own"> {devices.ownMark}</strong>}
      </th>
      <td>{frame.roles[device.role]}</td>
      <td>{device.scopes.map(scope => devices.scope[scope]).join(', ')}</td>
      <td>{shortDay(device.validFrom)}</td>
      <td>{shortDay(device.validUntil)}</td>
      <td>
        <span class={`state ${device.state}`}>{devices.states[device.state]}</span>
      </td>
    </tr>
  )
}
