// Where somebody is, and what they wrote: all of it in this component's memory, and gone with it.
import { useEffect, useMemo, useState } from 'preact/hooks'
import { serviceUrl } from '../page/deployment.ts'
import { type Draft, EMPTY_DRAFT, isStarted, type Language } from './answers.ts'
import { useConnection } from './connection.ts'
import { useDoubleTapsOnOnePage } from './double-tap.ts'
import { leave, useEscapeTwice, useLossWarning, useNoOpening } from './leaving.ts'
import type { MyReport } from './my-report.ts'
import { AddressPage } from './pages/address.tsx'
import { EnterPage } from './pages/enter.tsx'
import { MinePage } from './pages/mine.tsx'
import { StartPage } from './pages/start.tsx'
import { Frame } from './parts/frame.tsx'
import { SpeechContext, speechIn } from './parts/speaking.tsx'
import { isReporting, Reporting, type ReportPlace, type Sent } from './reporting.tsx'

export type Place =
  | { readonly name: 'start' | 'enter' }
  | { readonly name: 'mine'; readonly mine: MyReport }
  | ReportPlace

const START: Place = { name: 'start' }

export function App() {
  const [language, setLanguage] = useState<Language>('ko')
  const [address, setAddress] = useState(serviceUrl)
  const [place, setPlace] = useState<Place>(START)
  const [draft, setDraft] = useState<Draft>(EMPTY_DRAFT)
  const [sent, setSent] = useState<Sent | null>(null)
  const [unsaved, setUnsaved] = useState(false)
  const connecting = useConnection(address)
  const speech = useMemo(() => speechIn(language), [language])
  useEscapeTwice(leave)
  useNoOpening()
  useDoubleTapsOnOnePage()
  // Once the code is written down, nothing is left to lose.
  useLossWarning(place.name !== 'done' && (isStarted(draft) || sent !== null || unsaved))
  useEffect(() => {
    document.documentElement.lang = language
    document.title = speech.words.title
  }, [language, speech])
  const restart = () => {
    setDraft(EMPTY_DRAFT)
    setSent(null)
    setUnsaved(false)
    setPlace(START)
  }
  return (
    <SpeechContext.Provider value={speech}>
      <Frame connecting={connecting} onLanguage={() => setLanguage(language === 'ko' ? 'en' : 'ko')}>
        {address === null && <AddressPage onAddress={setAddress} />}
        {address !== null && place.name === 'start' && (
          <StartPage
            connecting={connecting}
            onReport={() => setPlace({ name: 'before' })}
            onLook={() => setPlace({ name: 'enter' })}
          />
        )}
        {place.name === 'enter' && (
          <EnterPage
            connecting={connecting}
            onBack={() => setPlace(START)}
            onOpened={mine => setPlace({ name: 'mine', mine })}
          />
        )}
        {place.name === 'mine' && (
          <MinePage
            mine={place.mine}
            onMine={mine => setPlace({ name: 'mine', mine })}
            unsaved={unsaved}
            onUnsaved={setUnsaved}
            onStart={() => {
              setUnsaved(false)
              setPlace(START)
            }}
          />
        )}
        {isReporting(place) && (
          <Reporting
            {...{ place, draft, setDraft, connecting, sent, restart }}
            onPlace={setPlace}
            onSent={setSent}
          />
        )}
      </Frame>
    </SpeechContext.Provider>
  )
}
