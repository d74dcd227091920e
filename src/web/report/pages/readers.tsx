// Who will read it. Worked out here: nobody is asked which agencies suit which answers.
import { territoryName } from '../../../protocol/territories.ts'
import { neutralise } from '../../page/untrusted-text.ts'
import { chosenAgencies, type Draft, routedBy } from '../answers.ts'
import type { Connecting, Connection } from '../connection.ts'
import type { Agency } from '../engine.ts'
import { Button, Steps } from '../parts/buttons.tsx'
import { FieldError } from '../parts/fields.tsx'
import { ConnectionNotice } from '../parts/frame.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface ReadersProps {
  readonly connecting: Connecting
  readonly draft: Draft
  readonly onChange: (change: Pick<Draft, 'agencies' | 'refused'>) => void
  readonly onBack: () => void
  readonly onNext: () => void
}

const MOST = 4
/** As the report's content has room for. */
const MOST_REFUSED = 32

/** What the route table says to these answers, of agencies that can be written to today. */
export function recommended({ engine, trust }: Connection, draft: Draft): string[] {
  const able = engine.agenciesToday(trust).map(({ id }) => id)
  return engine
    .recommendAgencies(trust.directory, routedBy(draft), trust.today)
    .filter(id => able.includes(id))
}

export function ReadersPage(props: ReadersProps) {
  const { connecting, onBack } = props
  const { words } = useSpeech()
  const { state } = connecting
  if (state.kind === 'ready') return <Readers {...props} connection={state.connection} />
  return (
    <Page heading={words.readers.heading}>
      <ConnectionNotice {...connecting} />
      <Steps>
        <Button onClick={onBack}>{words.back}</Button>
      </Steps>
    </Page>
  )
}

function Readers(props: ReadersProps & { readonly connection: Connection }) {
  const { connection, draft, onChange, onBack, onNext } = props
  const { words } = useSpeech()
  const { readers } = words
  const suggested = recommended(connection, draft)
  const chosen = chosenAgencies(draft, suggested)
  const agencies = connection.engine.agenciesToday(connection.trust)
  const rank = ({ id }: Agency) => (suggested.includes(id) ? suggested.indexOf(id) : MOST)
  const choose = (id: string, read: boolean) =>
    onChange({
      agencies: read ? [...chosen, id] : chosen.filter(other => other !== id),
      refused: draft.refused.filter(other => other !== id),
    })
  const refuse = (id: string) => {
    const refused = draft.refused.includes(id)
      ? draft.refused.filter(other => other !== id)
      : [...draft.refused, id]
    onChange({ agencies: draft.agencies?.filter(other => other !== id) ?? null, refused })
  }
  return (
    <Page heading={readers.heading} lead={suggested.length > 0 ? readers.lead : readers.leadNone}>
      <ul class="cards">
        {agencies
          .toSorted((a, b) => rank(a) - rank(b))
          .map(agency => (
            <Card
              key={agency.id}
              agency={agency}
              suggested={suggested.includes(agency.id)}
              chosen={chosen.includes(agency.id)}
              refused={draft.refused.includes(agency.id)}
              full={chosen.length >= MOST}
              refusable={draft.refused.length < MOST_REFUSED}
              onChoose={read => choose(agency.id, read)}
              onRefuse={() => refuse(agency.id)}
            />
          ))}
      </ul>
      <p class="count" role="status">
        {chosen.length >= MOST ? readers.full : readers.chosen(chosen.length)}
      </p>
      <FieldError id="readers" error={chosen.length === 0 ? readers.tooFew : null} />
      {draft.refused.length > 0 && <RuledOut />}
      <p class="aside">{readers.note}</p>
      <Steps>
        <Button onClick={onBack}>{words.back}</Button>
        <Button kind="main" onClick={onNext} disabled={chosen.length === 0}>
          {words.next}
        </Button>
      </Steps>
    </Page>
  )
}

/** What it does, before anything is sent. */
export function RuledOut() {
  const { title, text } = useSpeech().words.readers.ruledOut
  return (
    <Notice tone="plain" title={title}>
      <p>{text}</p>
    </Notice>
  )
}

interface CardProps {
  readonly agency: Agency
  readonly suggested: boolean
  readonly chosen: boolean
  readonly refused: boolean
  readonly full: boolean
  readonly refusable: boolean
  readonly onChoose: (read: boolean) => void
  readonly onRefuse: () => void
}

function Card(props: CardProps) {
  const { agency, suggested, chosen, refused, full, refusable, onChoose, onRefuse } = props
  const { words, language } = useSpeech()
  const { readers } = words
  const name = agency.names[language]
  const id = `agency-${agency.id}`
  return (
    <li class={`card ${chosen ? 'chosen' : ''} ${refused ? 'refused' : ''}`}>
      <label class="card-head" for={id}>
        <input
          id={id}
          type="checkbox"
          checked={chosen}
          disabled={refused || (full && !chosen)}
          aria-describedby={`${id}-about`}
          onChange={event => onChoose(event.currentTarget.checked)}
        />
        <span class="card-name">{name}</span>
      </label>
      <div id={`${id}-about`} class="card-body">
        <p>{agency.about[language]}</p>
        <ul class="tags">
          {suggested && <li class="tag warm">{readers.recommended}</li>}
          <li class="tag">{readers.territory(neutralise(territoryName(agency.territory, language)))}</li>
          {agency.powers.map(power => {
            const plain = readers.powers[power]
            return plain ? (
              <li key={power} class="tag">
                {plain}
              </li>
            ) : null
          })}
        </ul>
        {refused && <p class="card-refused">{readers.refused}</p>}
      </div>
      <Button
        kind="quiet"
        onClick={onRefuse}
        disabled={!refused && !refusable}
        label={`${refused ? readers.allow : readers.refuse}: ${name}`}
      >
        {refused ? readers.allow : readers.refuse}
      </Button>
    </li>
  )
}
