// Drawn here: nothing is fetched.
import type { ComponentChildren } from 'preact'

const Icon = ({ children }: { readonly children: ComponentChildren }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {children}
  </svg>
)

export const LockIcon = () => (
  <Icon>
    <path d="M6 11h12v9H6zM8.5 11V8a3.500 3.500 0 0 1 7 0v3" />
  </Icon>
)
export const CheckIcon = () => (
  <Icon>
    <path d="M5 12.5l4.5 4.5L19 7.500" />
  </Icon>
)
export const CrossIcon = () => (
  <Icon>
    <path d="M7 7l10 10M17 7L7 17" />
  </Icon>
)
export const BackIcon = () => (
  <Icon>
    <path d="M19 12H6M11.500 6.500L6 12l5.500 5.500" />
  </Icon>
)
export const PrintIcon = () => (
  <Icon>
    <path d="M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z" />
  </Icon>
)
export const AgainIcon = () => (
  <Icon>
    <path d="M19 6v5h-5M18.500 11a7 7 0 1 0 .5 4" />
  </Icon>
)
export const SearchIcon = () => (
  <Icon>
    <path d="M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L20 20" />
  </Icon>
)
export const WarnIcon = () => (
  <Icon>
    <path d="M12 4.500L21 20H3zM12 10.500v4M12 17v.5" />
  </Icon>
)
export const FlameIcon = () => (
  <svg class="icon flame" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d="M12 2.500c5 5.500 7 8.500 7 12a7 7 0 0 1-14 0c0-3 1.700-5 3.500-7 .4 1.700 1.200 2.600 2.300 3 0-3 .2-5.500 1.200-8z" />
  </svg>
)

export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-ridge" d="M2 25l7.500-9 4 4.500L20 11l10 14z" />
    <circle class="ember" cx="20" cy="6.500" r="2.600" />
  </svg>
)
