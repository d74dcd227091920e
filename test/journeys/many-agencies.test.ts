// A holder that asks one agency after another: the reporter can still read and write, whoever was asked.
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  acknowledge,
  act,
  type Device,
  type OpenedCase,
  RequestProblem,
  readStatus,
  sendFollowUp,
} from '../../src/client/index.ts'
import { MAX_ASKED } from '../../src/contract/report.ts'
import { buildStatement } from '../../src/protocol/authority.ts'
import { dayOf } from '../../src/protocol/day.ts'
import { sealing } from '../protocol/world.ts'
import {
  agenciesOf,
  newSigner,
  nextDirectory,
  published,
  putDirectory,
  putStatement,
} from '../support/authority.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, openById, sendReport } from './people.ts'

const MANY = Array.from({ length: MAX_ASKED + 4 }, (_, i) => `office-${i}`)

let world: World
beforeAll(async () => {
  world = await createWorld()
  const [known, identity] = [await agenciesOf(world), await newSigner('offices')]
  const [first] = known
  if (!first) throw new Error('no agency')
  const offices = MANY.map(id => ({ ...first, id, identity: identity.key }))
  const directory = await nextDirectory(world, { agencies: [...known, ...offices] })
  await putDirectory(world.agencyUrl, (await published(world.reporterUrl)).roots, directory)
  const epochs = [{ sealingKey: sealing('offices').publicKey, validFrom: dayOf(world.now()) }]
  for (const agencyId of MANY) {
    const statement = buildStatement({ agencyId, version: 1, epochs }, world.deploymentId, identity)
    await putStatement(world.agencyUrl, agencyId, statement)
  }
})
afterAll(() => world.stop())

const now = () => ({ now: world.now() })

/** By an investigator of the police, who has the case under assessment. */
async function assessed(text: string) {
  const sent = await sendReport(world, text, ['police'])
  const desk = await deviceIn(world, 'police')
  const id = await caseOf(desk, sent)
  await acknowledge(desk, await openById(desk, id), now())
  await act(desk, await openById(desk, id), { action: 'assessment-started' }, now())
  const lead = await deviceIn(world, 'police', 'investigator')
  return { sent, id, lead, opened: await openById(lead, id) }
}

const invite = (lead: Device, opened: OpenedCase, subject: string) =>
  act(lead, opened, { action: 'agency-invited', subject, code: 'power-needed' }, now())

test('agencies that were asked one after another do not keep the reporter from reading and writing', async () => {
  const { sent, lead, opened } = await assessed('차례로 물어봅니다.')
  let current = opened
  for (const office of MANY) {
    const asked = await invite(lead, current, office)
    const withdrawn = asked && (await act(lead, asked, { action: 'invitation-withdrawn' }, now()))
    if (!withdrawn) throw new Error('the case is gone')
    current = withdrawn
  }
  const { agencies } = await readStatus(sent.reporter)
  expect(agencies.map(({ id }) => id).sort()).toEqual([...MANY, 'police'].sort())
  expect(agencies.filter(({ state }) => state === 'assigned').map(({ id }) => id)).toEqual(['police'])
  expect((await sendFollowUp(sent.reporter, '아직 쓸 수 있습니다.')).agencies).toEqual(['police'])
})

const ALL_JOINED = {
  name: 'test-all-joined',
  text: `with asked as (
           insert into assignments (case_id, report_id, agency_id, key_id, head, standing, origin, origin_agency)
           select sha256(convert_to(name, 'utf8')), report_id, name, key_id, head, 'none', 'invited', agency_id
           from assignments, unnest($2::text[]) as name where case_id = $1 returning case_id
         )
         insert into offers (case_id, from_case, kind, place, since) select case_id, $1, 'joined', 1, 0 from asked`,
}

test('a holder asks no more agencies than its reporter can write to, however many others have the report', async () => {
  const { id, lead, opened } = await assessed('모두 함께')
  const last = MANY.at(-1) ?? ''
  await world.database.query(ALL_JOINED, [Buffer.from(id, 'base64url'), MANY.slice(0, MAX_ASKED)])
  const asked = invite(lead, await openById(lead, opened.id), last)
  await expect(asked).rejects.toThrow(RequestProblem)
  await expect(asked).rejects.toMatchObject({ kind: 'action-refused' })
  await act(lead, await openById(lead, opened.id), { action: 'joint-ended', subject: MANY[0] ?? '' }, now())
  const partners = (await invite(lead, await openById(lead, opened.id), last))?.file.partners
  expect(partners).toHaveLength(MAX_ASKED)
})
