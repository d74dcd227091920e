// `bongsu pickup`, run by a machine.
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { writeNewFile } from '../../src/cli/keyring.ts'
import { formatKeyFile } from '../../src/protocol/key-file.ts'
import { sendReport } from '../journeys/people.ts'
import { newMachine } from '../support/machine.ts'
import { did, type Offices, openOffices } from '../support/offices.ts'
import { settled } from '../support/stored.ts'
import type { AgencyId, World } from '../support/world.ts'
import { bongsu, collect, start } from './run.ts'

// Each step is a process of its own; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 300_000 })

let offices: Offices
let world: World

beforeAll(async () => {
  offices = await openOffices()
  world = offices.world
})
afterAll(() => offices.stop())

const as: Offices['as'] = (...args) => offices.as(...args)
const reporter: Offices['reporter'] = code => offices.reporter(code)
const caseAt: Offices['caseAt'] = (...args) => offices.caseAt(...args)

const machineFile = async (agency: AgencyId) => {
  const { key } = await newMachine(world, agency)
  const path = join(offices.folder, `${agency}-machine.key.json`)
  await writeNewFile(path, formatKeyFile(key))
  return path
}
const pickup = (path: string, ...more: string[]) => [
  ...['pickup', '--server', world.agencyUrl, '--key', path, '--json', ...more],
]

test('hands on what there is, once, and goes on from its cursor', async () => {
  const path = await machineFile('serious-crimes')
  const sent = await sendReport(world, '기계가 받을 신고', ['serious-crimes'])
  const { case: id } = await caseAt('serious-crimes', sent)
  const { code } = sent
  const first = await bongsu(pickup(path, '--once'))
  expect(first.code).toBe(0)
  expect(first.json.cases).toContainEqual({ case: id, outcome: 'handed-on', unopened: [] })
  const read = await as('serious-crimes', 'investigator', 'open', id, '--no-record')
  expect(read.json).toMatchObject({ answers: { what: '기계가 받을 신고' } })
  expect((await reporter(code).told('status')).out).toContain(
    'by the agency’s machine for its people; none has opened it yet',
  )
  await did(as('serious-crimes', 'investigator', 'open', id))
  expect((await reporter(code).told('status')).out).toContain('proven by the agency.')

  await settled(world)
  const again = await bongsu(pickup(path, '--once'))
  expect(again.json.cases).toContainEqual({ case: id, outcome: 'nothing-new', unopened: [] })
  const after = await bongsu(pickup(path, '--once', '--after', String(again.json.cursor)))
  expect(after.json).toMatchObject({ cases: [] })
})

test('watches until it is told to stop', async () => {
  const path = await machineFile('nis')
  const child = start(pickup(path))
  const out = collect(child.stdout)
  const ended = new Promise(resolve => child.on('close', (code, signal) => resolve([code, signal])))
  await sendReport(world, '밤중의 신고', ['nis'])
  for (let i = 0; i < 300 && !out().includes('handed-on'); i++)
    await new Promise(resolve => setTimeout(resolve, 100))
  child.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
  expect(JSON.parse(out().split('\n')[0] ?? '')).toMatchObject({ outcome: 'handed-on' })
})

test('is told by the service what it may not do', async () => {
  const path = await machineFile('police')
  const { case: id } = await caseAt('police', await sendReport(world, '기계가 더 하려는 신고', ['police']))
  const args = ['act', id, 'conflict-declared', '--code', 'kin', '--server', world.agencyUrl, '--key', path]
  expect((await bongsu([...args, '--json'])).json).toMatchObject({
    error: { kind: 'not-allowed', detail: 'role' },
  })
  const reply = ['reply', id, '-', '--server', world.agencyUrl, '--key', path, '--json']
  expect((await bongsu(reply, { input: '답' })).json).toMatchObject({ error: { kind: 'scope-missing' } })
})

test('a person’s device picks nothing up: the reporter would be told that somebody opened the report', async () => {
  const sent = await sendReport(world, '아직 아무도 읽지 않은 신고', ['sme-office'])
  await caseAt('sme-office', sent)
  const { code, json } = await bongsu(pickup(world.deviceKeyFile('sme-office'), '--once'))
  expect([code, json]).toMatchObject([2, { error: { kind: 'bad-input' } }])
  expect((await reporter(sent.code).told('status')).out).not.toContain('proven by the agency')
})
