// A case through the hands of three agencies, each step a command of its own: intake at one, hand-over to another, joint work
// with a third, answers to the reporter, an outcome, and a supervisor who closes.
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { did, kinds, type Offices, openOffices } from '../support/offices.ts'
import { rowsOf } from '../support/stored.ts'
import type { World } from '../support/world.ts'
import { sendReport } from './people.ts'

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
const casesOf: Offices['casesOf'] = (...args) => offices.casesOf(...args)
const caseAt: Offices['caseAt'] = (...args) => offices.caseAt(...args)
const assessed: Offices['assessed'] = text => offices.assessed(text)

test('from intake over hand-over and joint work to a closed case, as everybody sees it', async () => {
  const sent = await sendReport(world, '중국 업체로 도면이 넘어갑니다.', ['sme-office'])
  const { case: id } = await caseAt('sme-office', sent)
  const byCode = reporter(sent.code)
  await did(as('sme-office', 'intake', 'open', id))
  await did(as('sme-office', 'intake', 'act', id, 'assessment-started'))

  const why = '수사권이 필요합니다.'
  const offer = [
    'act',
    id,
    'hand-over-proposed',
    '--agency',
    'police',
    '--code',
    'power-needed',
    '--text',
    why,
  ]
  expect(await did(as('sme-office', 'investigator', ...offer, '--yes'))).toMatchObject({
    action: 'hand-over-proposed',
    tells: true,
    isHere: true,
  })
  const theirs = await caseAt('police', sent)
  expect(theirs.standing).toEqual(['proposed'])

  // Looked at before it is answered: nothing is recorded by that.
  expect(await did(as('police', 'intake', 'open', theirs.case))).toMatchObject({ recorded: false })
  await did(as('police', 'intake', 'act', theirs.case, 'hand-over-accepted'))
  await did(as('police', 'intake', 'act', theirs.case, 'taken-over'))
  expect((await as('sme-office', 'intake', 'case', id)).json).toMatchObject({ error: { kind: 'no-key' } })
  const left = (await casesOf('sme-office')).find(entry => entry.case === id)
  expect(left?.state).toBe('left')

  await did(as('police', 'intake', 'open', theirs.case))
  const invite = ['act', theirs.case, 'agency-invited', '--agency', 'nis', '--code', 'legal-duty', '--yes']
  await did(as('police', 'supervisor', ...invite))
  const joint = await caseAt('nis', sent)
  await did(as('nis', 'intake', 'act', joint.case, 'invitation-accepted'))
  await did(as('nis', 'intake', 'open', joint.case))

  const ask = ['act', theirs.case, 'information-requested', '--text', '언제 지워집니까?']
  await did(as('police', 'investigator', ...ask))
  const asked = await byCode.told('status')
  expect(asked.out).toContain('asks you for information\n      │ 언제 지워집니까?')
  expect(asked.out).toMatch(/Answer with `bongsu write` by \d{4}-\d\d-\d\d\./)
  expect((await byCode.write('다음 달 3일입니다.')).json).toMatchObject({ agencies: ['nis', 'police'] })
  await did(as('police', 'intake', 'open', theirs.case))
  expect((await as('nis', 'intake', 'open', joint.case)).json).toMatchObject({
    followUps: [{ text: '다음 달 3일입니다.' }],
  })
  await did(as('police', 'investigator', 'act', theirs.case, 'information-received', '--message', '1'))
  await did(as('police', 'investigator', 'act', theirs.case, 'noted', '--text', '내부: 영장 준비'))
  await did(as('police', 'investigator', 'act', theirs.case, 'accepted'))
  const outcome = ['act', theirs.case, 'outcome-reported', '--code', 'prosecution', '--text', '송치했습니다.']
  await did(as('police', 'supervisor', ...outcome))

  // Whoever reported the outcome does not close.
  expect((await as('police', 'supervisor', 'act', theirs.case, 'closed')).json).toMatchObject({
    error: { kind: 'not-allowed', detail: 'own-decision', exit: 6 },
  })
  await did(as('police', 'supervisor', 'act', theirs.case, 'noted', '--text', '종결은 다른 사람이'))

  const seen = await byCode.told('status')
  expect(seen.out).toContain(
    'reports the outcome · investigated and sent to the prosecution\n      │ 송치했습니다.',
  )
  expect(seen.out).toMatch(/object with `bongsu write FILE --object police` by \d{4}-\d\d-\d\d/)
  expect(seen.out).toMatch(/^The case is now with .*; .* can no longer read it here\.$/m)
  expect(seen.out).toMatch(/: On \d{4}-\d\d-\d\d the case went over to .*This service gives it nothing/)
  expect(seen.out).toMatch(/: It took the case over from /)
  expect(seen.out).toMatch(/: It works on the case together with /)
  expect(seen.out).not.toContain('영장')
  const { json } = await byCode.json('status')
  const agencies = json.agencies as { id: string; offeredBy: string | null; mayObject: boolean }[]
  expect(agencies.map(({ id, offeredBy, mayObject }) => [id, offeredBy, mayObject])).toEqual([
    ['sme-office', null, false],
    ['police', 'sme-office', true],
    ['nis', 'police', false],
  ])
  expect(agencies).toMatchObject([
    { standings: [{ kind: 'handed-over', agency: 'police' }] },
    { standings: [{ kind: 'holder', agency: 'sme-office' }] },
    { standings: [{ kind: 'joined', agency: 'police' }] },
  ])

  const { json: shown } = await as('police', 'investigator', 'case', theirs.case)
  expect(shown).toMatchObject({
    state: 'concluded',
    phase: 'conclude',
    standing: ['holder'],
    partners: [{ agency: 'nis', standing: ['joined'], answers: [{ kind: 'invitation-accepted' }] }],
    decision: { code: 'prosecution' },
  })
  expect(kinds(shown)).toEqual([
    'hand-over-accepted intake',
    'taken-over intake',
    'acknowledged intake',
    'agency-invited supervisor',
    'information-requested investigator',
    'acknowledged intake',
    'information-received investigator',
    'noted investigator',
    'accepted investigator',
    'outcome-reported supervisor',
    'noted supervisor',
  ])
})

test('a supervisor closes what somebody else decided, and looks at an objection', async () => {
  const { id, code } = await assessed('종결까지 갈 신고')
  await did(as('sme-office', 'intake', 'act', id, 'accepted'))
  await did(as('sme-office', 'investigator', 'act', id, 'outcome-reported', '--code', 'no-evidence'))
  expect(await did(as('sme-office', 'supervisor', 'act', id, 'closed'))).toMatchObject({ state: 'closed' })
  expect((await reporter(code).write('이의가 있습니다.', '--object', 'nis')).code).toBe(2)
  const objection = await did(reporter(code).write('이의가 있습니다.', '--object', 'sme-office'))
  expect(objection).toMatchObject({ objectsTo: { agency: 'sme-office', action: 'outcome-reported' } })
  const shown = await told('sme-office', 'intake', 'open', id)
  expect(shown.out).toMatch(/OBJECTION to: report the outcome, \d{4}-\d\d-\d\d\n/)
  expect(shown.out).toContain(`bongsu act ${id} objected --message 1`)
  expect((await as('sme-office', 'intake', 'open', id)).json).toMatchObject({
    followUps: [{ objection: { kind: 'outcome-reported', answers: ['objected'] } }],
  })
  const standing = await told('sme-office', 'intake', 'case', id)
  expect(standing.out).toMatch(/Follow-up 1, .*\n {2}OBJECTION to: report the outcome/)
  await did(as('sme-office', 'intake', 'act', id, 'objected', '--message', '1'))
  expect((await told('sme-office', 'intake', 'case', id)).out).not.toContain('OBJECTION')
  const reopened = ['act', id, 'reopened', '--code', 'objection-upheld']
  expect(await did(as('sme-office', 'supervisor', ...reopened))).toMatchObject({ state: 'assessing' })
})

test('a decision for two people tells the reporter nothing until the second one confirms it', async () => {
  const { id, code } = await assessed('두 사람이 정할 신고')
  const byCode = reporter(code)
  const propose = ['act', id, 'out-of-scope', '--code', 'private-dispute', '--text', '민사로 다툴 일입니다.']
  expect((await told('sme-office', 'intake', ...propose)).out).toContain('when a second person confirms')
  const waiting = await byCode.told('status')
  expect(waiting.out).not.toContain('민사')
  const shown = await told('sme-office', 'investigator', 'case', id)
  expect(shown.out).toContain('Waits for a second person: end as out of scope · a dispute between parties')
  await did(as('sme-office', 'investigator', 'act', id, 'confirmed'))
  const { out } = await byCode.told('status')
  expect(out).toContain('ended the case as out of its scope · a dispute between parties\n      │ 민사로')
})

test('cases by their due day: the first one first, what is overdue marked, what has none left out', async () => {
  await assessed('기한이 있는 사건')
  await sendReport(world, '아직 열지 않은 사건', ['sme-office'])
  const due = await casesOf('sme-office', '--due')
  const days = due.map(entry => entry.due)
  expect(days).toEqual([...days].sort())
  expect(days).not.toContain(null)
  expect(due.every(({ overdue }) => !overdue)).toBe(true)
  const all = await casesOf('sme-office')
  expect(all.length).toBeGreaterThan(due.length)
  const { out } = await told('sme-office', 'intake', 'cases', '--due')
  expect(out.split('\n')[0]).toContain(`due ${days[0]}`)
})

test('an event that no device of the agency signed is shown as that, and ends with 4', async () => {
  const { id } = await assessed('위조된 이력')
  const forge = 'update events set signature = $1 where case_id = $2 and index = 1'
  await rowsOf(world, forge, [new Uint8Array(64), Buffer.from(id, 'hex')])
  const { code, out } = await told('sme-office', 'intake', 'case', id)
  expect(code).toBe(4)
  expect(out).toMatch(/2 {2}\d{4}-\d\d-\d\d {2}start to assess {2}DOES NOT VERIFY/)
  // What does not verify did nothing.
  expect(out).toContain('It stands at: acknowledged')
})
