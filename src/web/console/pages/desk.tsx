// The frame of somebody at work: cases on the left, one of them on the right; or devices and keys.
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Room } from '../case-room.ts'
import { type AtWork, AtWorkContext, useAtWork, useObserved } from '../parts/at-work.ts'
import { ConnectionBanner, DeviceBanners } from '../parts/banners.tsx'
import { Button } from '../parts/elements.tsx'
import { LockIcon, Mark } from '../parts/icons.tsx'
import { IdleWarning } from '../parts/idle.tsx'
import { type KeyActions, KeysHelp, useKeys } from '../parts/keyboard.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { Desk } from '../unlocking.ts'
import { CasePage } from './case.tsx'
import { DevicesPage } from './devices.tsx'
import { focusList, InboxPage } from './inbox.tsx'
import type { LockReason } from './unlock.tsx'

export type DeskPlace = 'cases' | 'devices'

interface DeskPageProps {
  readonly desk: Desk
  readonly onLock: (reason: LockReason) => void
  /** What stands at the end of the header. */
  readonly aside: ComponentChildren
}

export function DeskPage({ desk, onLock, aside }: DeskPageProps) {
  const refused = useCallback(() => onLock('refused'), [onLock])
  const { atWork, hasDrafts } = useRooms(desk, refused)
  const [place, setPlace] = useState<DeskPlace>('cases')
  const [chosen, setChosen] = useState<string | null>(null)
  const [isHelping, setHelping] = useState(false)
  const [hasLetters, setLetters] = useState(true)
  const idle = useCallback(() => onLock('idle'), [onLock])
  useLossWarning(hasDrafts)
  const show = (id: string | null) => {
    setChosen(id)
    setPlace('cases')
  }
  const back = () => {
    // Beside the list, the case stays where it is.
    if (!isWide()) setChosen(null)
    // On a phone the list is there only afterwards.
    setTimeout(focusList)
  }
  const keys: KeyActions = {
    '?': () => setHelping(true),
    g: () => setPlace(place === 'cases' ? 'devices' : 'cases'),
  }
  useKeys(keys, hasLetters)
  return (
    <AtWorkContext.Provider value={atWork}>
      <DeskHeader
        place={place}
        onPlace={setPlace}
        onKeys={() => setHelping(true)}
        onLock={() => onLock('locked')}
        aside={aside}
      />
      <DeviceBanners onMore={() => setPlace('devices')} />
      <ConnectionBanner />
      <main class={`desk ${place} ${chosen === null ? 'choosing' : 'reading'}`}>
        {place === 'cases' && (
          <>
            <InboxPage chosen={chosen} onChoose={show} onBack={back} hasLetters={hasLetters} />
            <CasePage key={chosen} id={chosen} hasLetters={hasLetters} onBack={back} />
          </>
        )}
        {place === 'devices' && <DevicesPage onShow={show} />}
      </main>
      <IdleWarning onLock={idle} />
      {isHelping && <KeysHelp isOn={hasLetters} onSwitch={setLetters} onClose={() => setHelping(false)} />}
    </AtWorkContext.Provider>
  )
}

const isWide = () => matchMedia('(min-width: 60rem)').matches

/** Rooms stay open until the session ends: drafts are in them. */
function useRooms(desk: Desk, refused: () => void): { atWork: AtWork; hasDrafts: () => boolean } {
  const rooms = useRef(new Map<string, Room>())
  const atWork = useMemo(
    () => ({
      ...desk,
      refused,
      room: (id: string) => {
        const room = rooms.current.get(id) ?? desk.engine.openRoom(desk.session, id, desk.inbox)
        rooms.current.set(id, room)
        return room
      },
    }),
    [desk, refused],
  )
  const hasDrafts = useCallback(
    () =>
      [...rooms.current.values()].some(room => {
        const { draft, note, attached, outgoing, files } = room.current()
        const isWritten = draft.trim() !== '' || note.trim() !== '' || attached.length > 0
        const isUnderWay = [...files.values()].some(({ doing }) => doing !== null)
        return isWritten || isUnderWay || outgoing.some(({ state }) => state !== 'sent')
      }),
    [],
  )
  return { atWork, hasDrafts }
}

function useLossWarning(hasDrafts: () => boolean): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      if (hasDrafts()) event.preventDefault()
    }
    window.addEventListener('beforeunload', warn)
    return () => window.removeEventListener('beforeunload', warn)
  }, [hasDrafts])
}

interface DeskHeaderProps {
  readonly place: DeskPlace
  readonly onPlace: (place: DeskPlace) => void
  readonly onKeys: () => void
  readonly onLock: () => void
  readonly aside: ComponentChildren
}

function DeskHeader({ place, onPlace, onKeys, onLock, aside }: DeskHeaderProps) {
  const { words } = useSpeech()
  const { frame } = words
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => title.current?.focus(), [])
  return (
    <header class="top">
      <Mark />
      <AgencyName title={title} />
      <nav aria-label={frame.main}>
        {(['cases', 'devices'] as const).map(name => (
          <button
            key={name}
            type="button"
            class="button quiet tab"
            aria-current={place === name ? 'page' : undefined}
            onClick={() => onPlace(name)}
          >
            {frame[name]}
          </button>
        ))}
      </nav>
      <span class="top-gap" />
      <Live />
      <span class="only-wide">
        <Button kind="quiet" onClick={onKeys}>
          {frame.keys} <kbd>?</kbd>
        </Button>
      </span>
      {aside}
      <button type="button" class="button lock" onClick={onLock}>
        <LockIcon />
        {frame.lock}
      </button>
    </header>
  )
}

function AgencyName({ title }: { readonly title: { current: HTMLHeadingElement | null } }) {
  const { language, words } = useSpeech()
  const { session } = useAtWork()
  return (
    <div class="agency">
      <h1 ref={title} tabIndex={-1}>
        {session.agency.names[language]}
      </h1>
      <p>
        {words.frame.roles[session.role]} · <span class="mono">{session.deviceId.slice(0, 8)}</span>
      </p>
    </div>
  )
}

/** Whether what is seen is what there is. */
function Live() {
  const { words, number } = useSpeech()
  const { inbox } = useAtWork()
  const { connection, cases } = useObserved(inbox)
  const said: Readonly<Record<string, string>> = {
    live: words.connection.live,
    loading: words.connection.loading(number(cases.size)),
    away: words.connection.away,
  }
  return (
    <span class={`live ${connection.kind}`} role="status">
      {said[connection.kind] ?? words.connection.ended}
    </span>
  )
}
