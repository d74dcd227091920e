// At a terminal the command asks before files go: an agency's too, since no reply can be called back. --yes answers.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { fromBase64url, toHex } from '../../src/protocol/encoding.ts'
import { caseOf, deviceIn, sendReport } from '../journeys/people.ts'
import { type Offices, openOffices } from '../support/offices.ts'
import { atTerminal, bongsu } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 180_000 })

let offices: Offices
beforeAll(async () => {
  offices = await openOffices()
})
afterAll(() => offices.stop())

test('y is y also in full width and with the keyboard left in Korean; anything else is no', async () => {
  const { world, folder } = offices
  const text = join(folder, 'report.md')
  await writeFile(text, '보낼 신고')
  const report = ['report', text, '--server', world.reporterUrl]
  for (const yes of ['ｙ', 'ㅛ', 'Y', '네']) {
    expect([yes, await atTerminal(report, yes)]).toMatchObject([yes, { code: 0, asked: true }])
  }
  for (const no of ['', 'ㅜ', 'yn']) {
    expect([no, await atTerminal(report, no)]).toMatchObject([no, { code: 2, asked: true }])
  }
})

test('a reply with files asks at a terminal, sends nothing after a no, and does not ask with --yes', async () => {
  const { world, folder } = offices
  const sent = await sendReport(world, '답을 받을 신고', ['nis'])
  const id = toHex(fromBase64url(await caseOf(await deviceIn(world, 'nis'), sent)))
  expect((await offices.as('nis', 'intake', 'open', id)).code).toBe(0)
  const [text, file] = [join(folder, 'answer.md'), join(folder, 'form.pdf')]
  await writeFile(text, '첨부를 보세요.')
  await writeFile(file, 'a form')
  const key = world.deviceKeyFile('nis', 'intake')
  const plain = ['reply', id, text, '--server', world.agencyUrl, '--key', key]
  const reply = [...plain, '--attach', file]
  const replies = async () => {
    const { replies } = (await offices.reporter(sent.code).json('mailbox')).json as { replies: unknown[] }
    return replies.length
  }

  const no = await atTerminal(reply, 'n')
  expect(no).toMatchObject({
    code: 2,
    asked: true,
    said: expect.stringMatching(/stays in it[\s\S]*Send the 1 file to the reporter\? \[y\/N\]/),
  })
  expect(await replies()).toBe(0)
  expect(await atTerminal(reply, 'y')).toMatchObject({ code: 0, asked: true })
  expect(await atTerminal([...reply, '--yes'], 'n')).toMatchObject({ code: 0, asked: false })
  // A text alone is not asked about, nor is anything where nobody sits at a terminal.
  expect(await atTerminal(plain, 'n')).toMatchObject({ code: 0, asked: false })
  expect((await bongsu([...reply, '--lang', 'ko'])).code).toBe(0)
  expect((await bongsu([...reply, '--yes', '--json'])).code).toBe(0)
  expect(await replies()).toBe(5)
})
