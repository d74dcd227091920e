// A service in a process of its own, to be killed, stopped or looked into. Says where it listens, then logs.
import { readConfig } from '../../src/server/config.ts'
import { startServer } from '../../src/server/main.ts'

const stop = Promise.withResolvers<void>()
process.once('SIGTERM', () => stop.resolve())
// Whoever started it is gone, however that happened.
process.stdin.once('end', () => stop.resolve()).resume()

const server = await startServer(readConfig())
const { reporterUrl, agencyUrl, demonstrationFolder } = server
process.stdout.write(`${JSON.stringify({ running: { reporterUrl, agencyUrl, demonstrationFolder } })}\n`)
await stop.promise
await server.stop()
process.stdin.destroy()
