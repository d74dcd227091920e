// Before a case is offered to another agency: who it is, what it will be able to read, and what becomes of the rest.
import { territoryName } from '../../../protocol/territories.ts'
import type { OtherAgency } from '../case-work.ts'
import { linesOfCase } from '../file-lines.ts'
import { Id, Notice } from '../parts/elements.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import type { Opened } from './case-parts.tsx'

export type Offer = 'hand-over-proposed' | 'agency-invited'

type WhyNot = { readonly kind: 'unknown' } | { readonly kind: 'missing' }

/** Why nothing of this case can be offered from this device; null where it can. */
export function whyNotOffered({ work }: Pick<Opened, 'work'>): WhyNot | null {
  if (work.agencies === null) return { kind: 'unknown' }
  return work.missing.length > 0 ? { kind: 'missing' } : null
}

interface OfferViewProps {
  readonly offer: Offer
  readonly content: Opened
  /** Empty as long as none is chosen. */
  readonly agencyId: string
}

export function OfferView({ offer, content, agencyId }: OfferViewProps) {
  const { handOver: said } = useSpeech().words.work
  const whyNot = whyNotOffered(content)
  const agency = content.work.agencies?.find(({ id }) => id === agencyId)
  if (whyNot)
    return (
      <Notice tone="bad" urgent>
        {whyNot.kind === 'unknown' ? <p>{said.unknown}</p> : <Missing work={content.work} />}
      </Notice>
    )
  return (
    <div class="offer" aria-live="polite">
      {agency ? <WhoSeesWhat offer={offer} content={content} agency={agency} /> : <p>{said.pickFirst}</p>}
    </div>
  )
}

/** Messages that this device lacks the keys of, and colleagues who can hand them on. */
function Missing({ work: { missing } }: Pick<Opened, 'work'>) {
  const { handOver: said } = useSpeech().words.work
  return (
    <>
      <p>{said.missing}</p>
      <ul>
        {missing.map(({ index, heldBy }) => (
          <li key={index}>
            {said.missingOne(index)} {heldBy.length === 0 ? said.heldByNobody : said.heldBy}{' '}
            {heldBy.map(device => (
              <Id key={device} of={device} short />
            ))}
          </li>
        ))}
      </ul>
    </>
  )
}

interface WhoSeesWhatProps {
  readonly offer: Offer
  readonly content: Opened
  readonly agency: OtherAgency
}

function WhoSeesWhat({ offer, content: { opened }, agency }: WhoSeesWhatProps) {
  const { words, language } = useSpeech()
  const said = words.work.handOver
  const name = agency.names[language]
  const files = linesOfCase(opened)
  return (
    <>
      <p>
        <strong>{name}</strong> {agency.about[language]}
      </p>
      <p class="help">
        {said.powers}: {agency.powers.map(power => said.powersKnown[power] ?? power).join(', ')}
      </p>
      <p class="help">
        {said.territory}: {territoryName(agency.territory, language)}
      </p>
      <h5>{said.sees(name)}</h5>
      <ul class="sees">
        <li>{said.seesReport}</li>
        <li>{said.seesFollowUps(opened.followUps.length)}</li>
        <li>
          {said.seesFiles(files.length)}
          {files.length > 0 && (
            <ul>
              {files.map(({ key, name: called, size, isAttached }) => (
                <li key={key}>
                  <bdi>{called}</bdi> {roughSize(size)}
                  {!isAttached && <span class="help"> ({said.kept})</span>}
                </li>
              ))}
            </ul>
          )}
        </li>
      </ul>
      <h5>{said.notSees}</h5>
      <ul class="not-sees">
        {[said.notReplies, said.notNotes, said.notHistory].map(what => (
          <li key={what}>{what}</li>
        ))}
      </ul>
      <h5>{said.loses}</h5>
      <p>{offer === 'hand-over-proposed' ? said.losesHandOver(name) : said.losesInvite(name)}</p>
      <p>{said.told}</p>
    </>
  )
}
