// Choosing files: why not to, before how to. Chosen, they are names in a list; nothing in them is read here.
import { useRef, useState } from 'preact/hooks'
import { neutralise } from '../../page/untrusted-text.ts'
import type { Connection } from '../connection.ts'
import { type ChosenFile, roomOf, seenLength, totalsOf, withFate, withFiles, without } from '../evidence.ts'
import { Button } from './buttons.tsx'
import { FieldError } from './fields.tsx'
import { FileRow } from './file-row.tsx'
import { ArrowIcon, CameraIcon, FileIcon } from './icons.tsx'
import { Notice } from './page.tsx'
import { useSpeech } from './speaking.tsx'

export interface EvidenceFilesProps {
  readonly files: readonly ChosenFile[]
  readonly onFiles: (files: readonly ChosenFile[]) => void
  /** Null as long as nothing is known of the service: then nothing is said of sizes. */
  readonly connection: Connection | null
}

/** What is wrong with the choice; null where nothing is. */
export function useFilesError(connection: Connection | null, files: readonly ChosenFile[]): string | null {
  const { words, size } = useSpeech()
  if (!connection || seenLength(connection, files) !== null) return null
  const room = roomOf(connection)
  return room === 0 ? words.files.cannotSend : words.files.tooLarge(size(room))
}

export function EvidenceFiles({ files, onFiles, connection }: EvidenceFilesProps) {
  const { words } = useSpeech()
  const [said, setSaid] = useState('')
  const chooser = useRef<HTMLInputElement>(null)
  const add = (chosen: readonly File[], { isFresh = false, hasFolder = false } = {}) => {
    const { files: next, added, twice, tooMany } = withFiles(files, chosen, isFresh)
    onFiles(next)
    const notes = [
      ...(added > 0 ? [words.files.added(added)] : []),
      ...(twice > 0 ? [words.files.twice(twice)] : []),
      ...(tooMany > 0 ? [words.files.tooMany] : []),
      ...(hasFolder ? [words.files.folder] : []),
    ]
    setSaid(notes.join(' '))
  }
  const remove = ({ id, file }: ChosenFile) => {
    onFiles(without(files, id))
    setSaid(words.files.removed(neutralise(file.name)))
    // The button that had the focus is gone.
    document.getElementById('files')?.focus()
  }
  return (
    <div class="files">
      <Notice tone="warn" title={words.files.law.title}>
        <p>{words.files.law.text}</p>
        <p>{words.files.law.lawful}</p>
      </Notice>
      <Way />
      <Picking chooser={chooser} hasSome={files.length > 0} onPicked={add} />
      <p class="help" role="status">
        {said}
      </p>
      {files.length > 0 && (
        <ul class="file-list" aria-label={words.files.list}>
          {files.map(chosen => (
            <FileRow
              key={chosen.id}
              chosen={chosen}
              onFate={fate => onFiles(withFate(files, chosen.id, fate))}
              onRemove={() => remove(chosen)}
            />
          ))}
        </ul>
      )}
      {files.some(({ fate }) => fate === 'keep') && <p class="help">{words.files.keepHelp}</p>}
      <Totals files={files} connection={connection} />
    </div>
  )
}

/** Choose, clean, seal; the second is not there yet, and that is said. */
function Way() {
  const { files } = useSpeech().words
  return (
    <div class="file-way">
      <ol class="file-steps" aria-label={files.wayLabel}>
        {files.way.map((step, i) => (
          <li key={step}>
            {i > 0 && <ArrowIcon />}
            {step}
          </li>
        ))}
      </ol>
      <p class="notice-title">{files.clean.title}</p>
      <p>{files.clean.text}</p>
      <details>
        <summary>{files.clean.how}</summary>
        <p>{files.clean.more}</p>
      </details>
    </div>
  )
}

interface PickingProps {
  readonly chooser: { current: HTMLInputElement | null }
  readonly hasSome: boolean
  readonly onPicked: (files: readonly File[], about?: { isFresh?: boolean; hasFolder?: boolean }) => void
}

/** A screen for fingers: no files are dragged there, and there is a camera. */
const isTouched = () => matchMedia('(pointer: coarse)').matches

function Picking({ chooser, hasSome, onPicked }: PickingProps) {
  const { files } = useSpeech().words
  const camera = useRef<HTMLInputElement>(null)
  const [isOver, setOver] = useState(false)
  const picked = (field: HTMLInputElement, isFresh: boolean) => {
    onPicked([...(field.files ?? [])], { isFresh })
    // The field forgets: the list is all there is, and the same file can be chosen again.
    field.value = ''
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping files is a second way beside the button in it.
    <div
      class={isOver ? 'picking over' : 'picking'}
      onDragOver={event => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault()
        setOver(false)
        if (event.dataTransfer) onPicked(...droppedIn(event.dataTransfer))
      }}
    >
      <input
        ref={chooser}
        id="files-field"
        type="file"
        multiple
        hidden
        onChange={event => picked(event.currentTarget, false)}
      />
      <button
        id="files"
        type="button"
        class="button"
        aria-describedby="files-error files-limit"
        onClick={() => chooser.current?.click()}
      >
        <FileIcon />
        {hasSome ? files.chooseMore : files.choose}
      </button>
      {isTouched() ? (
        <>
          <input
            ref={camera}
            id="camera-field"
            type="file"
            accept="image/*"
            capture="environment"
            hidden
            onChange={event => picked(event.currentTarget, true)}
          />
          <Button onClick={() => camera.current?.click()}>
            <CameraIcon />
            {files.camera}
          </Button>
        </>
      ) : (
        <span class="help">{files.drop}</span>
      )}
      <p class="help">{files.untouched}</p>
    </div>
  )
}

/** A folder comes as a file that nobody can read. */
function droppedIn(transfer: DataTransfer): [files: File[], about: { hasFolder: boolean }] {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  const isFolder = (item: DataTransferItem) => item.webkitGetAsEntry()?.isDirectory === true
  const files = items.filter(item => !isFolder(item)).flatMap(item => item.getAsFile() ?? [])
  return [files, { hasFolder: items.some(isFolder) }]
}

function Totals({ files, connection }: Pick<EvidenceFilesProps, 'files' | 'connection'>) {
  const { words, size } = useSpeech()
  const { sent, kept, bytes } = totalsOf(files)
  const error = useFilesError(connection, files)
  const room = connection && roomOf(connection)
  const seen = connection && seenLength(connection, files)
  return (
    <div class="file-totals">
      {files.length > 0 && (
        <p role="status">
          <strong>{words.files.totals(sent, size(bytes), kept)}</strong>
        </p>
      )}
      {sent > 0 && seen !== null && <p>{words.files.seen(size(seen))}</p>}
      {sent === 0 && kept > 0 && <p>{words.files.unseen}</p>}
      <p id="files-limit" class="help">
        {room === 0 ? words.files.noFiles : room !== null && words.files.limit(size(room))}
      </p>
      <FieldError id="files" error={error} />
    </div>
  )
}
