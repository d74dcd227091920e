// What was written on this page, and how far it has come.
import type { Room } from '../case-room.ts'
import type { Outgoing } from '../outbox.ts'
import { useRefusal } from '../parts/at-work.ts'
import { Button } from '../parts/elements.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { Transfer } from './transfer.tsx'

interface LetterProps {
  readonly letter: Outgoing
  readonly room: Room
}

export function Letter({ letter, room }: LetterProps) {
  const { words } = useSpeech()
  const { talk } = words.case
  const { state, text, files, parts, firstNumber, trouble } = letter
  const troubles: Readonly<Record<string, string>> = { ...words.troubles, ...words.files.troubles }
  useRefusal(trouble === 'refused')
  return (
    <>
      <p class="letter" dir="auto">
        {text}
      </p>
      {files.length > 0 && (
        <ul class="attached">
          {files.map(({ name, size }, at) => (
            <li key={`${at} ${name}`}>
              <bdi class="mono">{name}</bdi> <span>{roughSize(size)}</span>
            </li>
          ))}
        </ul>
      )}
      <p class={`delivery ${state}`} role="status">
        <span>{useDelivery(letter)}</span>
        {firstNumber !== null && <span>{talk.number(firstNumber, parts)}</span>}
        {trouble !== null && <span>{troubles[trouble]}</span>}
      </p>
      {state === 'uploading' && <Uploading letter={letter} room={room} />}
      {state === 'failed' && (
        <p class="button-row">
          <Button onClick={() => void room.resend(letter.id)}>{talk.resend}</Button>
          <span class="help">{talk.resendNote}</span>
        </p>
      )}
      {letter.canTakeBack && (
        <p class="button-row">
          <Button kind="quiet" onClick={() => takeBack(room, letter.id)}>
            {words.files.reply.takeBack}
          </Button>
          <span class="help">{words.files.reply.takeBackNote}</span>
        </p>
      )}
    </>
  )
}

function takeBack(room: Room, id: number): void {
  room.takeBack(id)
  document.getElementById('reply')?.focus()
}

function useDelivery({ state, upload, sent, parts }: Outgoing): string {
  const { words } = useSpeech()
  const { talk } = words.case
  if (state === 'sending') return talk.state.sending(sent, parts)
  if (state !== 'uploading') return talk.state[state]
  return upload?.isPaused ? words.files.reply.paused : words.files.reply.uploading
}

function Uploading({ letter: { id, upload }, room }: LetterProps) {
  const { reply } = useSpeech().words.files
  const { sent = 0, length = 0, isPaused = false, isBroken = false } = upload ?? {}
  return (
    <>
      <Transfer
        label={reply.progressOf}
        done={sent}
        of={length}
        text={reply.progress(roughSize(sent), roughSize(length))}
      >
        <Button onClick={() => (isPaused ? room.goOn(id) : room.pause(id))}>
          {isPaused ? reply.goOn : reply.pause}
        </Button>
      </Transfer>
      <p class={isBroken ? 'help' : 'unseen'} role="status">
        {isBroken && !isPaused && reply.isBroken}
      </p>
    </>
  )
}
