// Publishing: signatures are the authority, versions only grow, and every server follows at once.
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { deploymentIdOf, deriveSealingPair, keyId, sealingSeed } from '../../src/protocol/crypto.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { verifyDirectory, verifyRootChain } from '../../src/protocol/directory.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { noteSigner } from '../../src/protocol/signed-note.ts'
import { openSession } from '../../src/server/database.ts'
import { createDirectory } from '../../src/server/directory/service.ts'
import type { RunningServer } from '../../src/server/main.ts'
import {
  agenciesOf,
  directorySigner,
  newSigner,
  nextDirectory,
  nextRoot,
  published,
  putDirectory,
  putStatement,
  rootSigner,
  statementOf,
} from '../support/authority.ts'
import { newPair } from '../support/caller.ts'
import {
  deviceListOf,
  deviceOf,
  identityOf,
  list,
  newDevice,
  publishDevices,
  putDevices,
  team,
} from '../support/device.ts'
import { type Answer, ask, problemIn } from '../support/http.ts'
import { newReporter, put, sealFor } from '../support/reporter.ts'
import { startBeside } from '../support/servers.ts'
import { fingerprint, rowsOf, until } from '../support/stored.ts'
import { createWorld, type World } from '../support/world.ts'

let world: World
let other: RunningServer
beforeAll(async () => {
  world = await createWorld()
  other = await startBeside(world)
})
afterAll(async () => {
  await other.stop()
  await world.stop()
})

const read = (answer: Answer) => JSON.parse(answer.body.toString())
const today = () => dayOf(world.now())
const rootsNow = async () => (await published(world.reporterUrl)).roots
const HUGE = [2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER]

/** Nothing may change by a refusal; the beat has its own business in the tables of casework. */
async function refusal(attempt: () => Promise<Answer>): Promise<string> {
  const before = await fingerprint(world, ['assignments', 'feeds'])
  const problem = problemIn(await attempt())
  expect(await fingerprint(world, ['assignments', 'feeds'])).toEqual(before)
  return problem
}

describe('a directory', () => {
  const putNext = async (
    ...changes: Parameters<typeof nextDirectory> extends [World, ...infer Rest] ? Rest : never
  ) => putDirectory(world.agencyUrl, await rootsNow(), await nextDirectory(world, ...changes))

  test('is shown as it was published, the same by both listeners and both servers', async () => {
    const directory = await nextDirectory(world)
    const roots = await rootsNow()
    expect((await putDirectory(world.agencyUrl, roots, directory)).status).toBe(204)
    expect((await published(world.reporterUrl)).directory).toBe(directory)
    expect((await published(world.agencyUrl)).directory).toBe(directory)
    await until(async () => (await published(other.reporterUrl)).directory === directory)
    const bodies = await Promise.all(
      [world.reporterUrl, world.agencyUrl, other.reporterUrl, other.agencyUrl].map(
        async origin => (await ask(origin, { path: '/v1/directory' })).body,
      ),
    )
    expect(new Set(bodies.map(String)).size).toBe(1)
  })

  test('published again is fine; another of its version, or an older one, is stale', async () => {
    const roots = await rootsNow()
    const { directory } = await published(world.reporterUrl)
    expect((await putDirectory(world.agencyUrl, roots, directory)).status).toBe(204)
    const { version } = await verifyDirectory(directory, await verifyRootChain(roots, world.deploymentId))
    for (const stale of [version, version - 1, 1]) {
      expect(await refusal(() => putNext({ version: stale, routes: [] }))).toBe('document-stale')
    }
  })

  test('is refused under another key, deployment or log key, and where it names an agency twice', async () => {
    const { key: logKey } = await newSigner('bongsu-log')
    const [agency] = await agenciesOf(world)
    if (!agency) throw new Error('no agency')
    const forger = await noteSigner((await directorySigner(world)).key.name, newPair())
    const refused: Readonly<Record<string, () => Promise<Answer>>> = {
      'another key of the same name': () => putNext({}, { signer: forger }),
      'the root’s key': async () => putNext({}, { signer: await rootSigner(world) }),
      'an agency’s key': async () => putNext({}, { signer: await identityOf(world, 'police') }),
      'another deployment': () => putNext({}, { deploymentId: deploymentIdOf(randomBytes(32)) }),
      'another log key': () => putNext({ logKey }),
      'an agency twice': () => putNext({ agencies: [agency, agency], routes: [] }),
      'a route to nobody': () =>
        putNext({ routes: [{ kinds: [], fields: [], involved: [], agencies: ['nobody'] }] }),
      'no version': () => putNext({ version: 0 }),
    }
    for (const [name, attempt] of Object.entries(refused)) {
      expect([name, await refusal(attempt)]).toEqual([name, 'document-refused'])
    }
  })

  test('is refused when it has expired and when it lasts more than seven days and one', async () => {
    for (const expires of [addDays(today(), -2), addDays(today(), 9), '2026-02-30', '9999-12-31']) {
      expect([expires, await refusal(() => putNext({ expires }))]).toEqual([expires, 'document-refused'])
    }
    for (const expires of [addDays(today(), 8), addDays(today(), -1)]) {
      expect([expires, (await putNext({ expires })).status]).toEqual([expires, 204])
    }
    expect((await putNext()).status).toBe(204)
  })

  test('of a version that no database could count to is refused', async () => {
    for (const version of HUGE) expect(await refusal(() => putNext({ version }))).toBe('document-refused')
  })

  test('is refused when it is another document, or none', async () => {
    const roots = await rootsNow()
    const { statements, directory } = await published(world.reporterUrl)
    const strange = [
      statements.police,
      roots[0],
      'no note',
      `${directory}x`,
      directory.replace('demo', 'dem0'),
    ]
    for (const note of strange) {
      expect(await refusal(() => putDirectory(world.agencyUrl, roots, note ?? ''))).toBe('document-refused')
    }
  })

  test('is one of many that race for a version, on two servers', async () => {
    const roots = await rootsNow()
    const rivals = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        nextDirectory(world, { timers: { acknowledgeDays: i + 1, feedbackDays: 90 } }),
      ),
    )
    const answers = await Promise.all(
      rivals.map((note, i) => putDirectory(i % 2 ? world.agencyUrl : other.agencyUrl, roots, note)),
    )
    const accepted = answers.flatMap((answer, i) => (answer.status === 204 ? [rivals[i]] : []))
    expect(accepted).toHaveLength(1)
    expect(answers.filter(answer => answer.status !== 204).map(problemIn)).toEqual(
      Array.from({ length: 7 }, () => 'document-stale'),
    )
    for (const url of [world.reporterUrl, other.reporterUrl]) {
      await until(async () => (await published(url)).directory === accepted[0])
    }
  })
})

describe('a chain of roots', () => {
  test('of another deployment, broken, reordered or incomplete is refused', async () => {
    const { directory, roots } = await published(world.reporterUrl)
    const [root, stranger, keys] = [
      await rootSigner(world),
      await newSigner('demo-root'),
      await directorySigner(world),
    ]
    const next = { version: 2, root: stranger, directory: keys }
    const chains: Readonly<Record<string, readonly string[]>> = {
      'signed by the old key alone': [...roots, nextRoot(world, { ...next, signers: [root] })],
      'signed by the new key alone': [...roots, nextRoot(world, { ...next, signers: [stranger] })],
      'a version left out': [...roots, nextRoot(world, { ...next, version: 3, signers: [root, stranger] })],
      'without its first': [nextRoot(world, { ...next, signers: [root, stranger] })],
      'the first twice': [...roots, ...roots],
      expired: [
        ...roots,
        nextRoot(world, { ...next, signers: [root, stranger], expires: addDays(today(), -2) }),
      ],
      'of no notes': ['one', 'two'],
    }
    for (const [name, chain] of Object.entries(chains)) {
      const attempt = () => putDirectory(world.agencyUrl, chain, directory)
      expect([name, await refusal(attempt)]).toEqual([name, 'document-refused'])
    }
  })

  test('rotates: the new root’s keys count and the old ones no longer, for good', async () => {
    const roots = await rootsNow()
    const [oldRoot, oldKeys] = [await rootSigner(world), await directorySigner(world)]
    const [root, directory] = [await newSigner('second-root'), await newSigner('second-directory')]
    const second = nextRoot(world, { version: 2, signers: [oldRoot, root], root, directory })
    const chain = [...roots, second]
    const byOld = await nextDirectory(world)
    expect(await refusal(() => putDirectory(world.agencyUrl, chain, byOld))).toBe('document-refused')
    const byNew = await nextDirectory(world, {}, { signer: directory })
    expect((await putDirectory(world.agencyUrl, chain, byNew)).status).toBe(204)
    await until(async () => (await published(other.reporterUrl)).roots.length === 2)
    expect(await rootsNow()).toEqual(chain)

    expect(await refusal(() => putDirectory(world.agencyUrl, roots, byOld))).toBe('document-stale')
    const rival = nextRoot(world, { version: 2, signers: [oldRoot, root], root, directory: oldKeys })
    expect(await refusal(() => putDirectory(world.agencyUrl, [...roots, rival], byOld))).toBe(
      'document-stale',
    )
    await world.restart()
    expect(await rootsNow()).toEqual(chain)

    // And back, so that the demonstration's own keys sign what follows.
    const third = nextRoot(world, { version: 3, signers: [root, oldRoot], root: oldRoot, directory: oldKeys })
    const restored = await nextDirectory(world)
    expect((await putDirectory(world.agencyUrl, [...chain, third], restored)).status).toBe(204)
  })

  test('is read whole while it rotates: nobody meets a directory under the wrong root', async () => {
    const { database, deploymentId, now } = world
    let done = false
    const reading = (async () => {
      let reads = 0
      for (; !done; reads++) await createDirectory({ database, deploymentId, now }).refresh()
      return reads
    })()
    const root = await rootSigner(world)
    for (let i = 0; i < 10; i++) {
      const roots = await rootsNow()
      const directory = i === 9 ? await directorySigner(world) : await newSigner(`directory-${i}`)
      const next = nextRoot(world, { version: roots.length + 1, signers: [root], root, directory })
      const note = await nextDirectory(world, {}, { signer: directory })
      expect((await putDirectory(world.agencyUrl, [...roots, next], note)).status).toBe(204)
    }
    done = true
    expect(await reading).toBeGreaterThan(0)
  })
})

describe('a statement', () => {
  const epoch = (validFrom = today()) => {
    const { publicKey } = deriveSealingPair(sealingSeed(randomBytes(32)))
    return { sealingKey: publicKey, validFrom }
  }
  const publish = async (version: number, epochs: ReturnType<typeof epoch>[]) => {
    const note = await statementOf(world, 'serious-crimes', version, epochs)
    return putStatement(world.agencyUrl, 'serious-crimes', note)
  }
  const sealTo = async (key: Uint8Array) => {
    const reporter = newReporter(world)
    const { body } = await sealFor(world, reporter, ['police'])
    const wrappedKeys = body.wrappedKeys.map(entry => ({
      ...entry,
      agency: 'serious-crimes',
      keyId: toBase64url(key),
    }))
    const submission = { ...body, wrappedKeys }
    return (origin: string) => put({ ...reporter.caller, origin }, submission)
  }

  test('is in force at once, on both servers', async () => {
    const fresh = epoch()
    const submit = await sealTo(keyId(fresh.sealingKey))
    expect(problemIn(await submit(world.reporterUrl))).toBe('recipient-refused')
    expect((await publish(10, [fresh])).status).toBe(204)
    expect((await submit(other.reporterUrl)).status).toBe(200)
    expect((await submit(world.reporterUrl)).status).toBe(200)
  })

  test('replaces the one before: a key that it no longer names is refused', async () => {
    const [old, fresh] = [epoch(), epoch()]
    expect((await publish(11, [old])).status).toBe(204)
    const submit = await sealTo(keyId(old.sealingKey))
    expect((await publish(12, [fresh])).status).toBe(204)
    expect(problemIn(await submit(world.reporterUrl))).toBe('recipient-refused')
  })

  test('of another agency, another key, an old or a huge version is refused', async () => {
    const notes = {
      'of another agency': await statementOf(world, 'nis', 20),
      'by another agency’s key': await statementOf(
        world,
        'serious-crimes',
        20,
        [],
        await identityOf(world, 'nis'),
      ),
      'a device list': await deviceListOf(world, 'serious-crimes', { version: 20, devices: [] }),
      'no note': 'a\n\nb\n',
    }
    for (const [name, note] of Object.entries(notes)) {
      const attempt = () => putStatement(world.agencyUrl, 'serious-crimes', note)
      expect([name, await refusal(attempt)]).toEqual([name, 'document-refused'])
    }
    expect(await refusal(() => publish(12, []))).toBe('document-stale')
    for (const version of HUGE) expect(await refusal(() => publish(version, []))).toBe('document-refused')
  })

  test('is one of many that race for a version', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => publish(13, [epoch()])))
    expect(answers.map(answer => answer.status).sort()).toEqual([204, 409, 409, 409, 409, 409])
  })
})

describe('a device list', () => {
  test('replaces the one before: devices that it leaves out are gone', async () => {
    const device = await newDevice(world, 'ip-police', ['cases'])
    await publishDevices(world, 'ip-police', { version: 2, devices: [device] })
    expect((await list(device)).status).toBe(200)
    await publishDevices(world, 'ip-police', { version: 3, devices: [] })
    expect(problemIn(await list(device))).toBe('device-refused')
  })

  test('is shown to the agency’s own devices as it was published, and to no other', async () => {
    const own = await deviceOf(world, 'ip-police')
    const foreign = await deviceOf(world, 'nis')
    const { devices } = read(await team(own, 'ip-police'))
    expect((await putDevices(world.agencyUrl, 'ip-police', devices)).status).toBe(204)
    expect(problemIn(await team(foreign, 'ip-police'))).toBe('not-found')
    expect((await team(foreign, 'ip-police')).body).toEqual((await team(foreign, 'nobody')).body)
  })

  test('with a device twice, a foreign certificate or a huge version is refused', async () => {
    const device = await newDevice(world, 'nis', ['cases'])
    const foreign = await newDevice(world, 'police', ['cases'])
    const attempts = {
      'a device twice': { version: 20, devices: [device, device] },
      'a certificate of another agency': { version: 20, devices: [foreign] },
    }
    for (const [name, input] of Object.entries(attempts)) {
      const note = await deviceListOf(world, 'nis', input)
      expect([name, await refusal(() => putDevices(world.agencyUrl, 'nis', note))]).toEqual([
        name,
        'document-refused',
      ])
    }
    for (const version of HUGE) {
      const note = await deviceListOf(world, 'nis', { version, devices: [] })
      expect(await refusal(() => putDevices(world.agencyUrl, 'nis', note))).toBe('document-refused')
    }
    expect((await list(await deviceOf(world, 'nis'))).status).toBe(200)
  })

  test('is one of many that race for a version', async () => {
    const devices = await Promise.all(Array.from({ length: 6 }, () => newDevice(world, 'nis', ['cases'])))
    const own = await deviceOf(world, 'nis')
    const notes = await Promise.all(
      devices.map(device => deviceListOf(world, 'nis', { version: 5, devices: [own, device] })),
    )
    const answers = await Promise.all(
      notes.map((note, i) => putDevices(i % 2 ? world.agencyUrl : other.agencyUrl, 'nis', note)),
    )
    const accepted = devices.filter((_, i) => answers[i]?.status === 204)
    expect(accepted).toHaveLength(1)
    const statuses = await Promise.all(devices.map(async device => (await list(device)).status))
    expect(statuses.filter(status => status === 200)).toHaveLength(1)
  })
})

test('when the directory replaces an agency’s identity key, what the old key signed counts for nothing', async () => {
  const device = await deviceOf(world, 'sme-office')
  expect((await list(device)).status).toBe(200)
  const old = await identityOf(world, 'sme-office')
  const fresh = await newSigner('demo-sme-office-2')
  const roots = await rootsNow()
  const agencies = await agenciesOf(world)
  const withIdentity = (identity: typeof fresh.key) =>
    agencies.map(agency => (agency.id === 'sme-office' ? { ...agency, identity } : agency))
  const note = await nextDirectory(world, { agencies: withIdentity(fresh.key) })
  expect((await putDirectory(world.agencyUrl, roots, note)).status).toBe(204)

  expect(problemIn(await list(device))).toBe('device-refused')
  expect(problemIn(await list({ ...device, caller: { ...device.caller, origin: other.agencyUrl } }))).toBe(
    'device-refused',
  )
  expect((await published(world.reporterUrl)).statements['sme-office']).toBeUndefined()
  const later = await deviceListOf(world, 'sme-office', { version: 50, devices: [device] })
  for (const origin of [world.agencyUrl, other.agencyUrl]) {
    expect(await refusal(() => putDevices(origin, 'sme-office', later))).toBe('document-refused')
  }

  const back = await nextDirectory(world, { agencies: withIdentity(old.key) })
  expect((await putDirectory(world.agencyUrl, roots, back)).status).toBe(204)
  expect((await putDevices(world.agencyUrl, 'sme-office', later)).status).toBe(204)
  expect((await list(device)).status).toBe(200)
})

test('what was checked under a directory that is replaced meanwhile, by another server too, is not stored', async () => {
  const roots = await rootsNow()
  const agencies = await agenciesOf(world)
  const { key } = await newSigner('demo-nis-2')
  const replaced = agencies.map(agency => (agency.id === 'nis' ? { ...agency, identity: key } : agency))
  const next = await nextDirectory(world, { agencies: replaced })
  const devices = await deviceListOf(world, 'nis', { version: 60, devices: [await deviceOf(world, 'nis')] })
  const statement = await statementOf(world, 'nis', 60)
  const beside = await openSession(world.databaseUrl)
  const waiting = `select 1 from pg_locks l join pg_database d on d.oid = l.database and d.datname = current_database()
    where locktype = 'advisory' and classid = 1651469928 and objid = 1 and not granted`
  const untilWaiting = (count: number) => until(async () => (await beside.query(waiting)).length === count)
  await beside.query('begin')
  await beside.query('select pg_advisory_xact_lock(1651469928, 1)')
  const publishing = putDirectory(other.agencyUrl, roots, next)
  await untilWaiting(1)
  const late = [putDevices(world.agencyUrl, 'nis', devices), putStatement(world.agencyUrl, 'nis', statement)]
  await untilWaiting(3)
  await beside.query('commit')
  await beside.close()
  expect((await publishing).status).toBe(204)
  expect((await Promise.all(late)).map(problemIn)).toEqual(['unavailable', 'unavailable'])
  expect(await rowsOf(world, 'select kind from documents where version = 60')).toEqual([])
  await until(async () => (await published(world.reporterUrl)).directory === next)
  const back = await nextDirectory(world, { agencies })
  expect((await putDirectory(world.agencyUrl, roots, back)).status).toBe(204)
})

test('every version that was published is kept', async () => {
  const rows = await rowsOf(
    world,
    `select kind, count(*)::int as kept, max(version) - count(*) as gap from documents
     where kind in ('root', 'directory') group by kind order by kind`,
  )
  expect(rows.map(row => [row.kind, Number(row.gap)])).toEqual([
    ['directory', 0],
    ['root', 0],
  ])
})
