// Whether a file of this machine's is one that the case lists: how the owner of a kept file shows that it is the one.
import { useEffect, useRef, useState } from 'preact/hooks'
import { neutralise } from '../../page/untrusted-text.ts'
import { type FileLine, withFingerprint } from '../file-lines.ts'
import { useAtWork } from '../parts/at-work.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { FileField } from '../parts/file-field.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { Transfer } from './transfer.tsx'

interface Comparing {
  readonly name: string
  readonly size: number
  readonly read: number
  /** Null until it is there. */
  readonly sha256: string | null
  readonly isFailed: boolean
}

export function CompareFile({ lines }: { readonly lines: readonly FileLine[] }) {
  const { compare, cancel, progress } = useSpeech().words.files
  const { engine } = useAtWork()
  const [state, setState] = useState<Comparing | null>(null)
  const under = useRef<AbortController | null>(null)
  useEffect(() => () => under.current?.abort(), [])
  const choose = async ([file]: readonly File[]) => {
    if (!file) return
    under.current?.abort()
    const own = new AbortController()
    under.current = own
    const change = (next: Partial<Comparing>) => {
      if (!own.signal.aborted) setState(before => before && { ...before, ...next })
    }
    setState({ name: file.name, size: file.size, read: 0, sha256: null, isFailed: false })
    const watching = { onProgress: (read: number) => change({ read }), signal: own.signal }
    await engine.fingerprintOf(file, watching).then(
      sha256 => change({ sha256 }),
      () => change({ isFailed: true }),
    )
  }
  const stop = () => {
    under.current?.abort()
    setState(null)
    document.getElementById('compare-file')?.focus()
  }
  const isUnderWay = state !== null && state.sha256 === null && !state.isFailed
  return (
    <section class="compare" aria-labelledby="compare-heading">
      <h3 id="compare-heading">{compare.heading}</h3>
      <p id="compare-lead" class="help">
        {compare.lead}
      </p>
      <FileField
        id="compare-file"
        label={compare.file}
        button={state ? compare.another : compare.choose}
        describedBy="compare-lead"
        onFiles={files => void choose(files)}
      />
      {isUnderWay && (
        <Transfer
          label={compare.progressOf}
          done={state.read}
          of={state.size}
          text={progress(roughSize(state.read), roughSize(state.size))}
        >
          <Button onClick={stop}>{cancel}</Button>
        </Transfer>
      )}
      <div role="status">
        {isUnderWay && <p class="help">{compare.computing}</p>}
        {state && !isUnderWay && <Found state={state} lines={lines} />}
      </div>
    </section>
  )
}

function Found({ state, lines }: { readonly state: Comparing; readonly lines: readonly FileLine[] }) {
  const { compare } = useSpeech().words.files
  const { name, size, sha256 } = state
  if (sha256 === null) return <Notice tone="warn" title={compare.failed} />
  const same = withFingerprint(lines, sha256)
  return (
    <Notice
      tone={same.length > 0 ? 'good' : 'warn'}
      title={same.length > 0 ? compare.matches(same.length) : compare.none}
    >
      {same.length > 0 && (
        <ul>
          {same.map(line => (
            <li key={line.key}>
              {compare.match(line.message, line.at + 1)}: <bdi>{neutralise(line.name)}</bdi>
            </li>
          ))}
        </ul>
      )}
      <p class="help">
        <bdi>{neutralise(name)}</bdi>, {roughSize(size)}
      </p>
      <p class="mono fingerprint">{sha256}</p>
    </Notice>
  )
}
