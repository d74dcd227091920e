// Docker's engine from Debian's package, in a folder and on a socket of its own: it sees nothing of another engine on
// this machine, and makes no bridge of its own. Images stay in the folder for the next run.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
/** Debian's, whatever other clients the path has. */
const DOCKER = '/usr/bin/docker'
const COMPOSE = '/usr/bin/docker-compose'
const FOLDER = '/var/tmp/bongsu-containers'
const BASE_IMAGES = join(import.meta.dirname, 'base-images.sh')
const READY_MS = 60_000
const MOST_OUTPUT = 64 * 1024 * 1024

export interface Engine {
  docker(...args: readonly string[]): Promise<string>
  /** In a folder with a docker-compose.yml. */
  compose(folder: string, ...args: readonly string[]): Promise<string>
  stop(): Promise<void>
}

/** Null: it can be started; otherwise why not. */
export async function whyNoEngine(): Promise<string | null> {
  if (process.getuid?.() !== 0) return 'an engine of its own needs root'
  // Both would write the same chains of the packet filter.
  if (existsSync('/var/run/docker.pid')) return 'another Docker engine runs on this machine'
  const found = await Promise.all([run(DOCKER, ['--version']), run(COMPOSE, ['--version'])]).catch(() => null)
  return found ? null : 'Docker is not installed (scripts/containers/install.sh)'
}

/** With the base images in it, or what stands in for them. */
export async function startEngine(): Promise<Engine> {
  const socket = `unix://${FOLDER}/socket`
  await mkdir(FOLDER, { recursive: true, mode: 0o700 })
  const configuration = join(FOLDER, 'daemon.json')
  const paths = {
    'data-root': join(FOLDER, 'data'),
    'exec-root': join(FOLDER, 'exec'),
    pidfile: join(FOLDER, 'pid'),
  }
  await writeFile(configuration, JSON.stringify({ ...paths, hosts: [socket], bridge: 'none' }))
  const daemon = spawn('/usr/sbin/dockerd', ['--config-file', configuration], { stdio: 'ignore' })
  const env = {
    ...process.env,
    PATH: `/usr/bin:${process.env.PATH}`,
    DOCKER_HOST: socket,
    DOCKER_BUILDKIT: '0',
  }
  const call = async (file: string, args: readonly string[], cwd = FOLDER) =>
    (await run(file, args, { cwd, env, maxBuffer: MOST_OUTPUT })).stdout
  /** Of this run, or of one that was killed: all but the images. */
  const clear = async () => {
    const left = (await call(DOCKER, ['ps', '--all', '--quiet'])).split('\n').filter(id => id !== '')
    if (left.length > 0) await call(DOCKER, ['rm', '--force', '--volumes', ...left])
    for (const kind of ['network', 'volume']) await call(DOCKER, [kind, 'prune', '--force'])
  }
  try {
    await untilReady(() => call(DOCKER, ['version']), daemon)
    await clear()
    await run('bash', [BASE_IMAGES, process.execPath, npmFolder()], { env, maxBuffer: MOST_OUTPUT })
  } catch (error) {
    await ended(daemon)
    throw error
  }
  return {
    docker: (...args) => call(DOCKER, args),
    compose: (folder, ...args) => call(COMPOSE, ['--ansi', 'never', ...args], folder),
    async stop() {
      await clear().finally(() => ended(daemon))
    },
  }
}

/** Of the npm that runs this. */
function npmFolder(): string {
  const program = process.env.npm_execpath
  if (!program) throw new Error('npm run test:containers runs this')
  return dirname(dirname(program))
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await end
}

async function untilReady(ask: () => Promise<unknown>, daemon: ChildProcess): Promise<void> {
  for (const deadline = Date.now() + READY_MS; !(await ask().catch(() => null)); ) {
    if (daemon.exitCode !== null) throw new Error('dockerd ended')
    if (Date.now() > deadline) throw new Error('dockerd did not start')
    await new Promise(resolve => setTimeout(resolve, 100))
  }
}
