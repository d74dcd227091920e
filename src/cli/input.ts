// What goes in: files, standard input, and questions at the terminal. Secrets are never arguments.
import { openSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { ReadStream } from 'node:tty'
import { InvalidInput, parseReceiptCode, type ReceiptCode } from '../client/index.ts'
import { receiptCodeMistake } from '../protocol/receipt-code-mistake.ts'
import { CodeAsArgument, Interrupted, WrongCode, WrongInput } from './exit.ts'
import type { Words } from './words/index.ts'

const MAX_TEXT_BYTES = 2 * 1024 * 1024
// Arrow and function keys: the escape character and what follows it.
const KEY_SEQUENCES = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z~]`, 'g')
// Of what was pasted as a whole: what is typed comes key by key.
const LINES_WITHIN = /[\r\n]+(?=[^\r\n])/g
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** A file's text, or standard input's for `-`. */
export async function readText(path: string): Promise<string> {
  const bytes = path === '-' ? await readStandardInput() : await readFile(path)
  if (bytes.length > MAX_TEXT_BYTES) throw new WrongInput('text-too-large', path)
  try {
    return utf8.decode(bytes)
  } catch {
    throw new WrongInput('not-utf8', path)
  }
}

async function readStandardInput(): Promise<Buffer> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of process.stdin) {
    parts.push(Buffer.from(part))
    length += part.length
    if (length > MAX_TEXT_BYTES) break
  }
  return Buffer.concat(parts)
}

export interface CodeOptions {
  readonly codeFile?: string | undefined
  /** Standard input holds a text already. */
  readonly stdinTaken?: boolean
}

/** From a file, from the terminal without echo, or from standard input. Throws `WrongCode`, `CodeAsArgument`. */
export async function readReceiptCode(words: Words, options: CodeOptions = {}): Promise<ReceiptCode> {
  const { codeFile, stdinTaken = false } = options
  if (codeFile === '-' && stdinTaken) throw new WrongInput('input-taken')
  if (codeFile !== undefined && receiptCodeMistake(codeFile) === null) throw new CodeAsArgument()
  if (codeFile !== undefined) return parsed((await readText(codeFile)).trim())
  if (!stdinTaken && !process.stdin.isTTY) return parsed((await readText('-')).trim())
  const terminal = openTerminal()
  if (!terminal) throw new WrongInput('no-code-given')
  return parsed(await ask(terminal, words.askCode, { lines: true }))
}

function parsed(text: string): ReceiptCode {
  const mistake = receiptCodeMistake(text)
  if (mistake) throw new WrongCode(mistake)
  return parseReceiptCode(text)
}

/** From a file, or from the terminal without echo. A trailing newline is not part of it. */
export async function readPassphrase(
  words: Words,
  { passphraseFile, twice = false }: { passphraseFile?: string | undefined; twice?: boolean },
): Promise<string> {
  const passphrase = await givenPassphrase(words, passphraseFile, twice)
  if (passphrase === '') throw new InvalidInput('the passphrase is empty')
  return passphrase
}

async function givenPassphrase(words: Words, file: string | undefined, twice: boolean): Promise<string> {
  if (file !== undefined) return (await readText(file)).replace(/\r?\n$/, '')
  const passphrase = await askHidden(words.askPassphrase)
  if (twice && (await askHidden(words.askPassphraseAgain)) !== passphrase) {
    throw new InvalidInput('the passphrases differ')
  }
  return passphrase
}

function askHidden(question: string): Promise<string> {
  const terminal = openTerminal()
  if (!terminal) throw new InvalidInput('the passphrase: give it with --passphrase-file')
  return ask(terminal, question)
}

// The last is the key of the y on a keyboard that was left in Korean.
const YES = new RegExp(`^(?:y|yes|예|네|${'ㅛ'.normalize('NFKC')})$`, 'i')

/** Asks for a plain yes; without a terminal there is nobody to ask. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = openTerminal()
  if (!terminal) throw new WrongInput('nobody-to-ask')
  const answer = await ask(terminal, `${question} `, { echo: true })
  return YES.test(answer.trim().normalize('NFKC'))
}

export const isSomebodyThere = (): boolean => process.stdin.isTTY === true || process.stderr.isTTY === true

/** The person's terminal, whatever standard input is; null where nobody sits there. */
function openTerminal(): ReadStream | null {
  if (!isSomebodyThere()) return null
  try {
    return new ReadStream(openSync('/dev/tty', 'r'))
  } catch {
    return process.stdin.isTTY ? process.stdin : null
  }
}

/** Raw mode: the terminal itself shows nothing of what is typed. */
function ask(terminal: ReadStream, question: string, { echo = false, lines = false } = {}): Promise<string> {
  terminal.setEncoding('utf8')
  terminal.setRawMode(true)
  process.stderr.write(question)
  terminal.resume()
  return new Promise((resolve, reject) => {
    let answer = ''
    const finish = (settle: () => void) => {
      terminal.off('data', read)
      terminal.setRawMode(false)
      terminal.pause()
      if (terminal !== process.stdin) terminal.destroy()
      process.stderr.write('\n')
      settle()
    }
    const read = (typed: string | Buffer) => {
      const keys = String(typed).replace(KEY_SEQUENCES, '')
      for (const key of lines ? keys.replace(LINES_WITHIN, ' ') : keys) {
        if (key === '\u0003') return finish(() => reject(new Interrupted()))
        if (key === '\r' || key === '\n' || key === '\u0004') return finish(() => resolve(answer))
        if (key === '\u007f' || key === '\b') answer = Array.from(answer).slice(0, -1).join('')
        else if (key >= ' ') answer += key
        if (echo && key >= ' ' && key !== '\u007f') process.stderr.write(key)
      }
    }
    terminal.on('data', read)
  })
}
