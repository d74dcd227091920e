// `bongsu act`: what it lists, what it shows before an offer is signed, what it refuses.
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { prepareReport, submitReport } from '../../src/client/index.ts'
import { reporters, trustIn } from '../journeys/people.ts'
import { did, kinds, type Offices, openOffices } from '../support/offices.ts'
import type { World } from '../support/world.ts'

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
const told: Offices['told'] = (...args) => offices.told(...args)
const reporter: Offices['reporter'] = code => offices.reporter(code)
const caseAt: Offices['caseAt'] = (...args) => offices.caseAt(...args)
const assessed: Offices['assessed'] = text => offices.assessed(text)

describe('an offer', () => {
  test('shows who will read what, and is signed by nobody unasked', async () => {
    const { id, code } = await assessed('보여 주고 묻기')
    await reporter(code).write('덧붙임')
    await did(as('sme-office', 'intake', 'open', id))
    const offer = ['act', id, 'agency-invited', '--agency', 'nis', '--code', 'danger-imminent']
    const { code: exit, err } = await told('sme-office', 'investigator', ...offer)
    expect(exit).toBe(2)
    expect(err).toContain('National Intelligence Service')
    expect(err).toContain('gathers facts, passes on to investigators')
    expect(err).toContain('the report, 1 follow-up, 0 attached files')
    expect(err).toContain('a leak or danger is imminent')
    expect((await as('sme-office', 'intake', 'case', id)).json).toMatchObject({ partners: [] })
  })

  test('goes to no agency that the reporter excluded', async () => {
    const trust = await trustIn(world)
    const answers = { what: '국정원은 안 됩니다', notFor: ['nis'], excluded: '박 과장' }
    const content = { version: 1, language: 'ko', ...answers } as const
    const prepared = await prepareReport(trust, { content, agencies: ['ip-police'] })
    await submitReport(reporters(world), trust, prepared)
    const { case: id } = await caseAt('ip-police', { prepared })
    await did(as('ip-police', 'intake', 'open', id))
    await did(as('ip-police', 'intake', 'act', id, 'assessment-started'))
    const offerTo = (agency: string) => [
      ...['act', id, 'hand-over-proposed', '--agency', agency, '--code', 'power-needed', '--yes'],
    ]
    const refused = await as('ip-police', 'investigator', ...offerTo('nis'))
    expect(refused.json).toMatchObject({ error: { kind: 'excluded', detail: 'nis', exit: 2 } })
    expect((await told('ip-police', 'investigator', ...offerTo('nis'), '--lang', 'ko')).err).toContain(
      '신고자가 nis에는 알리지 말라고 썼습니다',
    )
    const allowed = await told('ip-police', 'investigator', ...offerTo('police'))
    expect(allowed.code).toBe(0)
    // By name, not by the directory's id.
    expect(allowed.err).toContain('Territory: southern Gyeonggi Province.')
    expect(allowed.err).toContain('in their own words:\n  │ 박 과장')
  })

  test('that is refused leaves nothing with whom it was made to, and the reason with whoever made it', async () => {
    const { id, sent } = await assessed('거절될 이송')
    const offer = ['act', id, 'hand-over-proposed', '--agency', 'serious-crimes', '--code', 'power-needed']
    const why = ['--text', '수사권이 필요합니다.']
    await did(as('sme-office', 'investigator', ...offer, ...why, '--yes'))
    const theirs = await caseAt('serious-crimes', sent)
    const asked = await told('serious-crimes', 'intake', 'case', theirs.case)
    expect(asked.out).toMatch(
      /What your agency was asked, and why\n.*\n.*the other agency’s power is needed.*\n.*수사권이/,
    )
    const refusal = [
      'act',
      theirs.case,
      'hand-over-refused',
      '--code',
      'no-capacity',
      '--text',
      '인력이 없습니다.',
    ]
    expect(await did(as('serious-crimes', 'intake', ...refusal))).toMatchObject({
      isHere: false,
      state: null,
    })
    const gone = await as('serious-crimes', 'intake', 'open', theirs.case)
    expect([gone.code, gone.json]).toMatchObject([6, { error: { kind: 'no-key' } }])
    const refused = await told('sme-office', 'investigator', 'case', id)
    expect(refused.code).toBe(0)
    expect(refused.out).toMatch(/refuse the hand-over · it cannot take more on .*\n.*인력이 없습니다/)
  })
})

describe('`act`', () => {
  test('without an action lists what is open, and why the rest is not', async () => {
    const { id } = await assessed('무엇을 할 수 있나')
    const { out } = await told('sme-office', 'investigator', 'act', id)
    expect(out).toMatch(/Open to this device now \(investigator [0-9a-f]{8}\):/)
    expect(out).toContain('hand-over-proposed      propose a hand-over  (tells the reporter)')
    expect(out).toContain('--code reporter-agreed|legal-duty|power-needed|danger-imminent --agency ID')
    expect(out).toMatch(/Somebody with another role does this\.\n {4}.*feedback-extended/)
    const { json } = await as('sme-office', 'supervisor', 'act', id)
    const obstacles = Object.fromEntries(
      (json.actions as { action: string; obstacle: string | null }[]).map(one => [one.action, one.obstacle]),
    )
    expect(obstacles).toMatchObject({ accepted: null, closed: 'state' })
  })

  test('says in both languages what stands in the way, and ends with 6', async () => {
    const { id } = await assessed('막힌 일')
    const english = await told('sme-office', 'intake', 'act', id, 'closed')
    expect([english.code, english.err]).toEqual([6, expect.stringContaining('another role does this')])
    const korean = await told('sme-office', 'intake', 'act', id, 'closed', '--lang', 'ko')
    expect(korean.err).toContain('다른 역할을 맡은 사람이 합니다.')
  })

  test('takes exactly what its action asks for, and sends nothing else', async () => {
    const { id } = await assessed('잘못 적은 명령')
    const wrong: readonly (readonly string[])[] = [
      ['no-such-action'],
      ['accepted', '--code', 'prosecution'],
      ['accepted', '--agency', 'nis'],
      ['hand-over-proposed', '--agency', 'nis'],
      ['hand-over-proposed', '--agency', 'nis', '--code', 'because', '--yes'],
      ['hand-over-proposed', '--agency', 'nobody', '--code', 'power-needed', '--yes'],
      ['hand-over-proposed', '--code', 'power-needed', '--yes'],
      ['noted'],
      ['noted', '--text', ' '],
      ['noted', '--text', 'a', '--text-file', 'b'],
      ['noted', '--text', '가'.repeat(3000)],
    ]
    const ran = await Promise.all(wrong.map(args => as('sme-office', 'investigator', 'act', id, ...args)))
    expect(ran.map(({ code }, i) => [wrong[i], code])).toEqual(wrong.map(args => [args, 2]))
    expect(kinds((await as('sme-office', 'intake', 'case', id)).json)).toHaveLength(2)
  })

  test('finds a colleague by the first digits of the device', async () => {
    const { id } = await assessed('동료의 이해충돌')
    await did(as('sme-office', 'investigator', 'act', id, 'conflict-declared', '--code', 'kin'))
    const { json } = await as('sme-office', 'supervisor', 'case', id)
    const [conflict] = json.conflicts as { device: string }[]
    const digits = conflict?.device.slice(0, 8) ?? ''
    const cleared = ['act', id, 'conflict-cleared', '--device', digits]
    expect((await as('sme-office', 'supervisor', ...cleared)).code).toBe(0)
    expect((await as('sme-office', 'supervisor', 'case', id)).json).toMatchObject({ conflicts: [] })
    const unknown = ['act', id, 'recused', '--code', 'other', '--device', 'ffffffff']
    expect((await as('sme-office', 'supervisor', ...unknown)).code).toBe(2)
  })
})
