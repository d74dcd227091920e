// The yardstick for files: an HTTP server that writes what it is sent to a file, and sends it back. Nothing else.
import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { serveTasks } from './tasks.ts'

const [folder = ''] = process.argv.slice(2)
const file = join(folder, 'plain')

const server = createServer(async (request, response) => {
  if (request.method === 'GET') return pipeline(createReadStream(file), response)
  await pipeline(request, createWriteStream(file))
  // Said to be there when it is there, as the service says it of each part.
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
  response.end()
})

serveTasks(async () => {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
})
