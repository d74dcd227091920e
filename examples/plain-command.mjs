// plain-client.mjs and plain-casework.mjs from a command line, and how a receipt code is written and read.
//
// node examples/plain-command.mjs COMMAND --server URL --deployment ID
//   report --agency ID < text           the receipt code is printed first: it is the only way back
//   status | mailbox < code
//   cases | open | acknowledge | reply  --device FILE [--case ID] [--number N < text]
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { text as readAll } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { acknowledge, allReplies, cases, openCase, reply, status } from './plain-casework.mjs'
import { connect, report } from './plain-client.mjs'
import { check, refuse, uint } from './plain-encodings.mjs'
import { hash } from './plain-primitives.mjs'

// §4 Receipt code, in its written form of groups: 128 bits of code, two zero bits, ten bits of checksum
const SYMBOLS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const newCode = () => randomBytes(16)
export function formatCode(code) {
  const checksum = hash('code-check', code).readUInt16BE() >> 6
  const bits = (BigInt(`0x${code.toString('hex')}`) << 12n) | BigInt(checksum)
  const symbols = [...bits.toString(32).padStart(28, '0')].map(digit => SYMBOLS[Number.parseInt(digit, 32)])
  return symbols.join('').match(/.{4}/g).join('-')
}
export function parseCode(text) {
  const dropped = /[\s\u00AD\u200B-\u200F\u2060\uFEFF\u2010-\u2015\u2212-]/g
  const plain = text.normalize('NFKC').toUpperCase().replace(dropped, '')
  const symbols = plain.replace(/O/g, '0').replace(/[IL]/g, '1')
  check(/^[0-9A-HJKMNP-TV-Z]{28}$/.test(symbols), 'bad-receipt-code')
  const bits = [...symbols].reduce((sum, symbol) => sum * 32n + BigInt(SYMBOLS.indexOf(symbol)), 0n)
  const code = uint(16, bits >> 12n)
  return formatCode(code).replaceAll('-', '') === symbols ? code : refuse('bad-receipt-code')
}

async function main() {
  const names = ['server', 'deployment', 'agency', 'device', 'case', 'number']
  const options = Object.fromEntries(names.map(name => [name, { type: 'string' }]))
  const { values, positionals } = parseArgs({ options, allowPositionals: true })
  const service = await connect(values.server, values.deployment)
  const given = ['report', 'status', 'mailbox', 'reply'].includes(positionals[0])
  const input = given && (await readAll(process.stdin))
  const device = values.device && JSON.parse(await readFile(values.device, 'utf8'))
  const opened = values.case && (await openCase(service, device, values.case))
  const commands = {
    report() {
      const code = newCode()
      console.log(formatCode(code))
      return report(service, code, { version: 1, language: 'ko', what: input }, [values.agency])
    },
    status: () => status(service, parseCode(input)),
    mailbox: () => allReplies(service, parseCode(input)),
    cases: () => cases(service, device),
    open: () => opened.contents,
    acknowledge: () => acknowledge(service, device, opened),
    reply: () => reply(service, device, opened, Number(values.number), input),
  }
  const result = (await commands[positionals[0]]()) ?? 'done'
  console.log(typeof result === 'string' ? result : JSON.stringify(result, null, 2))
}
if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await main()
