// The files of a reply: fetched, opened and checked piece by piece, and handed to whoever saves files here.
import { useEffect, useRef, useState } from 'preact/hooks'
import { createBreath } from '../../page/breathing.ts'
import { safeName } from '../../page/safe-name.ts'
import { askDestination, canSave, MOST_HELD } from '../../page/save-file.ts'
import { neutralise } from '../../page/untrusted-text.ts'
import type { FileList, ListedFile } from '../engine.ts'
import type { MyReport } from '../my-report.ts'
import { Button } from './buttons.tsx'
import { FileName } from './file-row.tsx'
import { Notice } from './page.tsx'
import { useSpeech } from './speaking.tsx'

interface ReplyFilesProps {
  readonly mine: MyReport
  readonly list: FileList
}

export function ReplyFiles({ mine, list }: ReplyFilesProps) {
  const { replyFiles } = useSpeech().words
  return (
    <div class="reply-files">
      <h4>{replyFiles.heading}</h4>
      <Notice tone="warn">
        <p>{replyFiles.untrusted}</p>
      </Notice>
      <ul class="file-list">
        {list.files.map((file, index) =>
          file.attached ? (
            <SavableFile key={index} {...{ mine, list, index, file }} />
          ) : (
            <KeptFile key={index} file={file} hash={mine.connection.engine.toHex(file.sha256)} />
          ),
        )}
      </ul>
    </div>
  )
}

function KeptFile({ file, hash }: { readonly file: ListedFile; readonly hash: string }) {
  const { words, size } = useSpeech()
  return (
    <li class="file">
      <FileName name={neutralise(file.name)} size={size(file.size)} />
      <p class="help">{words.replyFiles.fingerprint}</p>
      <p class="mono hash">{hash}</p>
    </li>
  )
}

interface SavableProps extends ReplyFilesProps {
  readonly index: number
  readonly file: ListedFile
}

type Saving =
  | { readonly kind: 'idle' | 'stopped' | 'failed' | 'wrong' | 'gone' | 'cannotWrite' }
  | { readonly kind: 'saving'; readonly done: number }
  | { readonly kind: 'saved'; readonly name: string }

function SavableFile(props: SavableProps) {
  const { file } = props
  const { words, size } = useSpeech()
  const { replyFiles } = words
  const { saving, save, stop } = useSaving(props)
  const name = neutralise(file.name)
  return (
    <li class="file">
      <FileName name={name} size={size(file.size)} />
      {saving.kind === 'saving' && (
        <>
          <progress aria-label={name} max={Math.max(1, file.size)} value={saving.done} />
          <p class="help">{replyFiles.saving(size(saving.done), size(file.size))}</p>
        </>
      )}
      <p class="help" role="status">
        {saving.kind === 'saved' && replyFiles.saved(saving.name)}
        {saving.kind !== 'saved' &&
          saving.kind !== 'saving' &&
          saving.kind !== 'idle' &&
          replyFiles[saving.kind]}
        {!canSave(file.size) && replyFiles.tooLarge(size(MOST_HELD))}
      </p>
      {saving.kind === 'saving' ? (
        <Button onClick={stop} label={`${replyFiles.stop}: ${name}`}>
          {replyFiles.stop}
        </Button>
      ) : (
        <Button onClick={save} disabled={!canSave(file.size)} label={replyFiles.saveOf(name)}>
          {replyFiles.save}
        </Button>
      )}
    </li>
  )
}

function useSaving(props: SavableProps) {
  const [saving, setSaving] = useState<Saving>({ kind: 'idle' })
  const controller = useRef<AbortController | null>(null)
  useEffect(() => () => controller.current?.abort(), [])
  const save = async () => {
    controller.current = new AbortController()
    const { signal } = controller.current
    const onDone = (done: number) => setSaving({ kind: 'saving', done })
    setSaving(await saveFile(props, signal, onDone))
  }
  return { saving, save, stop: () => controller.current?.abort() }
}

async function saveFile(
  { mine, list, index, file }: SavableProps,
  signal: AbortSignal,
  onDone: (done: number) => void,
): Promise<Saving> {
  const { engine } = mine.connection
  const name = safeName(file.name)
  const destination = await askDestination(name).catch(() => 'refused' as const)
  if (destination === null) return { kind: 'idle' }
  if (destination === 'refused') return { kind: 'cannotWrite' }
  const breathe = createBreath()
  try {
    onDone(0)
    const { createFileHasher: createHasher } = engine
    const read = engine.replyFiles(mine.reporter, list.blobKey)
    let done = 0
    for await (const piece of engine.readFile(read, list, index, { createHasher, signal })) {
      await destination.write(piece)
      done += piece.length
      if (await breathe()) onDone(done)
      signal.throwIfAborted()
    }
    await destination.finish()
    return { kind: 'saved', name }
  } catch (error) {
    await destination.discard().catch(() => undefined)
    return signal.aborted ? { kind: 'stopped' } : { kind: troubleOf(mine, error) }
  }
}

function troubleOf({ connection: { engine } }: MyReport, error: unknown) {
  if (error instanceof engine.VerificationFailed) return 'wrong'
  if (error instanceof engine.RequestProblem) {
    if (error.kind === 'not-found') return 'gone'
    // Another length than the reply says.
    if (error.kind === 'range-not-satisfiable') return 'wrong'
  }
  return error instanceof DOMException ? 'cannotWrite' : 'failed'
}
