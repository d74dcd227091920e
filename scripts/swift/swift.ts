// A real S3 server to test against: OpenStack Swift with its S3 API, from Debian's package, in a folder of its own and
// on loopback ports. One disk, one replica, one account; its servers are ended by their own process ids.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../free-ports.ts'

// Not the first that the path finds: Debian's packages are this one's.
const PYTHON = '/usr/bin/python3'
const SERVER = join(import.meta.dirname, 'server.py')
const STORAGE = ['account', 'container', 'object']
/** Some three seconds; a busy machine takes longer. */
const READY_MS = 100_000

export interface Swift {
  readonly endpoint: string
  readonly region: string
  readonly accessKey: string
  readonly secretKey: string
  /** Where its objects lie. */
  readonly disk: string
  /** On the same ports, with the same objects. */
  start(): Promise<void>
  /** Resolves when no process of it is left. */
  stop(): Promise<void>
  /** Stops it and deletes its folder. */
  destroy(): Promise<void>
}

/** Null: it can be started; otherwise why not. */
export async function whyNoSwift(): Promise<string | null> {
  const found = promisify(execFile)(PYTHON, ['-c', 'import swift.common.middleware.s3api'])
  return found.then(
    () => null,
    () => 'OpenStack Swift is not installed (scripts/swift/install.sh)',
  )
}

/** Prepared, and not yet started. */
export async function createSwift(): Promise<Swift> {
  const folder = await mkdtemp(join(tmpdir(), 'bongsu-swift-'))
  const disk = join(folder, 'devices', 'disk')
  await mkdir(disk, { recursive: true })
  const [proxyPort = 0, ...ports] = await freePorts(1 + STORAGE.length)
  const secretKey = randomBytes(16).toString('hex')
  await writeFile(join(folder, 'swift.conf'), '[swift-hash]\nswift_hash_path_suffix = bongsu\n')
  for (const [i, kind] of STORAGE.entries())
    await writeFile(join(folder, `${kind}.conf`), storageConf(folder, kind, ports[i] ?? 0))
  await writeFile(join(folder, 'proxy.conf'), proxyConf(folder, proxyPort, secretKey))
  await promisify(execFile)(PYTHON, [SERVER, folder, ...ports.map(String)])
  const endpoint = `http://127.0.0.1:${proxyPort}`
  let running: ChildProcess | null = null
  const stop = async () => {
    if (running) await ended(running)
    running = null
  }
  return {
    endpoint,
    region: 'us-east-1',
    accessKey: 'bongsu:files',
    secretKey,
    disk,
    async start() {
      running = spawn(PYTHON, [SERVER, folder], { stdio: 'ignore' })
      await untilReady([proxyPort, ...ports], running)
    },
    stop,
    async destroy() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

const common = (folder: string, port: number) => `[DEFAULT]
bind_ip = 127.0.0.1
bind_port = ${port}
workers = 0
user = ${userInfo().username}
swift_dir = ${folder}
devices = ${join(folder, 'devices')}
mount_check = false
log_level = ERROR
fallocate_reserve = 0
`

const storageConf = (folder: string, kind: string, port: number) => `${common(folder, port)}
[pipeline:main]
pipeline = ${kind}-server
[app:${kind}-server]
use = egg:swift#${kind}
`

// tempauth asks for a cache; where none answers, it goes on without.
const proxyConf = (folder: string, port: number, secretKey: string) => `${common(folder, port)}
[pipeline:main]
pipeline = catch_errors cache s3api tempauth slo proxy-server
[app:proxy-server]
use = egg:swift#proxy
account_autocreate = true
[filter:catch_errors]
use = egg:swift#catch_errors
[filter:cache]
use = egg:swift#memcache
memcache_servers = 127.0.0.1:1
[filter:s3api]
use = egg:swift#s3api
[filter:tempauth]
use = egg:swift#tempauth
user_bongsu_files = ${secretKey} .admin
[filter:slo]
use = egg:swift#slo
`

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const end = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGTERM')
  await end
}

/** Each of them answers something, whatever it is asked. */
async function untilReady(ports: readonly number[], servers: ChildProcess): Promise<void> {
  const deadline = Date.now() + READY_MS
  for (const port of ports) {
    while (!(await fetch(`http://127.0.0.1:${port}`).catch(() => null))) {
      if (servers.exitCode !== null) throw new Error('a server of Swift ended')
      if (Date.now() > deadline) throw new Error('Swift did not start')
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
}
