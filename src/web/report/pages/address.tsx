import { useState } from 'preact/hooks'
import { Button, Steps } from '../parts/buttons.tsx'
import { LineField } from '../parts/fields.tsx'
import { Page } from '../parts/page.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { typedOrigin } from '../typed-origin.ts'

export function AddressPage({ onAddress }: { readonly onAddress: (origin: string) => void }) {
  const { words } = useSpeech()
  const { address } = words
  const [text, setText] = useState('')
  const [wrong, setWrong] = useState(false)
  const submit = (event?: Event) => {
    event?.preventDefault()
    const origin = typedOrigin(text)
    setWrong(origin === null)
    if (origin === null) document.getElementById('address')?.focus()
    else onAddress(origin)
  }
  return (
    <Page heading={address.heading} lead={address.lead}>
      <form onSubmit={submit}>
        <LineField
          id="address"
          label={address.label}
          help={address.example}
          value={text}
          onChange={setText}
          error={wrong ? address.wrong : null}
        />
        <Steps>
          <Button kind="main" onClick={submit}>
            {address.go}
          </Button>
        </Steps>
      </form>
    </Page>
  )
}
