import type { ComponentChildren } from 'preact'
import { useMemo, useRef } from 'preact/hooks'
import type { Room, RoomState } from '../case-room.ts'
import { linesOf } from '../file-lines.ts'
import { Id, Notice } from '../parts/elements.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { type ThreadItem, threadOf } from '../thread.ts'
import type { Opened } from './case-parts.tsx'
import { Files } from './files.tsx'
import { useEntryName } from './history.tsx'
import { Letter } from './letter.tsx'
import { ObjectionMark } from './objections.tsx'
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
          <Item key={keyOf(item)} item={item} room={room} state={state} content={content} />
        ))}
      </ol>
      <ColleagueNews content={content} />
      {isAcknowledged ? (
        <ReplyBox room={room} state={state} language={opened.answers?.language ?? null} />
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

function Item({ item, room, state, content }: TalkViewProps & { readonly item: ThreadItem }) {
  const { talk } = useSpeech().words.case
  switch (item.kind) {
    case 'follow-up':
      return (
        <FollowUp {...item}>
          <ObjectionMark content={content} index={item.message.index} />
          <Files room={room} works={state.files} lines={linesOf(content.opened, item.message.index)} />
        </FollowUp>
      )
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

type FollowUpProps = Extract<ThreadItem, { kind: 'follow-up' }> & { readonly children: ComponentChildren }

function FollowUp({ message, seen, children }: FollowUpProps) {
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
      {children}
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
  const nameOf = useEntryName()
  const { what, device, index } = entry
  return (
    <li class={`from-us brief ${what === 'forged' ? 'bad' : ''}`}>
      <p class="said-by">
        <strong class="named">{nameOf(entry)}</strong>
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
