// Two pages before the first question: where you are, and what this can do for you.
import { Button, Steps } from '../parts/buttons.tsx'
import { CheckIcon, CrossIcon } from '../parts/icons.tsx'
import { Notice, Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'

interface WayProps {
  readonly onBack: () => void
  readonly onNext: () => void
}

export function BeforePage({ onBack, onNext }: WayProps) {
  const { words } = useSpeech()
  const { before } = words
  return (
    <Page heading={before.heading} lead={before.lead}>
      <ol class="advice">
        {before.points.map(({ title, text }) => (
          <li key={title}>
            <h2>{title}</h2>
            <p>{text}</p>
          </li>
        ))}
      </ol>
      {location.hostname.endsWith('.onion') && <Notice tone="good">{before.onion}</Notice>}
      <Notice tone="warn">
        <p>{before.danger}</p>
      </Notice>
      <Steps>
        <Button onClick={onBack}>{words.back}</Button>
        <Button kind="main" onClick={onNext}>
          {before.next}
        </Button>
      </Steps>
    </Page>
  )
}

/** One screen of a phone holds the essence of it; a touch on a line says more. Where there is room, all is open. */
export function ProtectPage({ onBack, onNext }: WayProps) {
  const { words } = useSpeech()
  const { protect } = words
  const roomy = matchMedia('(min-width: 48rem) and (min-height: 60rem)').matches
  return (
    <Page heading={protect.heading} className="wide terse">
      <div class="two">
        <Side kind="does" title={protect.does} lines={protect.doesList} open={roomy} />
        <Side kind="cannot" title={protect.cannot} lines={protect.cannotList} open={roomy} />
      </div>
      {!roomy && <p class="aside">{protect.more}</p>}
      <Notice tone="warn" title={protect.describe.title}>
        <p>{protect.describe.text}</p>
        <details open={roomy}>
          <summary>{protect.describe.how}</summary>
          <p>{protect.describe.more}</p>
        </details>
      </Notice>
      <p class="aside">{protect.honest}</p>
      <Steps>
        <Button onClick={onBack}>{words.back}</Button>
        <Button kind="main" onClick={onNext}>
          {protect.next}
        </Button>
      </Steps>
    </Page>
  )
}

interface SideProps {
  readonly kind: 'does' | 'cannot'
  readonly title: string
  readonly lines: readonly { readonly short: string; readonly more: string }[]
  readonly open: boolean
}

const Side = ({ kind, title, lines, open }: SideProps) => (
  <section class={`side ${kind}`}>
    <h2>{title}</h2>
    {lines.map(({ short, more }) => (
      <details key={short} open={open}>
        <summary>
          {kind === 'does' ? <CheckIcon /> : <CrossIcon />}
          {short}
        </summary>
        <p>{more}</p>
      </details>
    ))}
  </section>
)
