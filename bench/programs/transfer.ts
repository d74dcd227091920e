// A file there and back by the SDK, in a process of its own as the command's: nothing of what ran before is in its memory.
import { open, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fetchWithPatience } from '../../src/cli/agents.ts'
import { fileOnDisk } from '../../src/cli/files/source.ts'
import { fileTools } from '../../src/cli/files/tools.ts'
import { writeBehind } from '../../src/cli/files/write-behind.ts'
import {
  caseFiles,
  deviceOf,
  fetchTrust,
  openCase,
  parseKeyFile,
  prepareReport,
  readCase,
  readCases,
  readFile as readSealed,
  serviceAt,
  submitReport,
  uploaderOf,
  uploadFiles,
} from '../../src/client/index.ts'
import { cryptoReady } from '../../src/protocol/crypto.ts'
import { countBuffersAsHeap } from '../../src/server/memory.ts'
import { speedOf } from '../files.ts'
import { AGENCY } from '../requests.ts'
import { serveTasks } from './tasks.ts'

const [folder = '', reporterPort = '', agencyPort = '', path = '', fetched = ''] = process.argv.slice(2)
countBuffersAsHeap()

serveTasks(async ({ name, value }) => (name === 'there' ? sendFile() : fetchFile(value)))

async function reach() {
  await cryptoReady
  const reporters = serviceAt(`http://127.0.0.1:${reporterPort}`, { fetch: fetchWithPatience() })
  const trust = await fetchTrust(reporters, { now: Date.now() })
  const key = parseKeyFile(await readFile(join(folder, 'demo', `${AGENCY}-intake.key.json`), 'utf8'))
  if (key.kind !== 'device') throw new Error('no device')
  const device = deviceOf(serviceAt(`http://127.0.0.1:${agencyPort}`), trust, key)
  return { trust, reporters, device }
}

/** Sealed, sent, and then named by a report. */
async function sendFile(): Promise<number> {
  const { trust, reporters } = await reach()
  const file = await fileOnDisk(path)
  let files: Awaited<ReturnType<typeof uploadFiles>> | null = null
  const speed = await speedOf(async () => {
    files = await uploadFiles(uploaderOf(reporters, trust), [file], [], fileTools)
  })
  const content = { version: 1, language: 'en', what: 'a file' } as const
  await submitReport(reporters, trust, await prepareReport(trust, { content, agencies: [AGENCY], files }))
  return speed
}

/** Opened, checked, written to the disk: the file of the last of so many reports. */
async function fetchFile(count: number): Promise<number> {
  const { device } = await reach()
  let cases: readonly { readonly case: string }[] = []
  while (cases.length < count) cases = (await readCases(device, { wait: 5 }))?.cases ?? []
  const id = cases.at(-1)?.case ?? ''
  const { report } = await openCase(device, await readCase(device, id))
  const { files } = report
  if (!files) throw new Error('no files')
  const write = async () => {
    const handle = await open(fetched, 'w')
    await writeBehind(handle, readSealed(caseFiles(device, id, 0), files, 0, fileTools))
    await handle.close()
  }
  return speedOf(write, fetched)
}
