import { useState } from 'preact/hooks'
import { neutralise } from '../../page/untrusted-text.ts'
import type { FileList, MailboxReply } from '../engine.ts'
import type { MyReport } from '../my-report.ts'
import { Apart } from '../parts/apart.tsx'
import { Button } from '../parts/buttons.tsx'
import { CheckIcon } from '../parts/icons.tsx'
import { Notice } from '../parts/page.tsx'
import { ReplyFiles } from '../parts/reply-files.tsx'
import { useSpeech } from '../parts/speaking.tsx'
import { Sure } from '../parts/sure.tsx'

interface RepliesProps {
  readonly mine: MyReport
  readonly onChanged: () => void
}

const span = ([first, last]: readonly [number, number]) => (first === last ? `${first}` : `${first}–${last}`)

export function Replies({ mine, onChanged }: RepliesProps) {
  const { words, language } = useSpeech()
  const { connection, reporter, mailbox } = mine
  const [said, setSaid] = useState('')
  const remove = async (ids: readonly Uint8Array[], files: FileList | null = null) => {
    const { engine } = connection
    try {
      // First: the key to them is in the reply.
      if (files?.files.some(({ attached }) => attached)) {
        await engine.deleteFilesOfReply(reporter, files.blobKey)
      }
      await engine.deleteReplies(reporter, ids)
      setSaid(words.mine.deleted)
      onChanged()
    } catch {
      setSaid(words.enter.failed)
    }
  }
  const name = (id: string) =>
    connection.trust.directory.agencies.find(agency => agency.id === id)?.names[language] ?? id
  return (
    <section aria-labelledby="replies">
      <h2 id="replies">{words.mine.replies}</h2>
      {!mailbox && <Notice tone="warn">{words.mine.repliesFailed}</Notice>}
      {mailbox?.replies.length === 0 && (
        <p class="empty">
          {words.mine.noReplies} {words.mine.noRepliesText}
        </p>
      )}
      {mailbox?.replies.map(reply => (
        <Apart
          key={connection.engine.toHex(reply.id)}
          of={mine}
          instead={<Notice tone="warn">{words.mine.unshownReply}</Notice>}
        >
          <Reply
            mine={mine}
            reply={reply}
            // Whoever forged a reply would see that its files were asked for, and know that it was read.
            onRemove={() => remove([reply.id], reply.verdict === 'genuine' ? reply.files : null)}
          />
        </Apart>
      ))}
      {mailbox?.missing.map(({ agencyId, deviceId, gaps }) => (
        <Notice key={deviceId} tone="warn">
          <p>{words.mine.missing(name(agencyId), gaps.map(span).join(', '))}</p>
        </Notice>
      ))}
      {mailbox && mailbox.unreadable.length > 0 && (
        <Notice tone="plain">
          <p>{words.mine.unreadable(mailbox.unreadable.length)}</p>
          <Button kind="quiet" onClick={() => remove(mailbox.unreadable)}>
            {words.mine.deleteUnreadable}
          </Button>
        </Notice>
      )}
      <p class="help" role="status">
        {said}
      </p>
    </section>
  )
}

interface ReplyProps {
  readonly mine: MyReport
  readonly reply: MailboxReply
  readonly onRemove: () => void
}

function Reply({ mine: report, reply, onRemove }: ReplyProps) {
  const { words, language, day } = useSpeech()
  const { mine } = words
  const name = reply.names[language]
  if (reply.verdict === 'forged') {
    return (
      <article class="reply forged">
        <Notice tone="bad" title={mine.forgedReply}>
          <p>{mine.forgedReplyText(name)}</p>
          <details>
            <summary>{mine.showForged}</summary>
            <ReplyText text={reply.text} />
          </details>
        </Notice>
        <Removing onRemove={onRemove} />
      </article>
    )
  }
  return (
    <article class="reply">
      <h3>{mine.from(name)}</h3>
      <p class="reply-meta">
        <span class="state good">
          <CheckIcon />
          {mine.verified}
        </span>
        <span>{day(reply.day)}</span>
        <span>{mine.replyNumber(reply.number)}</span>
      </p>
      <ReplyText text={reply.text} />
      {reply.files && <ReplyFiles mine={report} list={reply.files} />}
      {reply.followUps.length > 0 && <p class="help">{mine.seen(reply.followUps.join(', '))}</p>}
      <Removing onRemove={onRemove} />
    </article>
  )
}

const ReplyText = ({ text }: { readonly text: string }) => (
  <p class="reply-text" dir="auto">
    {neutralise(text)}
  </p>
)

function Removing({ onRemove }: { readonly onRemove: () => void }) {
  const { mine } = useSpeech().words
  const [sure, setSure] = useState(false)
  if (!sure) {
    return (
      <Button kind="quiet" onClick={() => setSure(true)}>
        {mine.delete}
      </Button>
    )
  }
  return (
    <Sure
      question={mine.deleteSure}
      no={mine.deleteNo}
      yes={mine.deleteYes}
      onNo={() => setSure(false)}
      onYes={onRemove}
    />
  )
}
