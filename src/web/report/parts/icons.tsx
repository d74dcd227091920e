// Drawn here: nothing is fetched. A ridge with a beacon on it is the sign of the service.
import type { ComponentChildren } from 'preact'

const Icon = ({ children }: { readonly children: ComponentChildren }) => (
  <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    {children}
  </svg>
)

export const CheckIcon = () => (
  <Icon>
    <path d="M5 12.5l4.5 4.5L19 7.5" />
  </Icon>
)
export const CrossIcon = () => (
  <Icon>
    <path d="M7 7l10 10M17 7L7 17" />
  </Icon>
)
export const ArrowIcon = () => (
  <Icon>
    <path d="M5 12h13M12.5 6.5L18 12l-5.5 5.5" />
  </Icon>
)
export const DoorIcon = () => (
  <Icon>
    <path d="M13 4H6v16h7M10 12h10M16.5 8l4 4-4 4" />
  </Icon>
)
export const PenIcon = () => (
  <Icon>
    <path d="M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5" />
  </Icon>
)
export const EnvelopeIcon = () => (
  <Icon>
    <path d="M3.5 6h17v12h-17zM4 6.5l8 6.5 8-6.5" />
  </Icon>
)

export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-ridge" d="M2 25l7.5-9 4 4.5L20 11l10 14z" />
    <circle class="ember" cx="20" cy="6.5" r="2.6" />
  </svg>
)

/** Five beacons on three ridges; one is lit. */
export const Ridges = () => (
  <svg
    class="ridges"
    viewBox="0 0 720 260"
    preserveAspectRatio="xMidYMax slice"
    aria-hidden="true"
    focusable="false"
  >
    <path class="ridge far" d="M0 150l80-46 60 26 96-66 70 44 84-30 92 50 78-40 80 38 80-22v156H0z" />
    <path class="ridge middle" d="M0 196l110-52 66 30 84-62 90 58 76-34 96 50 88-38 110 46v86H0z" />
    <path class="ridge near" d="M0 236l96-34 92 20 110-40 104 38 112-26 94 30 112-22v58H0z" />
    <path
      class="beacon"
      d="M226 64h20l4 14h-28zM300 92h16l3 11h-22zM384 84h16l3 11h-22zM470 120h18l3 12h-24zM556 96h16l3 11h-22z"
    />
    <circle class="glow" cx="236" cy="54" r="26" />
    <path class="ember" d="M236 40c6 6 8 10 8 14a8 8 0 0 1-16 0c0-4 3-6 4-9 1 2 2 3 3 3 1-2 0-5 1-8z" />
  </svg>
)
