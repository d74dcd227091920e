import { spawn } from 'node:child_process'
import { chmod, chown, readFile, stat } from 'node:fs/promises'

interface Identity {
  uid: number
  gid: number
}

/** As whom PostgreSQL runs: it refuses root, and its initdb refuses a uid without an account. */
export interface PostgresUser {
  /** Whose files the cluster's must be, as seen from this process. */
  owner: Identity
  command(program: string, args: string[]): Command
}

interface Command {
  file: string
  args: string[]
  options: { cwd: string; env: NodeJS.ProcessEnv; uid?: number; gid?: number }
}

export const findPostgresUser = async (dataFolder: string, postgres: string): Promise<PostgresUser> => {
  const self = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
  const accounts = await readAccounts()
  // Only Linux lists its accounts in this file for sure.
  const hasAccount = process.platform !== 'linux' || accounts.some(({ uid }) => uid === self.uid)
  const direct = asSelf(self)
  if (self.uid !== 0 && hasAccount) return direct

  const stranger = accounts[0]
  if (stranger) {
    const mapped = asMapped(self, stranger)
    if (await canRun(mapped, dataFolder, postgres)) return mapped
  }
  if (self.uid !== 0) return direct

  const other = await findOther(dataFolder, postgres, accounts)
  if (other) return other
  throw new Error(
    `PostgreSQL does not run as root, and no other user reaches both ${dataFolder} and ${postgres}: ` +
      'start the service as an ordinary user, or set DATABASE_URL',
  )
}

const MOST_CANDIDATES = 5

const findOther = async (
  dataFolder: string,
  postgres: string,
  accounts: Identity[],
): Promise<PostgresUser | undefined> => {
  const folder = await stat(dataFolder)
  const candidates = [folder, await stat(postgres), ...accounts].filter(({ uid }) => uid > 0)
  for (const { uid, gid } of candidates.slice(0, MOST_CANDIDATES)) {
    const other = asOther({ uid, gid })
    if (await canRun(other, dataFolder, postgres)) return other
  }
  const [account] = accounts
  if (!account || folder.uid !== 0) return undefined
  // Root's own 0700 folder, as in a container: let the account's group pass through, and nothing more.
  await chown(dataFolder, folder.uid, account.gid)
  await chmod(dataFolder, (folder.mode & 0o700) | 0o010)
  const other = asOther(account)
  if (await canRun(other, dataFolder, postgres)) return other
  await chmod(dataFolder, folder.mode & 0o7777)
  await chown(dataFolder, folder.uid, folder.gid)
  return undefined
}

const MIB = 1024 * 1024
// Written out, so that no secret from this process's own environment reaches PostgreSQL.
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/run/current-system/sw/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
  // A process that copies rows takes memory and gives it back a thousand times for each part: it keeps some.
  MALLOC_TRIM_THRESHOLD_: String(4 * MIB),
  MALLOC_TOP_PAD_: String(MIB),
  MALLOC_MMAP_THRESHOLD_: String(4 * MIB),
}

const asSelf = (self: Identity): PostgresUser => ({
  owner: self,
  command: (file, args) => ({ file, args, options: { cwd: '/', env: ENVIRONMENT } }),
})

/** Outside the namespace the process keeps the real uid, so a data folder below /root stays within reach. */
const asMapped = (self: Identity, inside: Identity): PostgresUser => ({
  owner: self,
  command: (program, args) => ({
    file: 'unshare',
    args: ['--user', `--map-user=${inside.uid}`, `--map-group=${inside.gid}`, '--', program, ...args],
    options: { cwd: '/', env: ENVIRONMENT },
  }),
})

const asOther = ({ uid, gid }: Identity): PostgresUser => ({
  owner: { uid, gid },
  command: (file, args) => ({ file, args, options: { cwd: '/', env: ENVIRONMENT, uid, gid } }),
})

const canRun = (user: PostgresUser, dataFolder: string, postgres: string): Promise<boolean> => {
  const script = 'cd "$1" && exec "$2" --version'
  const { file, args, options } = user.command('/bin/sh', ['-c', script, 'sh', dataFolder, postgres])
  return new Promise(resolve => {
    const child = spawn(file, args, { ...options, stdio: 'ignore' })
    child.on('error', () => resolve(false))
    child.on('exit', code => resolve(code === 0))
  })
}

interface Account extends Identity {
  name: string
}

const FAVOURITES = ['postgres', 'nobody']

const readAccounts = async (): Promise<Account[]> => {
  const lines = (await readFile('/etc/passwd', 'utf8').catch(() => '')).split('\n')
  return lines
    .map(line => line.split(':'))
    .map(([name = '', , uid, gid]) => ({ name, uid: Number(uid), gid: Number(gid) }))
    .filter(({ name, uid }) => name !== '' && uid > 0)
    .sort((a, b) => rank(a) - rank(b))
}

const rank = ({ name }: Account): number => (FAVOURITES.includes(name) ? FAVOURITES.indexOf(name) : 99)
