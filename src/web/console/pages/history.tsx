import type { History, HistoryEntry } from '../history.ts'
import { Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface HistoryViewProps {
  readonly history: History
  /** Without having been opened, tags are unchecked. */
  readonly wasOpened: boolean
}

export function HistoryView({ history, wasOpened }: HistoryViewProps) {
  const { history: said } = useSpeech().words.case
  const { verdict, entries, head } = history
  return (
    <section class="history" aria-label={said.label}>
      {verdict === 'sound' && entries.length > 0 && (
        <Notice tone="good">
          <p>{said.sound}</p>
        </Notice>
      )}
      {verdict === 'forged-entries' && (
        <Notice tone="bad" title={said.forgedTitle} urgent>
          <p>{said.forgedText}</p>
        </Notice>
      )}
      {verdict === 'broken' && (
        <Notice tone="bad" title={said.brokenTitle} urgent>
          <p>{said.brokenText}</p>
        </Notice>
      )}
      {!wasOpened && entries.length > 0 && <p class="help">{said.unchecked}</p>}
      {entries.length === 0 && verdict === 'sound' && <p>{said.empty}</p>}
      {entries.length > 0 && (
        <ol class="timeline">
          {entries.map(entry => (
            <Entry key={entry.index} entry={entry} />
          ))}
        </ol>
      )}
      <dl class="pairs">
        <dt>{said.head}</dt>
        <dd>
          <Id of={head} />
          <p class="help">{said.headHelp}</p>
        </dd>
      </dl>
    </section>
  )
}

function Entry({ entry: { index, what, day, device, keys } }: { readonly entry: HistoryEntry }) {
  const { words, day: written } = useSpeech()
  const { history, talk } = words.case
  return (
    <li class={what === 'forged' ? 'bad' : what}>
      <p class="entry-what">
        {history.what[what]}
        <span class="entry-index">{history.entry(index + 1)}</span>
      </p>
      <p class="entry-who">
        <span>{day === null ? history.noDay : written(day)}</span>
        <span>
          {device === null ? (
            history.nobody
          ) : (
            <>
              {talk.by(words.frame.roles[device.role], '')}
              <Id of={device.id} short />
              {device.isOwn && <strong class="own"> {talk.thisDevice}</strong>}
            </>
          )}
        </span>
        {keys > 0 && <span>{history.keys(keys)}</span>}
      </p>
      {what === 'forged' && <p class="entry-bad">{history.forgedEntry}</p>}
    </li>
  )
}
