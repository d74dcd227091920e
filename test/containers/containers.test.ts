// Dockerfile, docker/tor and docker-compose.yml for real: Docker's engine and Compose from Debian's packages. The base
// images are stand-ins (scripts/containers/base-images.sh): Debian with Node 24, with PostgreSQL 17, with nothing.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Engine, startEngine, whyNoEngine } from '../../scripts/containers/engine.ts'
import { startTorNetwork, type TorNetwork, whyNoTor } from '../../scripts/tor/network.ts'
import { FORM_FOLDER } from '../../src/server/web/site.ts'
import { bongsu } from '../cli/run.ts'
import { createProject, DECOY, type Deployment, edit, holdCeremony, type Project } from './project.ts'

const whyNot = process.env.BONGSU_TEST_CONTAINERS
  ? ((await whyNoEngine()) ?? (await whyNoTor()))
  : 'npm run test:containers runs these'
if (whyNot) process.stderr.write(`Skipped: ${whyNot}.\n`)
else
  process.stderr.write(
    'The base images are stand-ins: Debian by debootstrap, with the packages that ours need.\n',
  )

// Base images, two builds, and a network of Tor.
vi.setConfig({ testTimeout: 600_000, hookTimeout: 1_800_000 })

const TEXT = '전극 공정 조건표가 나갔습니다.'
const SERVICE = 'bongsu_bongsu_1'

describe.skipIf(whyNot)('the containers', () => {
  let engine: Engine
  let project: Project
  let deployment: Deployment
  let keys: string
  let code: string
  let network: TorNetwork | null = null

  beforeAll(async () => {
    keys = await mkdtemp(join(tmpdir(), 'bongsu-keys-'))
    engine = await startEngine()
    project = await createProject()
    deployment = await holdCeremony(keys, project.serverKey)
    await edit(join(project.folder, '.env'), [['BONGSU_DEPLOYMENT=', `BONGSU_DEPLOYMENT=${deployment.id}`]])
    await override([])
    await compose('--profile', 'onion', 'build')
  })
  afterAll(async () => {
    await network?.destroy()
    await engine?.stop()
    await project?.remove()
    await rm(keys, { recursive: true, force: true })
  })

  const compose = (...args: readonly string[]) => engine.compose(project.folder, ...args)
  const inService = (...command: readonly string[]) => engine.docker('exec', SERVICE, ...command)
  const inImage = (...command: readonly string[]) =>
    engine.docker('run', '--rm', '--network', 'none', 'bongsu_bongsu', ...command)

  /** Beside docker-compose.yml: this engine has no bridge to build on, and Tor a network of its own. */
  async function override(torOptions: readonly string[]): Promise<void> {
    const command = torOptions.length > 0 ? { command: ['tor', '-f', '/etc/tor/torrc', ...torOptions] } : {}
    const services = {
      bongsu: { build: { context: '.', network: 'host' } },
      tor: { build: { context: 'docker/tor', network: 'host' }, ...command },
    }
    await writeFile(join(project.folder, 'docker-compose.override.yml'), JSON.stringify({ services }))
  }

  async function untilHealthy(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await expect
        .poll(() => engine.docker('inspect', '--format', '{{.State.Health.Status}}', name), {
          timeout: 120_000,
          interval: 500,
        })
        .toBe('healthy\n')
    }
  }

  const asReporter = (...args: readonly string[]) =>
    bongsu([...args, '--deployment', deployment.id, '--json'], { input: code })
  const opened = async () => {
    const at = ['--server', project.agencyUrl, '--key', 'intake.key.json']
    const { cases } = (await deployment.command('cases', ...at)) as { cases: { case: string }[] }
    return Promise.all(
      cases.map(
        async ({ case: id }) =>
          (await deployment.command('open', id, ...at)) as { answers: object; followUps: object[] },
      ),
    )
  }

  test('the image has what runs, as a user of no rights, and nothing else of the folder that it was built from', async () => {
    const names = async (folder: string) => (await inImage('ls', '-A', folder)).trim().split('\n').sort()
    expect(await names('/app')).toEqual([
      'LICENSE',
      'dist',
      'migrations',
      'node_modules',
      'package.json',
      'src',
    ])
    expect(await inImage('id', '-u')).toBe('1000\n')
    const lock = JSON.parse(await readFile(join(project.folder, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean }>
    }
    const wanted = Object.entries(lock.packages).flatMap(([path, { dev, optional, devOptional }]) => {
      const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path) ?? []
      return name && !dev && !optional && !devOptional ? [name] : []
    })
    const found = (await inImage('sh', '-c', 'cd node_modules; ls -d [!.@]* @*/*')).trim().split('\n')
    expect(found.sort()).toEqual(wanted.sort())
    expect(await inImage('sh', '-c', `grep -rl ${DECOY} /app /home /root 2>/dev/null || true`)).toBe('')
    const history = await engine.docker(
      'history',
      '--no-trunc',
      '--format',
      '{{.CreatedBy}}',
      'bongsu_bongsu',
    )
    expect(history).not.toMatch(/postgresql:|password/i)
  })

  test('its form is, byte for byte, the one that is built from the same sources elsewhere', async () => {
    const built = await inImage('cat', 'dist/web/report/bongsu-web-manifest.json')
    expect(JSON.parse(built)).toEqual(
      JSON.parse(await readFile(join(FORM_FOLDER, 'bongsu-web-manifest.json'), 'utf8')),
    )
  })

  test('by the steps of docs/operations.md they start, and say that they are well', async () => {
    await compose('up', '--detach')
    await untilHealthy('bongsu_postgres_1', SERVICE)
    await deployment.publish(project.agencyUrl)
  })

  test('the service writes nowhere and may nothing', async () => {
    await expect(inService('touch', '/app/file')).rejects.toThrow(/Read-only file system/)
    await expect(inService('touch', '/home/node/file')).rejects.toThrow(/Read-only file system/)
    const status = await inService('cat', '/proc/1/status')
    expect(status).toMatch(/^Uid:\t1000\t1000\t1000\t1000$/m)
    expect(status).toMatch(/^CapEff:\t0+$/m)
    expect(status).toMatch(/^CapBnd:\t0+$/m)
    expect(status).toMatch(/^NoNewPrivs:\t1$/m)
    expect(await inService('cat', '/proc/1/environ')).not.toContain('postgresql://')
  })

  test('a report with a file goes in and is read', async () => {
    const [text, photo] = [join(keys, 'text.md'), join(keys, 'photo.jpg')]
    await writeFile(text, TEXT)
    await writeFile(photo, Buffer.alloc(1_500_000, 'photo'))
    const sent = await asReporter(
      'report',
      text,
      '--to',
      'north',
      '--attach',
      photo,
      '--yes',
      '--server',
      project.reporterUrl,
    )
    expect([sent.code, sent.err]).toEqual([0, ''])
    code = String(sent.json.code)
    await expect.poll(opened, { timeout: 60_000 }).toMatchObject([{ answers: { what: TEXT } }])
  })

  test('it stops cleanly, and what it held is there when the containers are made anew', async () => {
    await compose('stop')
    const ends = await engine.docker(
      'inspect',
      '--format',
      '{{.State.ExitCode}}',
      SERVICE,
      'bongsu_postgres_1',
    )
    expect(ends).toBe('0\n0\n')
    await compose('down')
    await compose('up', '--detach')
    await untilHealthy('bongsu_postgres_1', SERVICE)
    expect(await opened()).toMatchObject([{ answers: { what: TEXT } }])
    const { json } = await asReporter('status', '--code-file', '-', '--server', project.reporterUrl)
    expect(json).toMatchObject({ agencies: [{ id: 'north', answer: 'acknowledged' }] })
  })

  test('with the profile onion it is reached through Tor, also after another container came in between', async () => {
    // This machine's address on the containers' network: whichever the engine gave it.
    const gateway = '{{.NetworkSettings.Networks.bongsu_front.Gateway}}'
    network = await startTorNetwork((await engine.docker('inspect', '--format', gateway, SERVICE)).trim())
    await override(
      network.torrc
        .split('\n')
        .flatMap(line => [`--${line.slice(0, line.indexOf(' '))}`, line.slice(line.indexOf(' ') + 1)]),
    )
    await compose('--profile', 'onion', 'up', '--detach')
    const name = () =>
      engine.docker('exec', 'bongsu_tor_1', 'cat', '/var/lib/tor/bongsu/hostname').catch(() => '')
    await expect.poll(name, { timeout: 60_000 }).toMatch(/\.onion\n$/)
    const onion = `http://${(await name()).trim()}`
    const through = ['--code-file', '-', '--server', onion, '--socks', `127.0.0.1:${network.socksPort}`]
    const status = async () => (await asReporter('status', ...through)).code
    await expect.poll(status, { timeout: 180_000 }).toBe(0)

    await compose('stop', 'bongsu')
    await engine.docker(
      'run',
      '--detach',
      '--name',
      'bongsu_other_1',
      '--network',
      'bongsu_front',
      'debian:bookworm-slim',
      'sleep',
      '3600',
    )
    await compose('up', '--detach', '--force-recreate', '--no-deps', 'bongsu')
    await untilHealthy(SERVICE)
    await expect.poll(status, { timeout: 180_000 }).toBe(0)
    expect((await asReporter('write', join(keys, 'text.md'), ...through)).code).toBe(0)
    await engine.docker('rm', '--force', 'bongsu_other_1')
  })
})
