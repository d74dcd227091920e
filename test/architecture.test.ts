// The dependency rule, as one table. docs/architecture.md says why.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../src')

/** From a folder (the longest that fits) to the folders and files of ours that it may import beside its own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  protocol: [],
  contract: ['protocol'],
  client: ['protocol', 'contract'],
  cli: [
    'protocol',
    'contract',
    'client',
    'server/main.ts',
    'server/config.ts',
    'server/folders.ts',
    'server/memory.ts',
    'server/server-keys.ts',
    'server/embedded-postgres-backup.ts',
  ],
  'web/page': [],
  'web/report': ['protocol', 'contract', 'client', 'web/page'],
  'web/console': ['protocol', 'contract', 'client', 'web/page'],
  'server/http': [
    'protocol',
    'contract',
    'server/database.ts',
    'server/columns.ts',
    'server/config.ts',
    'server/memory.ts',
  ],
  'server/directory': [
    'protocol',
    'contract',
    'server/http',
    'server/database.ts',
    'server/batches.ts',
    'server/columns.ts',
  ],
  'server/mailbox': [
    'protocol',
    'contract',
    'server/http',
    'server/database.ts',
    'server/batches.ts',
    'server/columns.ts',
  ],
  'server/files': ['protocol', 'contract', 'server/http', 'server/database.ts', 'server/columns.ts'],
  'server/intake': [
    'protocol',
    'contract',
    'server/http',
    'server/database.ts',
    'server/batches.ts',
    'server/columns.ts',
    'server/memory.ts',
    'server/directory/service.ts',
    'server/files/service.ts',
  ],
  'server/casework': [
    'protocol',
    'contract',
    'server/http',
    'server/database.ts',
    'server/columns.ts',
    'server/directory/service.ts',
    'server/intake/service.ts',
    'server/files/service.ts',
  ],
  'server/web': ['contract', 'server/http'],
  'server/demonstration': [
    'protocol',
    'contract',
    'server/directory/service.ts',
    'server/directory/publish.ts',
    'server/folders.ts',
  ],
  server: ['protocol', 'contract'],
}

/** Packages and globals that one file alone may touch. */
const DOORS: readonly (readonly [what: RegExp, files: readonly string[]])[] = [
  [/from 'libsodium-wrappers'/, ['protocol/crypto.ts', 'protocol/secretstream.ts']],
  [/from 'hpke'/, ['protocol/hpke.ts']],
  [/from 'pg'/, ['server/database.ts', 'server/database-bytes.ts']],
  [/process\.env/, ['server/config.ts', 'cli/config.ts']],
  [/\bconsole\./, ['cli/output.ts']],
  [/'@aws-sdk\//, ['server/files/s3-client.ts', 'server/files/s3-requests.ts']],
  [/'age-encryption'/, ['client/sealed-key-file.ts']],
  [/from '@noble\//, ['web/page/file-hasher.ts', 'protocol/plain-hashes.ts']],
]

/** Folders that must run anywhere: no Node, no zod in the protocol, no clock and no chance of their own. */
const PURE: readonly (readonly [folder: string, forbidden: RegExp])[] = [
  ['protocol', /from '(node:|zod|fastify|pg)|Date\.now\(|Math\.random\(|new Date\(\)/],
  ['contract', /from '(node:|fastify|pg)|Date\.now\(|Math\.random\(/],
  ['client', /from '(node:|fastify|pg)|Math\.random\(|AbortSignal\.any\(/],
  ['web', /from '(node:|fastify|pg)|Math\.random\(|AbortSignal\.any\(/],
]

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(name => /\.tsx?$/.test(name))
const textOf = (file: string) => readFileSync(join(SRC, file), 'utf8')
const isIn = (file: string, place: string) => file === place || file.startsWith(`${place}/`)

function importsOf(file: string): string[] {
  const specifiers = textOf(file).matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)
  return [...specifiers].map(([, path = '']) => relative(SRC, join(SRC, dirname(file), path)))
}

function ruleFor(file: string): readonly [folder: string, allowed: readonly string[]] {
  const folders = Object.keys(MAY_IMPORT).filter(folder => isIn(file, folder))
  const folder = folders.sort((a, b) => b.length - a.length)[0] ?? ''
  return [folder, MAY_IMPORT[folder] ?? []]
}

test('each folder imports only what the table allows', () => {
  const wrong = files.flatMap(file => {
    const [folder, allowed] = ruleFor(file)
    return importsOf(file)
      .filter(target => !isIn(target, folder) && !allowed.some(place => isIn(target, place)))
      .map(target => `${file} → ${target}`)
  })
  expect(wrong).toEqual([])
})

test('a table of another feature is imported by tables only', () => {
  const wrong = files
    .filter(file => !file.endsWith('/tables.ts'))
    .flatMap(file =>
      importsOf(file)
        .filter(target => target.endsWith('/tables.ts') && dirname(target) !== dirname(file))
        .map(target => `${file} → ${target}`),
    )
  expect(wrong).toEqual([])
})

test('each door has one keeper', () => {
  const wrong = DOORS.flatMap(([what, keepers]) =>
    files
      .filter(file => what.test(textOf(file)) && !keepers.includes(file))
      .map(file => `${file}: ${what.source}`),
  )
  expect(wrong).toEqual([])
})

test('protocol, contract, client and web run anywhere', () => {
  const wrong = PURE.flatMap(([folder, forbidden]) =>
    files.filter(file => isIn(file, folder) && forbidden.test(textOf(file))),
  )
  expect(wrong).toEqual([])
})

test('no file is longer than 300 lines', () => {
  expect(files.filter(file => textOf(file).split('\n').length > 301)).toEqual([])
})

test('no folder has a name that says nothing', () => {
  const empty = /(^|\/)(utils?|common|shared|types|lib|core|helpers?|v2)(\/|\.ts$)/
  expect(files.filter(file => empty.test(file))).toEqual([])
})

test('nothing switches the type checker off', () => {
  const wrong = files.filter(file => /@ts-(ignore|expect-error|nocheck)|: any\b|as any\b/.test(textOf(file)))
  expect(wrong).toEqual([])
})

/** What is bundled into the engines, and loaded behind the first page. */
const ENGINES = [
  'web/page/without-eval.ts',
  'web/page/file-hasher.ts',
  'web/report/engine.ts',
  ...[
    'engine',
    'session',
    'inbox',
    'case-room',
    'case-work',
    'case-acting',
    'case-content',
    'outbox',
    'room-files',
    'room-writing',
    'letter-files',
    'file-trouble',
    'fingerprint',
    'pdf-worker',
    'history',
    'history-answers',
    'devices',
    'technical',
    'trouble',
    'observed',
  ].map(name => `web/console/${name}.ts`),
]

test('a first page takes nothing of the SDK but types, and nothing but types of what its engine is made of', () => {
  const valueImport = /^(?:import|export) (?:\{[^}]*\}|\*[^']*|\w+) from '([^']+)'/gm
  const page = files.filter(file => isIn(file, 'web') && !ENGINES.includes(file))
  const wrong = page.flatMap(file =>
    [...textOf(file).matchAll(valueImport)]
      .map(([, from = '']) => (from.startsWith('.') ? relative(SRC, join(SRC, dirname(file), from)) : from))
      .filter(target => /^(?:client|contract)\/|^zod/.test(target) || ENGINES.includes(target))
      .map(target => `${file} → ${target}`),
  )
  expect(wrong).toEqual([])
})
