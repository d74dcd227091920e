import { rowsOf } from '../../../protocol/lifecycle.ts'
import { isSame } from '../../../protocol/lifecycle-guards.ts'
import { PHASES, STANDINGS, STATES } from '../../../protocol/lifecycle-phases.ts'
import type { Decision } from '../../../protocol/lifecycle-state.ts'
import type { CaseWork, WorkOffer } from '../case-work.ts'
import { Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { codeNames } from '../said.ts'

interface StandingProps {
  readonly work: CaseWork
}

export function StandingView({ work }: StandingProps) {
  const { words, language } = useSpeech()
  const said = words.work.standing
  const { state, standing, partners, actor } = work
  const isBarred = (list: typeof state.conflicts) => list.some(one => isSame(one, actor))
  return (
    <section class="standing" aria-label={said.label}>
      <Offer work={work} />
      {isBarred(state.recused) && <Notice tone="warn" title={said.recused} />}
      {isBarred(state.conflicts) && <Notice tone="warn" title={said.conflict} />}
      <dl class="pairs">
        <dt>{said.state}</dt>
        <dd>
          <strong class="named">{STATES[state.state][language]}</strong> · {said.phase}:{' '}
          {PHASES[STATES[state.state].phase][language]}
        </dd>
        <dt>{said.own}</dt>
        <dd>{standing.map(one => STANDINGS[one][language]).join(' · ') || said.nothing}</dd>
        {partners.length > 0 && (
          <>
            <dt>{said.partners}</dt>
            <dd>
              <ul class="plain">
                {partners.map(({ id, names, standing: theirs, isAsked }) => (
                  <li key={`${id}-${isAsked}`}>
                    <strong>{names?.[language] ?? id}</strong>{' '}
                    {theirs.map(one => STANDINGS[one][language]).join(' · ')}
                    {isAsked && <span class="help"> ({said.asked})</span>}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
        {state.pending && (
          <>
            <dt>{said.pending}</dt>
            <dd>
              <Decided decision={state.pending} work={work} />
            </dd>
          </>
        )}
        {state.decision && (
          <>
            <dt>{said.decision}</dt>
            <dd>
              <Decided decision={state.decision} work={work} />
            </dd>
          </>
        )}
      </dl>
      {state.request && <p>{said.request}</p>}
    </section>
  )
}

/** What this agency was asked, by whom. */
function Offer({ work: { standing, partners, offers } }: StandingProps) {
  const { words, language } = useSpeech()
  const said = words.work.standing
  const lead = partners.find(({ isAsked, standing: theirs }) => !isAsked && theirs.includes('holder'))
  if (!lead) return null
  const name = lead.names?.[language] ?? lead.id
  if (standing.includes('taking-over'))
    return (
      <Notice tone="warn" title={said.acceptedTitle}>
        <p>{said.acceptedText(name)}</p>
      </Notice>
    )
  if (!standing.includes('proposed') && !standing.includes('invited')) return null
  return (
    <Notice tone="warn" title={said.offeredTitle}>
      <p>{said.offeredText(name)}</p>
      {offers
        .filter(({ id }) => id === lead.id)
        .slice(-1)
        .map(offer => (
          <Why key={offer.id} offer={offer} />
        ))}
    </Notice>
  )
}

function Why({ offer: { code, text } }: { readonly offer: WorkOffer }) {
  const { words, language } = useSpeech()
  const said = words.work.standing
  if (code === null && text === null) return <p>{said.noWhy}</p>
  return (
    <>
      {code !== null && (
        <p>
          {said.why}: <strong>{code[language]}</strong>
        </p>
      )}
      {text !== null && <Untrusted text={text} label={said.why} />}
    </>
  )
}

interface DecidedProps extends StandingProps {
  readonly decision: Decision
}

/** What was decided, why, and by which devices. */
export function Decided({ decision: { action, code, agency, by }, work }: DecidedProps) {
  const { words, language } = useSpeech()
  return (
    <>
      <strong class="named">{rowsOf(action)[0]?.label[language]}</strong>
      {code !== '' && <>: {codeNames(action, code)[language]}</>}
      {agency !== null && <> → {work.names.get(agency)?.[language] ?? agency}</>}
      <span class="entry-who">
        {words.work.standing.pendingBy}
        {by.map(({ device }) => (
          <span key={device}>
            <Id of={device} short />
            {device === work.actor.device && <strong class="own"> {words.case.talk.thisDevice}</strong>}
          </span>
        ))}
      </span>
    </>
  )
}
