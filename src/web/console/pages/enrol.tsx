import type { ComponentChildren } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
import { carriedDeployment } from '../../page/deployment.ts'
import { Button, Commands } from '../parts/elements.tsx'
import { Outside } from '../parts/frame.tsx'
import { dayInSeoul } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { serviceAddress } from '../unlocking.ts'

interface EnrolPageProps {
  readonly aside: ComponentChildren
  readonly onBack: () => void
}

const YEAR_MS = 364 * 86_400_000

/** The first use of a device, ending where the cases are. */
export function EnrolPage({ aside, onBack }: EnrolPageProps) {
  const { enrol } = useSpeech().words
  const title = useRef<HTMLHeadingElement>(null)
  useLayoutEffect(() => title.current?.focus(), [])
  const at = {
    server: serviceAddress(),
    deployment: carriedDeployment() ?? 'DEPLOYMENT',
    today: dayInSeoul(Date.now()),
    inAYear: dayInSeoul(Date.now() + YEAR_MS),
    where: enrol.where,
  }
  return (
    <Outside aside={aside}>
      <div class="card enrol">
        <Button kind="quiet" onClick={onBack}>
          ← {enrol.back}
        </Button>
        <h1 ref={title} tabIndex={-1}>
          {enrol.heading}
        </h1>
        <p class="lead">{enrol.lead}</p>
        <section class="demo" aria-labelledby="demo">
          <h2 id="demo">{enrol.demoTitle}</h2>
          <p>{enrol.demoText}</p>
          <dl class="pairs">
            {enrol.demoFiles.map(([file, what]) => (
              <div key={file}>
                <dt class="mono">{file}</dt>
                <dd>{what}</dd>
              </div>
            ))}
          </dl>
        </section>
        <ol class="steps">
          {enrol.steps.map(({ title: heading, text, where, commands }) => (
            <li key={heading}>
              <h2>{heading}</h2>
              <p class={`where ${where}`}>{enrol.where[where]}</p>
              <p>{text}</p>
              {commands(at).length > 0 && <Commands lines={commands(at)} />}
            </li>
          ))}
        </ol>
        {carriedDeployment() === null && <p class="help">{enrol.deploymentUnknown}</p>}
        <Button kind="main" onClick={onBack}>
          {enrol.done}
        </Button>
      </div>
    </Outside>
  )
}
