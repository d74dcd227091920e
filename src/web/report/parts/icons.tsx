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
export const FileIcon = () => (
  <Icon>
    <path d="M6 3.5h8l4.5 4.5v12.5H6zM14 3.5V8h4.5" />
  </Icon>
)
export const CameraIcon = () => (
  <Icon>
    <path d="M3.5 8h4L9 5.5h6L16.5 8h4v11.5h-17zM12 10.2a3.4 3.4 0 1 0 0 6.8a3.4 3.4 0 1 0 0-6.8" />
  </Icon>
)

export const Mark = () => (
  <svg class="mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false">
    <path class="mark-ridge" d="M2 25l7.5-9 4 4.5L20 11l10 14z" />
    <circle class="ember" cx="20" cy="6.5" r="2.6" />
  </svg>
)

/** Five beacons on the far ridge; one is lit. */
export const Ridges = () => (
  <svg
    class="ridges"
    viewBox="0 0 1440 260"
    preserveAspectRatio="xMidYMax slice"
    aria-hidden="true"
    focusable="false"
  >
    <defs>
      <radialGradient id="glow">
        <stop class="glow-in" offset="0" />
        <stop class="glow-out" offset="1" />
      </radialGradient>
    </defs>
    <circle cx="820" cy="60" r="58" fill="url(#glow)" />
    <path
      class="ridge far"
      d="M0 152l120-54 104 38 136-58 108 50 132-42 100 36 120-44 122 46 118-36 122 40 130-34 128 48v118H0z"
    />
    <path
      class="beacon"
      d="M352 70h16l5 16h-26zM592 80h16l5 16h-26zM810 68h20l6 18h-32zM1052 82h16l5 16h-26zM1304 86h16l5 16h-26z"
    />
    <path
      class="ember"
      d="M820 38c5 8 10 12 10 20a10 10 0 0 1-20 0c0-5 2.500-7.500 5-10 .6 2.500 1.900 3.700 3.700 4.300.6-5 0-9 1.300-14.300z"
    />
    <path
      class="ridge middle"
      d="M0 200l140-56 124 40 150-58 116 50 160-44 128 42 146-52 132 48 150-40 194 56v74H0z"
    />
    <path class="ridge near" d="M0 236l170-42 150 30 190-48 160 42 190-34 170 36 200-40 210 52v28H0z" />
  </svg>
)
