import { useMemo } from 'preact/hooks'
import type { ReadCase } from '../../../client/index.ts'
import { useAtWork } from '../parts/at-work.ts'
import { Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import type { TechnicalGroup } from '../technical.ts'

interface TechnicalViewProps {
  readonly read: ReadCase
  readonly isOpened: boolean
}

export function TechnicalView({ read, isOpened }: TechnicalViewProps) {
  const { technical } = useSpeech().words.case
  const { engine } = useAtWork()
  const groups = useMemo(() => engine.technicalOf(read), [engine, read])
  return (
    <section class="technical" aria-label={technical.label}>
      <p class="help">{technical.lead}</p>
      <Notice tone={isOpened ? 'good' : 'plain'}>
        <p>{isOpened ? technical.held.commitment : technical.held.sealed}</p>
      </Notice>
      {groups.map(group => (
        <details key={`${group.of}${group.index}`} open={group.of === 'case' || group.index === 0}>
          <summary>
            <Title group={group} />
          </summary>
          <dl class="pairs">
            {group.fields.map(([field, value]) => (
              <div key={field}>
                <dt>{technical.fields[field]}</dt>
                <dd class="mono">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      ))}
    </section>
  )
}

function Title({ group: { of, index } }: { readonly group: TechnicalGroup }) {
  const { technical } = useSpeech().words.case
  if (of === 'case') return <>{technical.case}</>
  return <>{of === 'message' ? technical.message(index) : technical.event(index + 1)}</>
}
