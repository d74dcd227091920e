import { useMemo, useRef } from 'preact/hooks'
import type { Room, RoomState } from '../case-room.ts'
import type { Outgoing } from '../outbox.ts'
import { Button, Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { type ThreadItem, threadOf } from '../thread.ts'
import type { Opened } from './case-parts.tsx'
import { ReplyBox } from './reply-box.tsx'

interface TalkViewProps {
  readonly room: Room
  readonly state: RoomState
  readonly content: Opened
}

export function TalkView({ room, state, content }: TalkViewProps) {
  const { words, day } = useSpeech()
  const { talk } = words.case
  const { opened, history, seen, isAcknowledged } = content
  const { outgoing } = state
  const items = useMemo(
    () => threadOf(room, { followUps: opened.followUps, seen, entries: history.entries, outgoing }),
    [room, opened, seen, history, outgoing],
  )
  return (
    <section class="talk" aria-label={talk.label}>
      <p class="help">{talk.repliesNote}</p>
      <ol class="thread">
        <li class="from-reporter brief">
          <p class="said-by">
            <strong>{talk.reportCame}</strong>
            <span>{day(opened.messages[0]?.day ?? opened.file.day)}</span>
          </p>
        </li>
        {items.map(item => (
          <Item key={keyOf(item)} item={item} room={room} />
        ))}
      </ol>
      <ColleagueNews content={content} />
      {isAcknowledged ? (
        <ReplyBox room={room} draft={state.draft} language={opened.answers?.language ?? null} />
      ) : (
        <Notice tone="plain">
          <p>{talk.first}</p>
        </Notice>
      )}
    </section>
  )
}

const keyOf = (item: ThreadItem): string =>
  item.kind === 'follow-up'
    ? `f${item.message.index}`
    : item.kind === 'entry'
      ? `e${item.entry.index}`
      : `o${item.outgoing.id}`

/** Says that somebody else was here since this conversation was shown first. */
function ColleagueNews({ content }: { readonly content: Opened }) {
  const { talk } = useSpeech().words.case
  const foreign = content.history.entries.filter(({ device }) => !device?.isOwn).length
  const atFirst = useRef(foreign)
  const isNews = foreign > atFirst.current
  return (
    <p class={isNews ? 'news' : 'unseen'} role="status">
      {isNews && talk.colleague}
    </p>
  )
}

function Item({ item, room }: { readonly item: ThreadItem; readonly room: Room }) {
  const { talk } = useSpeech().words.case
  switch (item.kind) {
    case 'follow-up':
      return <FollowUp {...item} />
    case 'entry':
      return <EntryItem {...item} />
    case 'outgoing':
      return (
        <li class="from-us">
          <p class="said-by">
            <strong>{talk.yourReply}</strong>
          </p>
          <Letter letter={item.outgoing} room={room} />
        </li>
      )
  }
}

function FollowUp({ message, seen }: Extract<ThreadItem, { kind: 'follow-up' }>) {
  const { words, day } = useSpeech()
  const { talk } = words.case
  const title = talk.followUp(message.index)
  return (
    <li class="from-reporter">
      <p class="said-by">
        <strong>{title}</strong>
        <span>{day(message.day)}</span>
      </p>
      {message.text === null ? (
        <p class="help">{talk.unreadableNoKey}</p>
      ) : (
        <Untrusted text={message.text} label={title} />
      )}
      {seen === null ? (
        <p class="entry-bad">{talk.seenOther}</p>
      ) : (
        <p class="seen">{seen === 0 ? talk.seenNothing : talk.seenUpTo(seen)}</p>
      )}
    </li>
  )
}

function EntryItem({ entry }: Extract<ThreadItem, { kind: 'entry' }>) {
  const { words, day } = useSpeech()
  const { talk, history } = words.case
  const { what, device, index } = entry
  return (
    <li class={`from-us brief ${what === 'forged' ? 'bad' : ''}`}>
      <p class="said-by">
        <strong>{history.what[what]}</strong>
        <span>{entry.day === null ? history.noDay : day(entry.day)}</span>
        {device && (
          <span>
            {device.isOwn ? (
              talk.thisDevice
            ) : (
              <>
                {talk.by(words.frame.roles[device.role], '')}
                <Id of={device.id} short />
              </>
            )}
          </span>
        )}
        <span class="entry-index">{history.entry(index + 1)}</span>
      </p>
      {what === 'forged' && <p class="entry-bad">{history.forgedEntry}</p>}
    </li>
  )
}

/** What was written on this page, and how far it has come. */
function Letter({ letter, room }: { readonly letter: Outgoing; readonly room: Room }) {
  const { words } = useSpeech()
  const { talk } = words.case
  const { state, text, parts, sent, firstNumber, trouble } = letter
  return (
    <>
      <p class="letter" dir="auto">
        {text}
      </p>
      <p class={`delivery ${state}`} role="status">
        <span>{state === 'sending' ? talk.state.sending(sent, parts) : talk.state[state]}</span>
        {firstNumber !== null && <span>{talk.number(firstNumber, parts)}</span>}
        {trouble !== null && <span>{words.troubles[trouble]}</span>}
      </p>
      {state === 'failed' && (
        <p class="button-row">
          <Button onClick={() => void room.resend(letter.id)}>{talk.resend}</Button>
          <span class="help">{talk.resendNote}</span>
        </p>
      )}
    </>
  )
}
