// Files that go with the reply that is being written.
import type { Room, RoomState } from '../case-room.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { FileField } from '../parts/file-field.tsx'
import { roughSize } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'

interface ReplyFilesProps {
  readonly room: Room
  readonly written: Pick<RoomState, 'attached' | 'notAttached'>
}

export function ReplyFiles({ room, written: { attached, notAttached } }: ReplyFilesProps) {
  const { reply } = useSpeech().words.files
  const total = attached.reduce((sum, { size }) => sum + size, 0)
  const remove = (at: number) => {
    room.detach(at)
    // The button that did it is gone.
    document.getElementById('reply-files')?.focus()
  }
  return (
    <div class="reply-files">
      <FileField
        id="reply-files"
        label={reply.label}
        button={reply.choose}
        describedBy="reply-files-help"
        isMultiple
        onFiles={room.attach}
      />
      <p id="reply-files-help" class="help">
        {reply.help}
      </p>
      {attached.length > 0 && (
        <ul class="attached">
          {attached.map((file, at) => (
            <li key={`${at} ${file.name}`}>
              <bdi class="mono">{file.name}</bdi> <span>{roughSize(file.size)}</span>
              <Button kind="quiet" label={reply.remove(file.name)} onClick={() => remove(at)}>
                {reply.removeShort}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <p class={attached.length > 0 ? 'help' : 'unseen'} role="status">
        {attached.length > 0 && reply.total(attached.length, roughSize(total))}
      </p>
      {notAttached !== null && (
        <Notice tone="warn" urgent>
          <p>{reply.notAttached[notAttached]}</p>
        </Notice>
      )}
    </div>
  )
}
