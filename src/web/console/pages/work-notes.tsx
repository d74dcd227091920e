import { useRef, useState } from 'preact/hooks'
import { OBSTACLES } from '../../../protocol/lifecycle-obstacles.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { fitsText } from '../said.ts'
import type { WorkProps } from './work.tsx'

/** Says who can read it before anything is written. */
export function NoteBox({ room, state, content }: WorkProps) {
  const { words, language } = useSpeech()
  const said = words.work.notes
  const field = useRef<HTMLTextAreaElement>(null)
  const { note } = state
  const [problem, setProblem] = useState<string | null>(null)
  const obstacle = content.work.choices.find(({ action }) => action === 'noted')?.obstacle ?? null
  const refuse = (why: string) => {
    setProblem(why)
    field.current?.focus()
  }
  const sign = async () => {
    if (note.trim() === '') return refuse(said.empty)
    if (!fitsText(note)) return refuse(words.work.form.tooLong)
    await room.act({ action: 'noted', text: note.trim() })
    const { acted, trouble } = room.current()
    if (trouble === null && acted?.action === 'noted' && !acted.notDone) room.writeNote('')
    field.current?.focus()
  }
  return (
    <section class="note-box" aria-labelledby="note-heading">
      <h3 id="note-heading">{said.heading}</h3>
      <p id="note-who" class="help">
        {said.who}
      </p>
      {obstacle !== null ? (
        <p>
          {said.notOpen} {OBSTACLES[obstacle][language]}
        </p>
      ) : (
        <form
          class="field"
          onSubmit={event => {
            event.preventDefault()
            if (state.busy === null) void sign()
          }}
        >
          <label for="note">{said.text}</label>
          <textarea
            ref={field}
            id="note"
            rows={4}
            dir="auto"
            value={note}
            aria-describedby="note-who note-problem"
            aria-invalid={problem !== null}
            onInput={event => {
              room.writeNote(event.currentTarget.value)
              setProblem(null)
            }}
            autocomplete="off"
            spellcheck={false}
          />
          <p id="note-problem" class="error" aria-live="polite">
            {problem}
          </p>
          <p role="status">{state.acted?.action === 'noted' && !state.acted.notDone && said.kept}</p>
          <div class="button-row">
            <button type="submit" class="button" aria-disabled={state.busy !== null}>
              {said.go}
            </button>
          </div>
        </form>
      )}
    </section>
  )
}
