// The files of one message: what their sender says of them, and what may be done with each.
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { safeName } from '../../page/safe-name.ts'
import { askDestination, canSave, MOST_HELD } from '../../page/save-file.ts'
import { neutralise } from '../../page/untrusted-text.ts'
import type { Room } from '../case-room.ts'
import type { FileLine } from '../file-lines.ts'
import { useAtWork, useRefusal } from '../parts/at-work.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { WarnIcon } from '../parts/icons.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { MAX_PREVIEW } from '../preview.ts'
import type { FileWork, FileWorks } from '../room-files.ts'
import type { Session } from '../session.ts'
import { FilePreview } from './file-preview.tsx'
import { Transfer } from './transfer.tsx'

interface FilesProps {
  readonly room: Room
  readonly works: FileWorks
  /** Of one message. */
  readonly lines: readonly FileLine[]
}

export function Files({ room, works, lines }: FilesProps) {
  const { files } = useSpeech().words
  const [first] = lines
  if (!first) return null
  return (
    <section class="files" aria-label={files.of(first.message)}>
      <h3>{files.heading(lines.length)}</h3>
      <p class="help">{files.lead}</p>
      <ol>
        {lines.map(line => (
          <li key={line.key} class="file">
            <FileFacts line={line} />
            {line.isAttached && <FileActions room={room} line={line} work={works.get(line.key) ?? null} />}
          </li>
        ))}
      </ol>
    </section>
  )
}

/** On paper, too. */
export function FileFacts({ line }: { readonly line: FileLine }) {
  const { words, number } = useSpeech()
  const { files } = words
  const { at, name, type, size, sha256, isAttached } = line
  return (
    <>
      <div class="file-head">
        <strong class="file-number">{files.label(at + 1)}</strong>
        {/* A name is one line, whatever is in it. */}
        <Untrusted text={name.replace(/[\n\r\t]/g, escaped)} label={files.name(at + 1)} />
      </div>
      <dl class="pairs file-facts">
        <dt>{files.type}</dt>
        <dd class="mono">{type === '' ? files.noType : <bdi>{neutralise(type)}</bdi>}</dd>
        <dt>{files.size}</dt>
        <dd>
          {roughSize(size)}
          {size >= 1024 && ` (${files.bytes(number(size))})`}
        </dd>
        <dt>{files.sha256}</dt>
        <dd class="mono fingerprint">{sha256}</dd>
        <dt>{files.where}</dt>
        <dd>
          <span class={isAttached ? 'whereabouts' : 'whereabouts kept'}>
            {isAttached ? files.attached : files.kept}
          </span>
        </dd>
      </dl>
    </>
  )
}

const escaped = (character: string) =>
  `‹U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}›`

/** Sessions whose person has read what strangers' files can do. */
const warned = new WeakSet<Session>()

interface FileActionsProps {
  readonly room: Room
  readonly line: FileLine
  readonly work: FileWork | null
}

function FileActions({ room, line, work }: FileActionsProps) {
  const { files } = useSpeech().words
  const { session } = useAtWork()
  const [asked, setAsked] = useState<'look' | 'save' | null>(null)
  const [isDiskBad, setDiskBad] = useState(false)
  const row = useRef<HTMLDivElement>(null)
  const number = line.at + 1
  const doing = work?.doing ?? null
  const act = async (what: 'look' | 'save') => {
    setAsked(null)
    setDiskBad(false)
    if (what === 'look') return room.files.look(line)
    try {
      const destination = await askDestination(safeName(line.name))
      if (destination) await room.files.save(line, destination)
    } catch {
      setDiskBad(true)
    }
  }
  const ask = (what: 'look' | 'save') => {
    if (warned.has(session)) void act(what)
    else setAsked(what)
  }
  useFocusBack(row, doing !== null || asked !== null)
  return (
    <>
      {asked !== null && (
        <Warning
          onGo={() => {
            warned.add(session)
            void act(asked)
          }}
          onLeave={() => setAsked(null)}
        />
      )}
      {doing !== null ? (
        <Transfer
          label={files.progressOf(number)}
          done={work?.read ?? 0}
          of={line.size}
          text={files.progress(roughSize(work?.read ?? 0), roughSize(line.size))}
        >
          <Button label={files.cancelOf(number)} onClick={() => room.files.cancel(line)}>
            {files.cancel}
          </Button>
        </Transfer>
      ) : (
        asked === null && (
          <div ref={row} class="button-row" tabIndex={-1}>
            <Buttons room={room} line={line} isOpen={Boolean(work?.preview)} onAsk={ask} />
          </div>
        )
      )}
      <Outcome work={work} number={number} isDiskBad={isDiskBad} />
      {work?.preview && <FilePreview key={line.key} preview={work.preview} number={number} />}
    </>
  )
}

/** Where what had the focus has gone, it goes to what came in its place. */
function useFocusBack(place: { readonly current: HTMLElement | null }, isElsewhere: boolean): void {
  const was = useRef(isElsewhere)
  useLayoutEffect(() => {
    const isBack = was.current && !isElsewhere
    was.current = isElsewhere
    if (isBack && document.activeElement === document.body) place.current?.focus()
  }, [isElsewhere, place])
}

interface ButtonsProps {
  readonly room: Room
  readonly line: FileLine
  readonly isOpen: boolean
  readonly onAsk: (what: 'look' | 'save') => void
}

function Buttons({ room, line, isOpen, onAsk }: ButtonsProps) {
  const { files } = useSpeech().words
  const number = line.at + 1
  const isShort = line.size <= MAX_PREVIEW
  return (
    <>
      {isShort && !isOpen && (
        <Button label={files.lookAt(number)} onClick={() => onAsk('look')}>
          {files.look}
        </Button>
      )}
      {isOpen && (
        <Button label={files.closeOf(number)} onClick={() => room.files.closePreview(line)}>
          {files.close}
        </Button>
      )}
      {canSave(line.size) ? (
        <Button label={files.saveOf(number)} onClick={() => onAsk('save')}>
          {files.save}
        </Button>
      ) : (
        <span class="help">{files.tooLargeToSave(roughSize(MOST_HELD))}</span>
      )}
      {!isShort && <span class="help">{files.tooLargeToLook(roughSize(MAX_PREVIEW))}</span>}
    </>
  )
}

interface OutcomeProps {
  readonly work: FileWork | null
  readonly number: number
  readonly isDiskBad: boolean
}

function Outcome({ work, number, isDiskBad }: OutcomeProps) {
  const { words } = useSpeech()
  const { files } = words
  const trouble = isDiskBad ? 'disk' : (work?.trouble ?? null)
  useRefusal(trouble === 'refused')
  const said =
    work?.doing === 'reading'
      ? files.reading(number)
      : work?.doing === 'saving'
        ? files.saving(number)
        : work?.isSaved && trouble === null
          ? files.saved(number)
          : ''
  const texts: Readonly<Record<string, string>> = { ...words.troubles, ...files.troubles }
  return (
    <>
      <p class={said === '' ? 'unseen' : 'file-said'} role="status">
        {said}
      </p>
      {trouble !== null && (
        <Notice tone={trouble === 'away' ? 'warn' : 'bad'} title={files.label(number)} urgent>
          <p>{texts[trouble]}</p>
        </Notice>
      )}
    </>
  )
}

/** The focus comes here: the button that asked is gone. */
function Warning({ onGo, onLeave }: { readonly onGo: () => void; readonly onLeave: () => void }) {
  const { warning } = useSpeech().words.files
  const box = useRef<HTMLFieldSetElement>(null)
  useLayoutEffect(() => box.current?.focus(), [])
  return (
    <fieldset ref={box} class="files-warning" tabIndex={-1}>
      <legend>
        <WarnIcon />
        {warning.title}
      </legend>
      <p>{warning.lead}</p>
      <ul>
        {warning.points.map(point => (
          <li key={point}>{point}</li>
        ))}
      </ul>
      <div class="button-row">
        <Button kind="main" onClick={onGo}>
          {warning.goOn}
        </Button>
        <Button onClick={onLeave}>{warning.leave}</Button>
      </div>
    </fieldset>
  )
}
