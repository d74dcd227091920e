// Files on their way: how much, how long still, and two ways to stop.
import { roughly } from '../remaining.ts'
import type { UploadView } from '../uploading.ts'
import { Button } from './buttons.tsx'
import { useSpeech } from './speaking.tsx'

interface UploadProgressProps {
  readonly view: UploadView
  readonly onPause: () => void
  readonly onGoOn: () => void
  readonly onCancel: () => void
}

export function UploadProgress({ view, onPause, onGoOn, onCancel }: UploadProgressProps) {
  const { words, size } = useSpeech()
  const { upload } = words
  const { stage, pace, done, length, secondsLeft } = view
  const amount = stage === 'hash' ? upload.hashed : upload.sent
  const isRunning = pace === 'running'
  return (
    <div class="upload">
      <p id="upload-stage" class="upload-stage">
        {upload[stage]}
      </p>
      <progress
        aria-labelledby="upload-stage"
        max={Math.max(1, length)}
        {...(stage === 'prepare' ? {} : { value: done })}
      />
      <p class="upload-amount">
        {stage !== 'prepare' && <span>{amount(size(done), size(length))}</span>}
        {isRunning && secondsLeft !== null && done < length && (
          <span>{upload.left(roughly(secondsLeft))}</span>
        )}
      </p>
      {stage === 'send' && <p class="help">{upload.filled}</p>}
      {!isRunning && <p class={pace === 'lost' ? 'upload-lost' : ''}>{upload[pace]}</p>}
      <p class="unseen" role="status">
        {isRunning ? spoken(view, upload) : upload[pace]}
      </p>
      <div class="button-row">
        {pace === 'paused' ? (
          <Button onClick={onGoOn}>{upload.goOn}</Button>
        ) : (
          <Button onClick={onPause}>{upload.pause}</Button>
        )}
        <Button onClick={onCancel}>{upload.cancel}</Button>
      </div>
    </div>
  )
}

/** Every quarter: a voice that says each percent lets nobody hear anything else. */
function spoken(
  { stage, done, length }: UploadView,
  upload: ReturnType<typeof useSpeech>['words']['upload'],
) {
  const quarters = length === 0 ? 0 : Math.floor((4 * done) / length)
  return stage === 'send' && quarters > 0 ? upload.spoken(25 * quarters) : upload[stage]
}
