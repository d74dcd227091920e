// A service behind a real onion service, on a private Tor network, with the torrc of this repository.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePorts } from '../../scripts/free-ports.ts'
import { startTorNetwork, type TorNetwork, whyNoTor } from '../../scripts/tor/network.ts'
import { fetchThrough } from '../../src/cli/socks.ts'
import { createWorld, type World, type WorldOptions } from './world.ts'

/** Null where the tests can run. */
export const whyNot = process.env.BONGSU_TEST_TOR ? await whyNoTor() : 'npm run test:tor runs these'
if (whyNot) process.stderr.write(`Skipped: ${whyNot}.\n`)

const ROOT = join(import.meta.dirname, '../..')
const REACHED_MS = 180_000

export interface OnionWorld {
  readonly world: World
  /** http://….onion */
  readonly onionUrl: string
  /** HOST:PORT of Tor's SOCKS port. */
  readonly socks: string
  /** The listener behind the onion service, as the onion service sees it. */
  readonly behindUrl: string
  /** Another onion service of the same listener, with these lines. */
  publish(lines: string): Promise<string>
  stop(): Promise<void>
}

export async function createOnionWorld(options: WorldOptions = {}): Promise<OnionWorld> {
  const [port = 0] = await freePorts(1)
  const behind = `127.0.0.1:${port}`
  const world = await createWorld({
    ...options,
    variables: { BONGSU_ONION_LISTEN: behind, ...options.variables },
  })
  let network: TorNetwork | null = null
  const stop = async () => {
    await network?.destroy()
    await world.stop()
  }
  try {
    const running = await startTorNetwork()
    network = running
    const socks = `127.0.0.1:${running.socksPort}`
    const publish = async (lines: string) => {
      const { folder } = await running.start(own => placed(lines, own, behind))
      return reached(join(folder, 'bongsu/hostname'), running.socksPort)
    }
    const onionUrl = await publish(await readFile(join(ROOT, 'docker/tor/torrc'), 'utf8'))
    return { world, onionUrl, socks, behindUrl: `http://${behind}`, publish, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** What docs/operations.md tells to write into a torrc. */
export async function documentedTorrc(): Promise<string> {
  const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8')
  const [, lines] = /```\n(HiddenServiceDir [^`]+)```/.exec(text) ?? []
  if (!lines) throw new Error('docs/operations.md has no torrc')
  return lines
}

/** The same lines, with this test's places for Tor's folder and for the service; both must be there. */
function placed(lines: string, folder: string, behind: string): string {
  const target = /(?<=^HiddenServicePort 80 )\S+:4084$/m
  if (!target.test(lines) || !lines.includes('/var/lib/tor'))
    throw new Error('not the torrc of a service here')
  return lines.replace(target, behind).replaceAll('/var/lib/tor', folder)
}

async function reached(hostname: string, socksPort: number): Promise<string> {
  const through = fetchThrough({ host: '127.0.0.1', port: socksPort })
  for (const deadline = Date.now() + REACHED_MS; Date.now() < deadline; await sleep(300)) {
    const name = (await readFile(hostname, 'utf8').catch(() => '')).trim()
    if (name === '') continue
    const signal = AbortSignal.timeout(20_000)
    const answer = await through(`http://${name}/v1/health`, { signal }).catch(() => null)
    if (answer?.status === 200) return `http://${name}`
  }
  throw new Error('the onion service cannot be reached')
}
