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

export function ProtectPage({ onBack, onNext }: WayProps) {
  const { words } = useSpeech()
  const { protect } = words
  return (
    <Page heading={protect.heading} className="wide">
      <div class="two">
        <section class="side does">
          <h2>{protect.does}</h2>
          <ul>
            {protect.doesList.map(line => (
              <li key={line}>
                <CheckIcon />
                <span>{line}</span>
              </li>
            ))}
          </ul>
        </section>
        <section class="side cannot">
          <h2>{protect.cannot}</h2>
          <ul>
            {protect.cannotList.map(line => (
              <li key={line}>
                <CrossIcon />
                <span>{line}</span>
              </li>
            ))}
          </ul>
        </section>
      </div>
      <Notice tone="warn" title={protect.describe.title}>
        <p>{protect.describe.text}</p>
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
