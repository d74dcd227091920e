// §1 of docs/protocol.md, notation and encodings: what every format is made of.
export const refuse = code => {
  throw new Error(code)
}
export const check = (holds, code) => holds || refuse(code) // with a code of §16

export const uint = (size, value) => Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex')
const utf8 = text => (text.isWellFormed() ? Buffer.from(text) : refuse('bad-encoding'))
export const textOf = bytes => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
export const b64 = bytes => Buffer.from(bytes).toString('base64url')
export function unb64(text, encoding = 'base64url') {
  const bytes = Buffer.from(text, encoding)
  return bytes.toString(encoding) === text ? bytes : refuse('bad-encoding') // one spelling only
}
/** Bytes inside are base64url (§15). */
export const jsonOf = content =>
  JSON.stringify(content, (_, value) => (value?.type === 'Buffer' ? b64(value.data) : value))

/** A field is bytes, or text. */
export function enc(tag, ...fields) {
  const parts = [`bongsu/v1/${tag}`, ...fields].map(part => (typeof part === 'string' ? utf8(part) : part))
  return Buffer.concat(parts.flatMap((part, i) => [uint(i === 0 ? 1 : 4, part.length), part]))
}
const NAMES = {
  header: 'suite deployment reportId threadIndex bucket blobRoot partCount',
  'report-body': 'mailboxKey mailboxSealingKey acknowledgement thread logBlind content files',
  'follow-up-body': 'tag content files',
  'signed-reply': 'content signature certificate',
  'reply-content': 'mailboxId digest agency number day followUps certificate text files',
  event: 'digest agency head index kind day certificate wraps subject particulars offer',
}
/** The fields by name. With `known`, those that are named there are these. */
export function dec(tag, bytes, known = {}, code = 'bad-encoding') {
  const fields = []
  for (let at = tag.length + 11; at < bytes.length; at += 4 + fields.at(-1).length)
    fields.push(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at)))
  const names = NAMES[tag].split(' ')
  check(names.length === fields.length && enc(tag, ...fields).equals(bytes), 'bad-encoding')
  const read = Object.fromEntries(names.map((name, i) => [name, fields[i]]))
  return enc(tag, ...Object.values({ ...read, ...known })).equals(bytes) ? read : refuse(code)
}
export const pad = (text, to) => Buffer.concat([text, Buffer.of(0x80), Buffer.alloc(to - text.length - 1)])
export function unpad(bytes) {
  const end = bytes.findLastIndex(byte => byte !== 0)
  return bytes[end] === 0x80 ? bytes.subarray(0, end) : refuse('bad-encoding')
}

const dayOf = time => new Date(time).toISOString().slice(0, 10)
export const days = {
  today: () => dayOf(Date.now() + 9 * 3_600_000), // in Seoul
  after: (day, count) => dayOf(Date.parse(day) + count * 86_400_000),
  isWithin: (day, from, until) => days.after(day, 0) === day && from <= day && day <= until,
}
