import { useMemo } from 'preact/hooks'
import type { Room } from '../case-room.ts'
import { linesOf, linesOfCase } from '../file-lines.ts'
import type { InboxCase } from '../inbox.ts'
import { Button, Notice } from '../parts/elements.tsx'
import { PrintIcon } from '../parts/icons.tsx'
import { dayInSeoul } from '../parts/shown.ts'
import { useSpeech } from '../parts/speaking.tsx'
import { Untrusted } from '../parts/untrusted.tsx'
import { answersOf, type ReadAnswer } from '../reading.ts'
import type { FileWorks } from '../room-files.ts'
import type { Opened } from './case-parts.tsx'
import { CompareFile } from './compare.tsx'
import { FileFacts, Files } from './files.tsx'

interface ReportViewProps {
  readonly room: Room
  readonly works: FileWorks
  readonly content: Opened
  readonly entry: InboxCase | null
}

export function ReportView({ room, works, content, entry }: ReportViewProps) {
  const { words, language, day } = useSpeech()
  const { report } = words.case
  const { opened, work } = content
  const { answers } = opened
  const all = useMemo(() => linesOfCase(opened), [opened])
  const read = useMemo(
    () => answers && answersOf(answers, language, work.names),
    [answers, language, work.names],
  )
  return (
    <article class="report">
      <div class="report-head">
        {answers && <p class="help">{report.writtenIn[answers.language]}</p>}
        <p class="help">{report.asWritten}</p>
        <Button onClick={() => print()}>
          <PrintIcon />
          {report.print}
        </Button>
      </div>
      <p class="only-print">
        {words.case.label(entry?.shown ?? '')} · {report.printed(day(dayInSeoul(Date.now())))}
      </p>
      {read ? (
        <dl class="answers">
          {read.map(answer => (
            <Answer key={answer.id} answer={answer} />
          ))}
        </dl>
      ) : (
        <>
          <Notice tone="warn">
            <p>{report.unknown}</p>
          </Notice>
          <Untrusted text={opened.report.content} label={words.case.tabs.report} />
        </>
      )}
      <Files room={room} works={works} lines={linesOf(opened, 0)} />
      {all.length > 0 && <CompareFile lines={all} />}
      {opened.followUps.map(({ index, day: came, text }) => (
        <div key={index} class="only-print">
          <h3>
            {words.case.talk.followUp(index)} · {day(came)}
          </h3>
          {text === null ? words.case.talk.unreadableNoKey : <Untrusted text={text} label={String(index)} />}
          {linesOf(opened, index).map(line => (
            <FileFacts key={line.key} line={line} />
          ))}
        </div>
      ))}
    </article>
  )
}

function Answer({ answer: { id, label, choice, text } }: { readonly answer: ReadAnswer }) {
  const { words } = useSpeech()
  return (
    <div class={`answer ${id}`}>
      <dt>{label}</dt>
      <dd>
        {choice && (
          <p class={`choice ${choice.code === 'U0' || choice.code === 'U1' ? 'urgent' : ''}`}>
            {choice.label ?? (
              <>
                <bdi class="mono">{choice.code.slice(0, 8)}</bdi> {words.case.report.unknownCode}
              </>
            )}
          </p>
        )}
        {text !== null && <Untrusted text={text} label={label} />}
      </dd>
    </div>
  )
}
