// All bytes of a case that can be checked, under the names that docs/protocol.md gives them.
import { decodeEvent } from '../../client/chain.ts'
import type { ReadCase } from '../../client/index.ts'
import { fromBase64url, toHex } from '../../protocol/encoding.ts'
import { parseHeader } from '../../protocol/envelope.ts'
import { parseEvent } from '../../protocol/event.ts'

export type TechnicalField =
  | 'case'
  | 'reportId'
  | 'digest'
  | 'head'
  | 'deployment'
  | 'index'
  | 'bucket'
  | 'commitment'
  | 'bodyLength'
  | 'sealedTo'
  | 'seenHead'
  | 'header'
  | 'core'
  | 'tag'
  | 'signature'
  | 'previous'
  | 'certificateHash'
  | 'certificate'
  | 'wraps'

export interface TechnicalGroup {
  readonly of: 'case' | 'message' | 'event'
  /** 0, 1, … among its kind. */
  readonly index: number
  readonly fields: readonly (readonly [TechnicalField, string])[]
}

export function technicalOf(read: ReadCase): TechnicalGroup[] {
  return [
    {
      of: 'case',
      index: 0,
      fields: [
        ['case', hexOf(read.id)],
        ['reportId', toHex(read.reportId)],
        ['head', toHex(read.head)],
      ],
    },
    ...read.messages.map(
      (message, index): TechnicalGroup => ({ of: 'message', index, fields: messageFields(message) }),
    ),
    ...read.file.events.map(
      (event, index): TechnicalGroup => ({ of: 'event', index, fields: eventFields(event) }),
    ),
  ]
}

function messageFields({ envelope, digest, wrappedKey, seenHead }: ReadCase['messages'][number]) {
  const { deploymentId, threadIndex, bucket } = parseHeader(envelope.header)
  const fields: [TechnicalField, string][] = [
    ['deployment', toHex(deploymentId)],
    ['index', String(threadIndex)],
    ['bucket', String(bucket)],
    ['digest', toHex(digest)],
    ['header', toHex(envelope.header)],
    ['commitment', toHex(envelope.commitment)],
    ['bodyLength', String(envelope.body.length)],
  ]
  if (wrappedKey) fields.push(['sealedTo', hexOf(wrappedKey.keyId)])
  if (seenHead !== null) fields.push(['seenHead', hexOf(seenHead)])
  return fields
}

function eventFields(recorded: ReadCase['file']['events'][number]) {
  const event = decodeEvent(recorded)
  const fields: [TechnicalField, string][] = []
  if (event) {
    const content = readable(event)
    if (content) {
      fields.push(['previous', toHex(content.previous)])
      fields.push(['certificateHash', toHex(content.certificateHash)])
    }
    fields.push(['core', toHex(event.core)], ['tag', toHex(event.tag)], ['signature', toHex(event.signature)])
  }
  fields.push(['certificate', recorded.certificate.trim()], ['wraps', String(recorded.deviceKeys.length)])
  return fields
}

function readable(event: Parameters<typeof parseEvent>[0]) {
  try {
    return parseEvent(event)
  } catch {
    return null
  }
}

/** Of base64url that has been checked. */
const hexOf = (text: string) => toHex(fromBase64url(text))
