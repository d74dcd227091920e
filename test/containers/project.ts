// A copy of this repository as an operator has it, with what docs/operations.md tells to make beside it.
import { execFile } from 'node:child_process'
import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { freePorts } from '../../scripts/free-ports.ts'
import { addDays, dayOf } from '../../src/protocol/day.ts'
import { bongsu } from '../cli/run.ts'

const run = promisify(execFile)
const ROOT = join(import.meta.dirname, '../..')
/** What must not get into an image, and lies in an operator's folder all the same. */
export const DECOY = 'decoy-of-an-operator'

export interface Project {
  /** Of docker-compose.yml. */
  readonly folder: string
  readonly reporterUrl: string
  readonly agencyUrl: string
  /** Prints the log key that the directory names. */
  readonly serverKey: Readonly<Record<string, unknown>>
  remove(): Promise<void>
}

export async function createProject(): Promise<Project> {
  const parent = await mkdtemp(join(tmpdir(), 'bongsu-containers-'))
  const folder = join(parent, 'bongsu')
  const left = new Set(['node_modules', '.git', 'data', 'dist', 'coverage'])
  await cp(ROOT, folder, { recursive: true, filter: source => !left.has(basename(source)) })
  for (const name of ['.env', 'server.key', 'src/../nis-intake.key.json'])
    await writeFile(join(folder, name), DECOY)
  await useTheSameRegistry(folder)
  const [reporterPort, agencyPort] = await freePorts(2)
  await edit(join(folder, 'docker-compose.yml'), [
    ['127.0.0.1:4080:', `127.0.0.1:${reporterPort}:`],
    ['127.0.0.1:4081:', `127.0.0.1:${agencyPort}:`],
  ])
  return {
    folder,
    reporterUrl: `http://127.0.0.1:${reporterPort}`,
    agencyUrl: `http://127.0.0.1:${agencyPort}`,
    serverKey: await followTheDocument(folder),
    remove: () => rm(parent, { recursive: true, force: true }),
  }
}

export async function edit(
  file: string,
  changes: readonly (readonly [from: string, to: string])[],
): Promise<void> {
  let text = await readFile(file, 'utf8')
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`)
    text = text.replace(from, to)
  }
  await writeFile(file, text)
}

/** The registry that npm uses here, by the certificates of this machine, which the base images have. */
async function useTheSameRegistry(folder: string): Promise<void> {
  const { stdout } = await run('npm', ['config', 'get', 'registry'], { cwd: tmpdir() })
  const certificates = '/etc/ssl/certs/ca-certificates.crt'
  await appendFile(join(folder, '.npmrc'), `registry=${stdout.trim()}\ncafile=${certificates}\n`)
}

/** The commands of «Containers», as they stand there, up to the start itself. */
async function followTheDocument(folder: string): Promise<Record<string, unknown>> {
  const text = await readFile(join(ROOT, 'docs/operations.md'), 'utf8')
  const [, commands] = /## Containers[\s\S]*?```\n([^`]+)docker compose up -d\n```/.exec(text) ?? []
  if (!commands) throw new Error('docs/operations.md does not tell how to start the containers')
  const main = join(ROOT, 'src/cli/main.ts')
  const told = join(folder, 'told.json')
  const prelude = [
    'set -euo pipefail',
    'sudo() { "$@"; }',
    `npx() { shift; "${process.execPath}" "${main}" "$@" --json > "${told}"; }`,
  ]
  await run('bash', ['-c', [...prelude, commands].join('\n')], { cwd: folder })
  const printed = JSON.parse(await readFile(told, 'utf8')) as Record<string, unknown>
  await rm(told)
  return printed
}

/** A deployment with one agency: its documents and its intake device's key, in the folder. */
export interface Deployment {
  readonly id: string
  readonly folder: string
  command(...args: readonly string[]): Promise<Record<string, unknown>>
  publish(agencyUrl: string): Promise<void>
}

const named = ({ name, key }: Readonly<Record<string, unknown>>) => ({ name, key })

export async function holdCeremony(
  folder: string,
  logKey: Readonly<Record<string, unknown>>,
): Promise<Deployment> {
  const command: Deployment['command'] = async (...args) => {
    const { code, json, out } = await bongsu([...args, '--json'], { cwd: folder })
    if (code !== 0) throw new Error(`bongsu ${args.join(' ')}: ${code} ${out}`)
    return json
  }
  const authority = (line: string, ...more: readonly string[]) =>
    command('authority', ...line.split(' '), ...more)
  const put = (file: string, value: unknown) => writeFile(join(folder, file), JSON.stringify(value))
  const today = dayOf(Date.now())
  const year = addDays(today, 365)
  const root = named(await authority('new-key root.key.json --kind root --name root'))
  const directory = named(await authority('new-key directory.key.json --kind directory --name directory'))
  const identity = named(await authority('new-key north.key.json --kind identity --name north'))
  await put('root.json', {
    version: 1,
    expires: year,
    threshold: 1,
    keys: [root],
    directoryThreshold: 1,
    directoryKeys: [directory],
  })
  const founded = await authority('root --plan root.json --signer root.key.json --out root-1.note')
  const id = String(founded.deployment)
  const by = ['--deployment', id]
  const north = {
    id: 'north',
    names: { ko: '북부', en: 'North' },
    about: { ko: '소개', en: 'about' },
    powers: ['fact-finding'],
  }
  await put('directory.json', {
    version: 1,
    expires: addDays(today, 7),
    logKey: named(logKey),
    agencies: [{ ...north, territory: 'national', validFrom: today, validUntil: year, identity }],
    routes: [{ kinds: [], fields: [], involved: [], agencies: ['north'] }],
    timers: { acknowledgeDays: 7, feedbackDays: 90 },
  })
  await authority('directory --plan directory.json --signer directory.key.json --out d1.note', ...by)
  await put('request.json', await authority('new-device intake.key.json --agency north', ...by))
  const signed = ['--identity', 'north.key.json', ...by]
  const scopes = '--role intake --scopes intake,cases'
  await authority(
    `certificate --request request.json ${scopes} --from ${today} --until ${year} --out intake.note`,
    ...signed,
  )
  await authority('install intake.key.json --certificate intake.note')
  await authority(
    'device-list --agency north --number 1 --certificate intake.note --out devices-1.note',
    ...signed,
  )
  await put('epochs.json', await authority(`new-epochs intake.key.json --from ${today} --count 2`))
  await authority(
    'statement --agency north --number 1 --epochs epochs.json --out statement-1.note',
    ...signed,
  )
  return {
    id,
    folder,
    command,
    async publish(agencyUrl) {
      const at = ['--server', agencyUrl]
      await authority('publish --roots root-1.note --directory d1.note', ...at)
      await authority('publish --agency north --devices devices-1.note', ...at)
      await authority('publish --agency north --statement statement-1.note', ...at)
    },
  }
}
