// A server that adds an agency to those that hold a report, in the hope that the next follow-up is sealed for it.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  fetchTrust,
  prepareReport,
  readStatus,
  reporterOf,
  sendFollowUp,
  serviceAt,
  submitReport,
} from '../../src/client/index.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
})
afterAll(() => world.stop())

const ADD_AGENCY = {
  name: 'test-add-agency',
  text: `insert into assignments (case_id, report_id, agency_id, key_id, head)
         select decode(md5('added'), 'hex'), report_id, 'sme-office', key_id, head from assignments limit 1`,
}

test('a reporter’s device refuses a state that names an agency it did not choose, and seals nothing', async () => {
  const service = serviceAt(world.reporterUrl)
  const trust = await fetchTrust(service, { now: world.now(), pinned: world.deploymentId })
  const content = { version: 1, language: 'ko', what: '협회는 보지 않았으면 합니다.' } as const
  const prepared = await prepareReport(trust, { content, agencies: ['police'] })
  await submitReport(service, trust, prepared)
  const reporter = reporterOf(service, trust, prepared.code)
  expect((await readStatus(reporter)).agencies.map(agency => agency.id)).toEqual(['police'])

  await world.database.query(ADD_AGENCY)
  await expect(readStatus(reporter)).rejects.toMatchObject({ name: 'VerificationFailed' })
  await expect(sendFollowUp(reporter, '추가로 알립니다.')).rejects.toMatchObject({
    name: 'VerificationFailed',
  })
})
