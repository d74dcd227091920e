import type { ComponentChildren } from 'preact'
import { Mark } from './icons.tsx'
import { useSpeech } from './speaking.tsx'

export function LanguageButton({ onClick }: { readonly onClick: () => void }) {
  const { words, language } = useSpeech()
  return (
    <button type="button" class="button quiet" lang={language === 'ko' ? 'en' : 'ko'} onClick={onClick}>
      {words.otherLanguage}
    </button>
  )
}

interface OutsideProps {
  readonly aside: ComponentChildren
  readonly children: ComponentChildren
}

/** Around the pages that come before a key was chosen. */
export function Outside({ aside, children }: OutsideProps) {
  const { words } = useSpeech()
  return (
    <div class="outside">
      <header class="top">
        <Mark />
        <span class="top-name">{words.title}</span>
        <span class="top-gap" />
        {aside}
      </header>
      <main>{children}</main>
    </div>
  )
}
