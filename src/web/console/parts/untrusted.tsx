// What a stranger wrote: as text, whatever it is, with what is odd in it beside it.
import { useMemo, useState } from 'preact/hooks'
import { shownParts, type TextWarning, type WarningKind, warningsIn } from '../text-warnings.ts'
import { Button } from './elements.tsx'
import { WarnIcon } from './icons.tsx'
import { useSpeech } from './speaking.tsx'

/** A page stays quick with this much; the rest is a click away. */
const FIRST_PART = 20_000

export function Untrusted({ text, label }: { readonly text: string; readonly label: string }) {
  const { words, number } = useSpeech()
  const [isWhole, setWhole] = useState(text.length <= FIRST_PART)
  const warnings = useMemo(() => warningsIn(text), [text])
  const parts = useMemo(
    () => (isWhole ? shownParts(text, warnings) : shownParts(...beginningOf(text, warnings))),
    [text, warnings, isWhole],
  )
  return (
    <div class={warnings.warnings.length > 0 ? 'untrusted odd' : 'untrusted'}>
      <div>
        <div class="written" dir="auto">
          {parts.map(({ text: part, kind }, at) =>
            kind === null ? (
              part
            ) : (
              <mark key={at} class={kind} title={words.case.report.warnings[kind].name}>
                <bdi>{part}</bdi>
              </mark>
            ),
          )}
        </div>
        {!isWhole && (
          <p class="cut">
            {words.case.report.cut(number(FIRST_PART), number(text.length))}
            <Button onClick={() => setWhole(true)}>{words.case.report.showAll}</Button>
          </p>
        )}
      </div>
      <WarningList warnings={warnings} label={label} />
    </div>
  )
}

function beginningOf(text: string, warnings: ReturnType<typeof warningsIn>): Parameters<typeof shownParts> {
  // Between two halves of one character nothing is cut.
  const end = /[\ud800-\udbff]/.test(text.charAt(FIRST_PART - 1)) ? FIRST_PART - 1 : FIRST_PART
  const within = warnings.warnings
    .filter(({ start }) => start < end)
    .map(warning => ({ ...warning, end: Math.min(warning.end, end) }))
  return [text.slice(0, end), { warnings: within, more: 0 }]
}

interface WarningListProps {
  readonly warnings: ReturnType<typeof warningsIn>
  readonly label: string
}

function WarningList({ warnings: { warnings, more }, label }: WarningListProps) {
  const { words, number } = useSpeech()
  const { report } = words.case
  if (warnings.length === 0) return null
  return (
    <ul class="odd-list" aria-label={`${report.warningsLabel}: ${label}`}>
      {countByKind(warnings).map(([kind, count]) => (
        <li key={kind}>
          <WarnIcon />
          <p>
            <strong>{report.warnings[kind].name}</strong> <span>{report.places(number(count))}</span>
            <br />
            {report.warnings[kind].advice}
          </p>
        </li>
      ))}
      {more > 0 && <li>{report.moreWarnings(number(more))}</li>}
    </ul>
  )
}

function countByKind(warnings: readonly TextWarning[]): [WarningKind, number][] {
  const counts = new Map<WarningKind, number>()
  for (const { kind } of warnings) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts]
}
