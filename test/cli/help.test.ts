// Help, for who does not read English: the commands of reporters, as wide as the terminal.
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { EXIT } from '../../src/cli/exit.ts'
import { COMPILED } from '../support/compiled.ts'
import { ENGLISH } from './english.ts'
import { bongsu, collect } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

const KOREAN = { lang: 'ko_KR.UTF-8' }
const HANGUL = /\p{Script=Hangul}/u
const OF_REPORTERS = ['report', 'status', 'mailbox', 'write', 'withdraw', 'verify']

/** What is told of each option, without its values: those are Korean for themselves. */
function optionsIn(help: string): Map<string, string> {
  const [, options = ''] = /^(?:Options|옵션):\n(.*?)(?:\n\n|\n$)/ms.exec(help) ?? []
  const items = options.split(/^(?= {2}-)/m).map(item => {
    const [, name = '', told = ''] = /(--[a-z-]+)(.*)/s.exec(item) ?? []
    return [name, told.replace(/[<[].*?[>\]]/g, '')] as const
  })
  return new Map(items)
}

test.each(OF_REPORTERS)('%s is told in Korean, with every option that it has', async command => {
  const [ko, en] = await Promise.all([bongsu([command, '--help'], KOREAN), bongsu([command, '--help'])])
  expect([ko.code, ko.out]).toEqual([0, expect.stringMatching(/^사용법: bongsu /)])
  expect(ko.out).not.toMatch(ENGLISH)
  expect(en.out).toMatch(ENGLISH)
  const [korean, english] = [optionsIn(ko.out), optionsIn(en.out)]
  expect(english.size).toBeGreaterThan(7)
  expect([...korean.keys()]).toEqual([...english.keys()])
  expect([...korean].filter(([, told]) => !HANGUL.test(told))).toEqual([])
})

test('the list of commands and the exit codes are told in Korean', async () => {
  const [ko, en] = await Promise.all([bongsu(['--help'], KOREAN), bongsu(['--help'])])
  expect(ko.out).not.toMatch(ENGLISH)
  const commandsIn = (help: string) =>
    [...help.matchAll(/^ {2}([a-z]+)(?: [[<].*?[>\]])* {2,}(.*)$/gm)].map(([, name, told = '']) => ({
      name,
      told,
    }))
  expect(commandsIn(ko.out).map(({ name }) => name)).toEqual(commandsIn(en.out).map(({ name }) => name))
  expect(commandsIn(ko.out).length).toBeGreaterThan(15)
  expect(commandsIn(ko.out).filter(({ told }) => !HANGUL.test(told))).toEqual([])
  for (const code of Object.values(EXIT)) {
    expect(ko.out).toMatch(new RegExp(`^ {2}${code} +\\p{Script=Hangul}`, 'mu'))
  }
})

test('help speaks the language that --lang names, wherever it stands', async () => {
  expect((await bongsu(['status', '--help', '--lang', 'ko'])).out).toMatch(/^사용법/)
  expect((await bongsu(['--lang=ko', 'status', '--help'])).out).toMatch(/^사용법/)
  expect((await bongsu(['status', '--lang', 'en', '--help'], KOREAN)).out).toMatch(/^Usage/)
})

test('wrong usage is told in Korean, before the parser’s English', async () => {
  for (const args of [['status', '--no-such-flag'], ['nonsense'], ['report', 'x', '--kind', 'K77']]) {
    const { code, err } = await bongsu(args, KOREAN)
    expect([args, code, err]).toEqual([
      args,
      2,
      expect.stringMatching(/^명령을 이렇게는.*\nerror: .*\n\(--help 를/),
    ])
  }
  const { json, err } = await bongsu(['status', '--no-such-flag', '--json'], KOREAN)
  expect([json.error, err]).toEqual([
    { kind: 'usage', detail: "error: unknown option '--no-such-flag'", exit: 2 },
    '',
  ])
})

/** At a terminal of so many columns. */
async function helpAt(columns: number, lang: string, command: string): Promise<string> {
  const main = join(import.meta.dirname, '../../src/cli/main.ts')
  const line = `stty cols ${columns}; '${process.execPath}' '${main}' ${command} --help`
  const env = {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    LANG: lang,
    SHELL: '/bin/sh',
    ...COMPILED,
  }
  const child = spawn('script', ['-qec', line, '/dev/null'], { env, stdio: ['pipe', 'pipe', 'pipe'] })
  const said = collect(child.stdout)
  await new Promise(resolve => child.on('close', resolve))
  return said().replaceAll('\r', '')
}

/** A terminal gives a Hangul syllable two columns. */
const columnsOf = (line: string) =>
  Array.from(line, sign => (/[가-힣]/.test(sign) ? 2 : 1)).reduce((a, b) => a + b, 0)

test.each([40, 80, 120])('no line of help is wider than a terminal of %i columns', async columns => {
  for (const lang of ['ko_KR.UTF-8', 'en_US.UTF-8']) {
    for (const command of ['', 'report', 'mailbox', 'write']) {
      const lines = (await helpAt(columns, lang, command)).split('\n')
      expect(lines.length).toBeGreaterThan(20)
      expect([lang, command, lines.filter(line => columnsOf(line) > columns)]).toEqual([lang, command, []])
    }
  }
})
