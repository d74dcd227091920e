// The service refuses to start rather than guess.
import { randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { ConfigError, readConfig } from '../../src/server/config.ts'
import { startServer } from '../../src/server/main.ts'
import { deriveServerKeys, ensureServerKeyFile, loadServerKeys } from '../../src/server/server-keys.ts'
import { published } from '../support/authority.ts'
import { deviceOf, list } from '../support/device.ts'
import { ask, askRaw, problemIn } from '../support/http.ts'
import { createDatabase } from '../support/postgres.ts'
import { put, submit } from '../support/reporter.ts'
import { environmentOf, startBeside } from '../support/servers.ts'
import { createWorld, type World } from '../support/world.ts'

let folder: string
beforeAll(async () => {
  await cryptoReady
  folder = await mkdtemp(join(tmpdir(), 'bongsu-config-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const refusal = (variables: Record<string, string>): string => {
  try {
    readConfig(variables)
    return 'accepted'
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
}

describe('the environment', () => {
  test('may be empty: then the service is a demonstration of its own on local ports', () => {
    expect(readConfig({})).toMatchObject({
      databaseUrl: null,
      deployment: null,
      serverKeyFile: null,
      dataFolder: './data',
      reporterListen: { host: '127.0.0.1', port: 4080 },
      agencyListen: { host: '127.0.0.1', port: 4081 },
      workBits: 10,
      filesPerMessage: 2 * 1024 ** 3,
      filesRoom: 20 * 1024 ** 3,
      trustedProxies: 0,
    })
  })

  test('with a setting that does not exist is refused, and with one of another program it is not', () => {
    expect(refusal({ BONGSU_WORKBITS: '3' })).toBe('BONGSU_WORKBITS: not a setting of this service')
    expect(refusal({ BONGSU_: '3', BONGSU_A: '' })).toBe('BONGSU_, BONGSU_A: not a setting of this service')
    expect(refusal({ PATH: '/bin', NODE_ENV: 'production', PGHOST: 'a' })).toBe('accepted')
  })

  const BAD: Readonly<Record<string, readonly string[]>> = {
    BONGSU_REPORTER_LISTEN: ['4080', ':4080', 'a:b', '127.0.0.1:65536', 'http://a:1', 'a:1/x', ''],
    BONGSU_AGENCY_LISTEN: ['canary', '[::1:4081', 'a b:1'],
    BONGSU_ONION_LISTEN: ['canary', '127.0.0.1'],
    BONGSU_METRICS_LISTEN: ['canary', '/metrics'],
    BONGSU_WORK_BITS: ['-1', '25', '1.5', 'ten', '', '0x1', ' 1'],
    BONGSU_RATE_LIMIT: ['-1', '1000001', '1e3', 'canary'],
    BONGSU_FILES_PER_MESSAGE_MIB: ['-1', '2049', '0.5', '2G', 'canary', ''],
    BONGSU_FILES_ROOM_MIB: ['-1', '100000001', '1e3', 'canary', ''],
    BONGSU_S3_ENDPOINT: [
      'canary',
      's3.canary:9000',
      'ftp://canary',
      'https://canary/path',
      'https://u:p@canary',
      '',
    ],
    BONGSU_S3_BUCKET: ['Canary', 'ca', 'canary.files', '../canary', 'canary/', ''],
    BONGSU_S3_REGION: ['canary\n', 'canary 1', ''],
    BONGSU_S3_KEY_FILE: [''],
    BONGSU_TRUSTED_PROXIES: ['9', 'true', 'canary'],
    BONGSU_LOG_LEVEL: ['canary', 'TRACE', ''],
    BONGSU_DEPLOYMENT: ['canary', 'A'.repeat(42), `${'A'.repeat(42)}B`, 'A'.repeat(44)],
    BONGSU_DATA: [''],
    BONGSU_SERVER_KEY_FILE: [''],
    DATABASE_URL: [''],
  }

  test.each(Object.entries(BAD))(
    'with a bad %s is refused by name, without saying its value',
    (name, values) => {
      for (const value of values) {
        const message = refusal({ [name]: value })
        expect([value, message]).toEqual([value, expect.stringMatching(new RegExp(`^${name}: `))])
        expect(message).not.toContain('canary')
      }
    },
  )

  test('with several mistakes names each on a line', () => {
    const message = refusal({ BONGSU_WORK_BITS: 'x', BONGSU_RATE_LIMIT: 'y', BONGSU_Z: 'z' })
    expect(message.split('\n')).toHaveLength(3)
  })

  test('takes the database’s address from a file, trimmed, and says nothing of what is in it', async () => {
    const file = join(folder, 'url')
    await writeFile(file, 'postgresql://user:s3cret@db/bongsu\n')
    const config = readConfig({ DATABASE_URL_FILE: file, BONGSU_SERVER_KEY_FILE: 'k' })
    expect(config.databaseUrl).toBe('postgresql://user:s3cret@db/bongsu')
    expect(refusal({ DATABASE_URL_FILE: file })).not.toContain('s3cret')
    expect(refusal({ DATABASE_URL_FILE: join(folder, 'none') })).toBe(
      'DATABASE_URL_FILE: the file cannot be read',
    )
  })

  test('with a database of its own needs a server key of its own', () => {
    expect(refusal({ DATABASE_URL: 'postgresql://s3cret' })).toMatch(/^BONGSU_SERVER_KEY_FILE: needed/)
    expect(refusal({ DATABASE_URL: 'postgresql://s3cret' })).not.toContain('s3cret')
  })
})

describe('an object store', () => {
  const store = (keyFile: string) => ({
    BONGSU_S3_ENDPOINT: 'https://s3.example:9000/',
    BONGSU_S3_BUCKET: 'bongsu-files',
    BONGSU_S3_REGION: 'kr-1',
    BONGSU_S3_KEY_FILE: keyFile,
  })

  test('is described by all of its settings, with its key in two lines of a file', async () => {
    const file = join(folder, 's3.key')
    for (const text of ['id:1\ns3cret/+=\n', 'id:1\r\ns3cret/+=\r\n', 'id:1\ns3cret/+=']) {
      await writeFile(file, text)
      expect(readConfig(store(file)).objectStore).toEqual({
        endpoint: 'https://s3.example:9000',
        bucket: 'bongsu-files',
        region: 'kr-1',
        accessKey: 'id:1',
        secretKey: 's3cret/+=',
      })
    }
    expect(readConfig({}).objectStore).toBeNull()
  })

  test('is refused where a setting is missing, by the names of those', () => {
    for (const name of Object.keys(store(''))) {
      const { [name as 'BONGSU_S3_REGION']: _, ...others } = store('key')
      expect(refusal(others)).toBe(`${name}: needed with the other settings of the object store`)
    }
  })

  test('is refused with a file that holds no key, without saying what it holds', async () => {
    const file = join(folder, 's3.bad')
    for (const text of [
      '',
      's3cret',
      's3cret\n\n',
      'id\ns3cret\nmore',
      'an id\ns3cret',
      'id\ns3 cret',
      'id\n비밀',
    ]) {
      await writeFile(file, text)
      expect(refusal(store(file))).toBe(
        'BONGSU_S3_KEY_FILE: the access key id in one line, the secret key in the next',
      )
    }
    expect(refusal(store(join(folder, 'none')))).toBe('BONGSU_S3_KEY_FILE: the file cannot be read')
  })
})

describe('the server key', () => {
  test('is made once, whole, for this user alone, however many processes start', async () => {
    const file = join(folder, 'keys', 'server.key')
    await Promise.all(Array.from({ length: 20 }, () => ensureServerKeyFile(file)))
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const text = await readFile(file, 'utf8')
    expect(text).toMatch(/^[\w-]{43}\n$/)
    await ensureServerKeyFile(file)
    expect(await readFile(file, 'utf8')).toBe(text)
    expect(await readdir(join(folder, 'keys'))).toEqual(['server.key'])
  })

  test('gives the same keys to every server that has it, and each purpose its own', async () => {
    const secret = new Uint8Array(randomBytes(32))
    const [one, two] = [await deriveServerKeys(secret), await deriveServerKeys(secret)]
    expect(one).toEqual(two)
    const { log, challengeKeys, quotaKey } = one
    const keys = [log.pair.seed, challengeKeys.reporter, challengeKeys.agency, quotaKey, secret]
    expect(new Set(keys.map(toBase64url)).size).toBe(keys.length)
  })

  test('of another form is not loaded', async () => {
    const file = join(folder, 'bad.key')
    for (const text of ['', 'AAAA', `${'A'.repeat(42)}B`, `${'A'.repeat(43)}=`]) {
      await writeFile(file, text)
      await expect(loadServerKeys(file)).rejects.toThrow()
    }
  })
})

describe('starting and stopping', () => {
  let world: World
  beforeAll(async () => {
    world = await createWorld()
  })
  afterAll(() => world.stop())

  const start = (variables: Record<string, string | undefined>) =>
    startServer(readConfig({ ...environmentOf(world), ...variables }), {
      now: world.now,
      log: pino({ level: 'silent' }),
    })
  const failure = (variables: Record<string, string | undefined>): Promise<string> =>
    start(variables).then(
      async server => {
        await server.stop()
        return 'started'
      },
      (error: Error) => `${error.constructor.name} ${error.message}`,
    )

  test('a database of another deployment is refused', async () => {
    const other = toBase64url(randomBytes(32))
    expect(await failure({ BONGSU_DEPLOYMENT: other })).toBe(
      'ConfigError BONGSU_DEPLOYMENT: the database belongs to another deployment',
    )
  })

  test('a database that is published to says which deployment it is', async () => {
    const server = await start({ BONGSU_DEPLOYMENT: undefined })
    expect(server.deploymentId).toEqual(world.deploymentId)
    expect(server.demonstrationFolder).toBeNull()
    await server.stop()
  })

  test('an empty database without a deployment is refused: no demonstration is made in it', async () => {
    const { url, drop } = await createDatabase()
    expect(await failure({ DATABASE_URL: url, BONGSU_DEPLOYMENT: undefined })).toMatch(
      /^ConfigError BONGSU_DEPLOYMENT: needed/,
    )
    await drop()
  })

  test('a key file that is missing or holds none is refused by name, and told apart', async () => {
    const file = join(folder, 'none.key')
    await writeFile(file, 'canary')
    const refused = (path: string) => failure({ BONGSU_SERVER_KEY_FILE: path })
    const form = 'ConfigError BONGSU_SERVER_KEY_FILE: the file'
    expect(await refused(file)).toBe(`${form} does not hold a server key`)
    expect(await refused(join(folder, 'nowhere.key'))).toBe(`${form} cannot be read`)
    expect(await refused(folder)).toBe(`${form} cannot be read`)
  })

  test('a port that is taken ends the start, and nothing of it goes on', async () => {
    const { host } = new URL(world.agencyUrl)
    const taken = `ConfigError listen EADDRINUSE: address already in use ${host}`
    expect(await failure({ BONGSU_AGENCY_LISTEN: host })).toBe(taken)
    expect(await failure({ BONGSU_METRICS_LISTEN: host })).toBe(taken)
    expect(await failure({ BONGSU_AGENCY_LISTEN: '192.0.2.1:4081' })).toMatch(
      /^ConfigError listen EADDRNOTAVAIL/,
    )
    expect((await ask(world.agencyUrl, { path: '/v1/health' })).status).toBe(200)
  })

  test('a database that does not answer ends the start', async () => {
    expect(await failure({ DATABASE_URL: 'postgresql://a:canary@127.0.0.1:1/b' })).not.toContain('started')
  })

  test('a stop is quick, whoever is connected, and takes the ports back', async () => {
    const server = await startBeside(world)
    const device = await deviceOf(world, 'police')
    const port = Number(new URL(server.reporterUrl).port)
    const idle = connect(port, '127.0.0.1')
    const slow = connect(port, '127.0.0.1')
    for (const socket of [idle, slow]) socket.on('error', () => undefined)
    slow.write(
      'PUT /v1/report HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9999\r\n\r\n{',
    )
    const polls = [1, 2, 3].map(() =>
      list({ ...device, caller: { ...device.caller, origin: server.agencyUrl } }, '?wait=30'),
    )
    await new Promise(resolve => setTimeout(resolve, 500))
    const begin = Date.now()
    await server.stop()
    // A bound against hangs; on an idle machine it takes half a second.
    expect(Date.now() - begin).toBeLessThan(5_000)
    expect((await Promise.all(polls)).map(answer => answer.status)).toEqual([200, 200, 200])
    await server.stop()
    expect(await askRaw(server.reporterUrl, 'GET /v1/health HTTP/1.1\r\nHost: a\r\n\r\n')).toBe('')
  })

  test('what was received before a restart is there after it, and nonces issued before still count', async () => {
    const reporter = await submit(world, ['police'])
    const before = await put(reporter.caller, reporter.sealed.body)
    const { directory } = await published(world.reporterUrl)
    const nonce = JSON.parse(
      (await ask(world.reporterUrl, { method: 'POST', path: '/v1/challenges' })).body.toString(),
    )
    await world.restart()
    const after = await put(reporter.caller, reporter.sealed.body, nonce)
    expect([after.status, after.body]).toEqual([200, before.body])
    expect((await published(world.reporterUrl)).directory).toBe(directory)
    expect(problemIn(await put(reporter.caller, reporter.sealed.body, nonce))).toBe('challenge-invalid')
  })
})
