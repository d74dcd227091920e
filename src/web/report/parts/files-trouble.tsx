import { useEffect, useRef } from 'preact/hooks'
import { neutralise } from '../../page/untrusted-text.ts'
import type { FilesTrouble } from '../sending.ts'
import { Button } from './buttons.tsx'
import { Notice } from './page.tsx'
import { useSpeech } from './speaking.tsx'

interface FilesTroubleProps {
  readonly trouble: FilesTrouble
  readonly onRetry: () => void
  readonly onFiles: () => void
}

/** Why the files are not there, and what can be done. What only waits for the network goes on with it. */
export function FilesTroubleNotice({ trouble, onRetry, onFiles }: FilesTroubleProps) {
  const { upload } = useSpeech().words
  const { title, text } = upload.trouble[trouble.kind]
  const canRetry = trouble.kind !== 'unreadable' && trouble.kind !== 'too-large'
  const retry = useRef(onRetry)
  retry.current = onRetry
  useEffect(() => {
    if (trouble.kind !== 'lost') return
    const goOn = () => retry.current()
    window.addEventListener('online', goOn)
    return () => window.removeEventListener('online', goOn)
  }, [trouble])
  return (
    <Notice tone="warn" title={title} urgent>
      <p>
        {typeof text === 'string'
          ? text
          : text(trouble.kind === 'unreadable' ? neutralise(trouble.name) : '')}
      </p>
      {canRetry && (
        <Button kind="main" onClick={onRetry}>
          {trouble.kind === 'lost' ? upload.goOn : upload.retry}
        </Button>
      )}
      <Button onClick={onFiles}>{upload.change}</Button>
    </Notice>
  )
}
