// A plain HTTP client that has nothing of ours.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

export interface Fetched {
  readonly status: number
  /** Names in lower case; without those that tell the time. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
}

/** `socks`: HOST:PORT of a proxy that looks names up. */
export async function curl(url: string, socks: string | null, ...more: readonly string[]): Promise<Fetched> {
  const through = socks ? ['--socks5-hostname', socks] : []
  const args = ['--silent', '--show-error', '--include', '--max-time', '60', ...through, ...more, url]
  const { stdout } = await promisify(execFile)('curl', args, {
    encoding: 'buffer',
    maxBuffer: 16 * 1024 * 1024,
  })
  const end = stdout.indexOf('\r\n\r\n')
  const [first = '', ...lines] = stdout.subarray(0, end).toString().split('\r\n')
  const fields = lines.map(line => [
    line.slice(0, line.indexOf(':')).toLowerCase(),
    line.slice(line.indexOf(':') + 1).trim(),
  ])
  const { date, ...headers } = Object.fromEntries(fields) as Record<string, string>
  return { status: Number(first.split(' ')[1]), headers, body: stdout.subarray(end + 4) }
}
