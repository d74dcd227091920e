import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fetchWithPatience } from '../../src/cli/agents.ts'
import { giveUpUpload, serviceAt, uploaderOf } from '../../src/client/index.ts'
import { lengthOfClass, partCountOf } from '../../src/protocol/blob.ts'
import { openSession, type Session } from '../../src/server/database.ts'
import { BY_LIBSODIUM, createYardsticks, FILE_MIB, type Measured, MIB, writeChance } from '../files.ts'
import type { Bench, Part } from '../part.ts'
import { startProgram } from '../programs/tasks.ts'
import { type Known, knownOf, type RunningService, startService } from '../service.ts'
import { median, round } from '../statistics.ts'

const ROUNDS = 5
const AT_ONCE = 8

/** A file there and back by the SDK; then many at once, the service's memory, and the room that they leave. */
export const measureFiles: Part = async bench => ({
  ...(await measureWay(bench)),
  ...(await measureRoom(bench)),
})

/** As the command speaks to it. */
const reportersAt = ({ reporterPort }: RunningService) =>
  serviceAt(`http://127.0.0.1:${reporterPort}`, { fetch: fetchWithPatience() })

async function measureWay(bench: Bench) {
  const { say, onEnd } = bench
  const folder = await bench.folder()
  const file = join(folder, 'evidence.bin')
  await writeChance(file)
  const yardsticks = await createYardsticks(bench, file, folder)
  const running = await startService(await bench.folder())
  onEnd(() => running.stop())
  const { reporterPort, agencyPort } = running
  const paths = [file, join(folder, 'fetched')]
  const transfer = async (task: 'there' | 'back', count: number) => {
    const program = startProgram('transfer', [running.folder, `${reporterPort}`, `${agencyPort}`, ...paths])
    onEnd(() => program.stop())
    const speed = await program.ask(task, count)
    await program.stop()
    return speed
  }
  const ratios = { there: [] as Ratios[], back: [] as Ratios[] }
  // What was sent stays: the service would delete it beside the next, and PostgreSQL clean up after that.
  for (let i = 1; i <= ROUNDS; i++) {
    for (const way of ['there', 'back'] as const) {
      const before = i % 2 === 0 ? await yardsticks[way]() : null
      const speed = await transfer(way, i)
      const measured = before ?? (await yardsticks[way]())
      const ratio = ratiosOf(speed, measured)
      ratios[way].push(ratio)
      const others = Object.entries(measured).map(([name, value]) => `${name} ${value.toFixed(0)}`)
      say(`${way.padEnd(5)} ${speed.toFixed(0)} MiB/s; alone: ${others.join(', ')}; ratio ${textOf(ratio)}`)
    }
  }
  await running.stop()
  const [there, back] = [medians(ratios.there), medians(ratios.back)]
  say(`${FILE_MIB} MiB against the slowest: there ${textOf(there)}, back ${textOf(back)} (at least 0.5)`)
  return {
    files_mib: FILE_MIB,
    files_upload_ratio: round(there.toAll),
    files_download_ratio: round(back.toAll),
    files_upload_ratio_without_libsodium: round(there.toOthers),
    files_download_ratio_without_libsodium: round(back.toOthers),
  }
}

interface Ratios {
  readonly toAll: number
  /** To what the command does alone: it seals by OpenSSL. */
  readonly toOthers: number
}

function ratiosOf(speed: number, measured: Measured): Ratios {
  const { [BY_LIBSODIUM]: _, ...others } = measured
  return {
    toAll: speed / Math.min(...Object.values(measured)),
    toOthers: speed / Math.min(...Object.values(others)),
  }
}

const medians = (all: readonly Ratios[]): Ratios => ({
  toAll: median(all.map(({ toAll }) => toAll)),
  toOthers: median(all.map(({ toOthers }) => toOthers)),
})

const textOf = ({ toAll, toOthers }: Ratios) =>
  `${toAll.toFixed(2)} (${toOthers.toFixed(2)} without libsodium)`

async function measureRoom({ folder, onEnd, say }: Bench) {
  const running = await startService(await folder())
  onEnd(() => running.stop())
  const known = await knownOf(running)
  const session = await openSession(running.databaseUrl)
  onEnd(() => session.close())
  const content = FILE_MIB / AT_ONCE
  const length = lengthOfClass(content * MIB)
  const uploadAll = () =>
    Promise.all(Array.from({ length: AT_ONCE }, () => uploadChance(running, known, length)))

  await uploadChance(running, known, length)
  const before = await peakMib(running.pid)
  const uploads = await uploadAll()
  const memory = (await peakMib(running.pid)) - before
  say(`${AT_ONCE} uploads of ${content} MiB at once: ${memory.toFixed(0)} MiB more than one (at most 64)`)

  // What stays lies behind it, so that no table gets shorter.
  await uploadChance(running, known, lengthOfClass(MIB))
  const first = await databaseMib(session)
  for (const upload of uploads) await giveUpUpload(reportersAt(running), upload)
  await untilDeleted(session)
  await session.query('vacuum')
  const deleted = await databaseMib(session)
  await uploadAll()
  const second = await databaseMib(session)
  const sizes = [first, deleted, second].map(size => size.toFixed(0))
  say(
    `database with them ${sizes[0]} MiB, after deletion and vacuum ${sizes[1]}, with as many again ${sizes[2]}`,
  )
  await running.stop()
  return { files_memory_mib: round(memory, 0), files_database_growth_mib: round(second - first, 0) }
}

/** Parts as they come from any client; the load should cost little. */
async function uploadChance(running: RunningService, { trust }: Known, length: number): Promise<string> {
  const reporters = reportersAt(running)
  const upload = await uploaderOf(reporters, trust).create(length, {})
  const part = new Uint8Array(randomBytes(MIB))
  for (let i = 0; i < partCountOf(length); i++) {
    const left = length - i * MIB
    const response = await fetch(`${reporters.origin}/v1/uploads/${upload}`, {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        'upload-offset': String(i * MIB),
      },
      body: left < MIB ? part.subarray(0, left) : part,
    })
    if (response.status !== 204) throw new Error(`part ${i}: ${response.status}`)
  }
  return upload
}

/** The most that the process ever had. */
async function peakMib(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

async function databaseMib(session: Session): Promise<number> {
  const [row] = await session.query('select pg_database_size(current_database()) as bytes')
  return Number(row?.bytes) / MIB
}

/** The service does it once a minute. */
async function untilDeleted(session: Session): Promise<void> {
  while ((await session.query(`select 1 from blobs where state = 'doomed'`)).length > 0) await sleep(500)
}
