// What an action asks for beside its text: a reason by code, and whom or what it names.
import { useEffect } from 'preact/hooks'
import type { Room, TeamDevice } from '../case-room.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { codeNames } from '../said.ts'
import { type Nameable, nameable } from '../subjects.ts'
import type { FieldProps } from './work-form.tsx'

export function CodeField({ filled, set, wrong, choice }: FieldProps) {
  const { words, language } = useSpeech()
  const said = words.work.form
  const codes = choice.codes ?? []
  const options = codes.map(id => ({ id, shown: codeNames(choice.action, id)[language] }))
  return (
    <Choosing
      id="act-code"
      label={said.code}
      options={options}
      value={filled.code}
      isWrong={wrong === 'code'}
      onChange={code => set({ code })}
    />
  )
}

interface SubjectFieldProps extends FieldProps {
  readonly room: Room
  readonly team: readonly TeamDevice[] | null
  readonly isOffer: boolean
}

export function SubjectField({
  filled,
  set,
  wrong,
  choice,
  content,
  room,
  team,
  isOffer,
}: SubjectFieldProps) {
  const { words, language, day } = useSpeech()
  const { form, handOver } = words.work
  const { names } = choice
  useEffect(() => {
    if (names === 'device') void room.findTeam()
  }, [room, names])
  if (names === null) return null
  if (names === 'device' && team === null) return <p role="status">{form.loading}</p>
  const shown = (one: Nameable) => {
    switch (one.kind) {
      case 'agency':
        return one.names?.[language] ?? one.id
      case 'device':
        return words.case.talk.by(one.role ? words.frame.roles[one.role] : '', one.id.slice(0, 8))
      case 'message':
        return form.messageOption(Number(one.id), day(one.day))
    }
  }
  const options = nameable(choice, content, team ?? []).map(one => ({ id: one.id, shown: shown(one) }))
  return (
    <Choosing
      id="act-subject"
      label={isOffer ? handOver.chooseAgency : form[names]}
      help={names === 'agency' && choice.action !== 'joint-ended' ? handOver.excluded : null}
      options={options}
      value={filled.subject}
      isWrong={wrong === 'subject'}
      onChange={subject => set({ subject })}
    />
  )
}

interface ChoosingProps {
  readonly id: string
  readonly label: string
  readonly help?: string | null
  readonly options: readonly { readonly id: string; readonly shown: string }[]
  readonly value: string
  readonly isWrong: boolean
  readonly onChange: (value: string) => void
}

function Choosing({ id, label, help = null, options, value, isWrong, onChange }: ChoosingProps) {
  const { form } = useSpeech().words.work
  if (options.length === 0)
    return (
      <p>
        {label}: {form.none}
      </p>
    )
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {help !== null && (
        <p id={`${id}-help`} class="help">
          {help}
        </p>
      )}
      <select
        id={id}
        value={value}
        aria-invalid={isWrong}
        aria-describedby={help === null ? `${id}-problem` : `${id}-help ${id}-problem`}
        onChange={event => onChange(event.currentTarget.value)}
      >
        <option value="">{form.choose}</option>
        {options.map(option => (
          <option key={option.id} value={option.id}>
            {option.shown}
          </option>
        ))}
      </select>
      <p id={`${id}-problem`} class="error" aria-live="polite">
        {isWrong && form.chooseFirst}
      </p>
    </div>
  )
}
