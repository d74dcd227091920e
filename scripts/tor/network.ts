// A whole Tor network on one address of this machine, from Debian's package: authorities that vote, relays, and a client
// with a SOCKS port. Nothing of it leaves the machine; every process of it is ended by its own id.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../free-ports.ts'

const run = promisify(execFile)

/** Votes are of a majority; fewer than three have none that could lose one. */
const AUTHORITIES = 3
/** Both sides together use six relays, no side the same one twice, and choose among some. */
const RELAYS = 5
/** Of a first consensus, and of the directory's way to everybody: some forty seconds, more on a busy machine. */
const READY_MS = 300_000

export interface TorNode {
  readonly folder: string
  /** What it has told so far. */
  log(): string
  hasEnded(): boolean
  stop(): Promise<void>
}

export interface TorNetwork {
  readonly socksPort: number
  /** What makes any Tor one of this network: lines of a torrc. */
  readonly torrc: string
  /** A Tor of this network with these lines beside; `folder` is its own, and gone when it stops. */
  start(lines: (folder: string) => string): Promise<TorNode>
  destroy(): Promise<void>
}

/** Null: it can be started; otherwise why not. */
export async function whyNoTor(): Promise<string | null> {
  const { stdout: modules } = await run('tor', ['--list-modules']).catch(() => ({ stdout: '' }))
  if (modules === '') return 'Tor is not installed (scripts/tor/install.sh)'
  const missing = ['dirauth', 'pow'].filter(name => !modules.includes(`${name}: yes`))
  return missing.length === 0 ? null : `this build of Tor has no ${missing.join(' and no ')}`
}

/** Resolves when its client builds circuits. */
export async function startTorNetwork(address = '127.0.0.1'): Promise<TorNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-tor-'))
  const nodes: TorNode[] = []
  const destroy = async () => {
    await Promise.all(nodes.map(node => node.stop()))
    await rm(folder, { recursive: true, force: true })
  }
  try {
    const [socksPort = 0] = await freePorts(1)
    const ports = await freePorts(2 * AUTHORITIES + RELAYS, address)
    const authorities = await Promise.all(
      Array.from({ length: AUTHORITIES }, (_, i) =>
        makeAuthority(folder, address, {
          name: `authority${i}`,
          orPort: ports[2 * i],
          dirPort: ports[2 * i + 1],
        }),
      ),
    )
    const torrc = ['TestingTorNetwork 1', ...authorities.map(({ line }) => line)].join('\n')
    let started = 0
    const start: TorNetwork['start'] = async lines => {
      const own = join(folder, `node${started++}`)
      await mkdir(own, { mode: 0o700 })
      const node = await startNode(own, `${torrc}\nDataDirectory ${own}/data\n${lines(own)}`)
      nodes.push(node)
      return node
    }
    for (const authority of authorities) await start(() => authority.torrc)
    for (const port of ports.slice(2 * AUTHORITIES)) await start(() => relay(address, port))
    await until(() => agreedOn(address, ports, AUTHORITIES + RELAYS), 'the authorities do not agree', nodes)
    const client = await start(() => `SocksPort 127.0.0.1:${socksPort}`)
    await until(
      async () => client.log().includes('Bootstrapped 100%'),
      'the client builds no circuits',
      nodes,
    )
    return { socksPort, torrc, start, destroy }
  } catch (error) {
    await destroy()
    throw error
  }
}

/** Nothing leaves the network, and nobody waits until somebody found out that a relay can be reached. */
const relay = (address: string, orPort = 0) => `SocksPort 0
Address ${address}
ORPort ${address}:${orPort}
AssumeReachable 1
ExitRelay 0
ContactInfo nobody`

interface AuthorityPlace {
  readonly name: string
  readonly orPort: number | undefined
  readonly dirPort: number | undefined
}

async function makeAuthority(folder: string, address: string, { name, orPort, dirPort }: AuthorityPlace) {
  const data = join(folder, name)
  await mkdir(join(data, 'keys'), { recursive: true, mode: 0o700 })
  const place = `${address}:${dirPort}`
  const identity = run(
    'tor-gencert',
    ['--create-identity-key', '-m', '12', '-a', place, '--passphrase-fd', '0'],
    {
      cwd: join(data, 'keys'),
    },
  )
  identity.child.stdin?.end('of no worth\n')
  await identity
  const certificate = await readFile(join(data, 'keys/authority_certificate'), 'utf8')
  const v3ident = /^fingerprint (\w+)$/m.exec(certificate)?.[1] ?? ''
  // Makes the relay's own key where there is none. It wants an authority to be named, and does not ask it.
  const options = [
    '--quiet',
    '-f',
    '/dev/null',
    '--ignore-missing-torrc',
    '--DataDirectory',
    data,
    '--ORPort',
    String(orPort),
  ]
  const nobody = `nobody 127.0.0.1:1 ${'f'.repeat(40)}`
  const { stdout } = await run('tor', [...options, '--list-fingerprint', '--DirAuthority', nobody])
  const fingerprint = stdout.trim().split(' ').slice(1).join('')
  return {
    line: `DirAuthority ${name} orport=${orPort} no-v2 v3ident=${v3ident} ${place} ${fingerprint}`,
    torrc: `DataDirectory ${data}
${relay(address, orPort)}
Nickname ${name}
DirPort ${place}
AuthoritativeDirectory 1
V3AuthoritativeDirectory 1
${VOTING}`,
  }
}

/** As often as Tor lets them vote; every relay may be an entry and keep descriptors from the first vote on,
 * and all have one address. */
const VOTING = `TestingV3AuthInitialVotingInterval 10
TestingV3AuthInitialVoteDelay 2
TestingV3AuthInitialDistDelay 2
V3AuthVotingInterval 10
V3AuthVoteDelay 2
V3AuthDistDelay 2
TestingDirAuthVoteGuard *
TestingDirAuthVoteHSDir *
AuthDirMaxServersPerAddr 0`

async function startNode(folder: string, torrc: string): Promise<TorNode> {
  const file = join(folder, 'torrc')
  await writeFile(file, `${torrc}\n`)
  const child = spawn('tor', ['-f', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      log += text
    })
  return {
    folder,
    log: () => log,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      await ended(child)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

// SIGTERM lets a relay wait for its clients.
async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  await end
}

/** Whoever comes while they know some relays only may long look for services where none is. */
async function agreedOn(address: string, ports: readonly number[], relays: number): Promise<boolean> {
  const known = Array.from({ length: AUTHORITIES }, async (_, i) => {
    const place = `http://${address}:${ports[2 * i + 1]}/tor/status-vote/current/consensus`
    const consensus = await fetch(place).then(
      answer => answer.text(),
      () => '',
    )
    return consensus.match(/^s .*HSDir/gm)?.length ?? 0
  })
  return (await Promise.all(known)).every(count => count === relays)
}

async function until(
  isSo: () => Promise<boolean>,
  otherwise: string,
  nodes: readonly TorNode[],
): Promise<void> {
  for (const deadline = Date.now() + READY_MS; !(await isSo()); ) {
    const ended = nodes.find(node => node.hasEnded())
    if (ended) throw new Error(`the Tor network did not start: one of it ended:\n${lastOf(ended)}`)
    if (Date.now() > deadline)
      throw new Error(`the Tor network did not start: ${otherwise}:\n${nodes.map(lastOf).join('\n')}`)
    await new Promise(resolve => setTimeout(resolve, 200))
  }
}

const lastOf = (node: TorNode) => node.log().trim().split('\n').slice(-3).join('\n')
