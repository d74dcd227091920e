// What somebody writes in a case: the draft, what is attached to it, and what becomes of both.
import { lengthOfBlob } from '../../client/index.ts'
import { ProtocolError } from '../../protocol/error.ts'
import { MAX_FILES } from '../../protocol/file-list.ts'
import { sourceOf } from '../page/file-source.ts'
import type { CaseContent } from './case-content.ts'
import type { Observed } from './observed.ts'
import type { Outbox, Outgoing } from './outbox.ts'

export interface Written {
  readonly draft: string
  /** Chosen to go with the draft; nothing of them is read before it is sent. */
  readonly attached: readonly File[]
  /** Why the last ones that were chosen are not among them. */
  readonly notAttached: 'too-many' | 'too-large' | null
  readonly outgoing: readonly Outgoing[]
}

export interface Writing {
  write(draft: string): void
  attach(files: readonly File[]): void
  /** The one at this place. */
  detach(at: number): void
  /** Sends the draft with what is attached, and empties it; where it does not go through, `outgoing` has it. */
  send(): Promise<void>
  /** Goes on with one that failed: same numbers, same bytes. */
  resend(id: number): Promise<void>
  pause(id: number): void
  goOn(id: number): void
  /** Makes a draft again of a letter whose files are not all there. */
  takeBack(id: number): void
  /** Takes back what can be, and forgets what is attached; texts stay. */
  leave(): void
}

type State = Observed<Written & { readonly content: CaseContent }>

export function writingIn(state: State, outbox: Outbox, work: { again(): Promise<void> }): Writing {
  return {
    write: (draft: string) => state.change({ draft }),
    attach(more: readonly File[]) {
      const attached = [...state.current().attached, ...more]
      const notAttached = refusalOf(attached)
      state.change(notAttached ? { notAttached } : { attached, notAttached })
    },
    detach: (at: number) =>
      state.change({ attached: state.current().attached.filter((_, i) => i !== at), notAttached: null }),
    async send() {
      const { content, draft, attached } = state.current()
      if (content.kind !== 'opened' || draft.trim() === '') return
      state.change({ draft: '', attached: [], notAttached: null })
      await outbox.send(content.opened, { text: draft, files: attached })
      await work.again()
    },
    async resend(id: number) {
      await outbox.resume(id)
      await work.again()
    },
    pause: outbox.pause,
    goOn: outbox.goOn,
    takeBack: (id: number) => takeBack(state, outbox, id),
    leave() {
      for (const { id } of state.current().outgoing) takeBack(state, outbox, id)
      state.change({ attached: [], notAttached: null })
    },
  }
}

function takeBack(state: State, outbox: Outbox, id: number): void {
  const taken = outbox.takeBack(id)
  if (!taken) return
  const { draft, attached } = state.current()
  const text = draft.trim() === '' ? taken.text : `${taken.text}\n\n${draft}`
  state.change({ draft: text, attached: [...taken.files, ...attached] })
}

function refusalOf(files: readonly File[]): Written['notAttached'] {
  if (files.length > MAX_FILES) return 'too-many'
  try {
    lengthOfBlob(files.map(file => sourceOf(file)))
    return null
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'too-long') return 'too-large'
    throw error
  }
}
