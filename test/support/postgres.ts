import { randomUUID } from 'node:crypto'
import { inject } from 'vitest'
import { migrate, openSession, type Session } from '../../src/server/database.ts'

export interface TestDatabase {
  url: string
  drop(): Promise<void>
}

/** What each database starts from: prepared once in a test run, then copied. */
export interface Template {
  name: string
  prepare(url: string): Promise<void>
}

export const empty: Template = { name: 'empty', prepare: async () => {} }
export const migrated: Template = { name: 'migrated', prepare: url => migrate(url) }

/** A database of its own, on the PostgreSQL that all test files of this run share. */
export const createDatabase = async (template: Template = migrated): Promise<TestDatabase> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await withServer(async server => {
    await prepareTemplate(server, template)
    await server.query(`create database ${name} template template_${template.name}`)
  })
  return {
    url: urlOf(name),
    drop: () =>
      withServer(async server => {
        await server.query(`drop database if exists ${name} with (force)`)
      }),
  }
}

const urlOf = (database: string): string => {
  const url = new URL(inject('postgresUrl'))
  url.pathname = `/${database}`
  return url.href
}

const withServer = async <T>(use: (server: Session) => Promise<T>): Promise<T> => {
  const server = await openSession(inject('postgresUrl'))
  try {
    return await use(server)
  } finally {
    await server.close()
  }
}

/** Test files run in several processes, and each may be the first to need the template. */
const prepareTemplate = async (server: Session, { name, prepare }: Template): Promise<void> => {
  await server.query('select pg_advisory_lock(1651469927, 3)')
  const found = await server.query('select 1 from pg_database where datname = $1', [`template_${name}`])
  if (found.length === 0) {
    const draft = `draft_${name}`
    await server.query(`drop database if exists ${draft} with (force)`)
    await server.query(`create database ${draft}`)
    await prepare(urlOf(draft))
    await server.query(`alter database ${draft} rename to template_${name}`)
  }
  await server.query('select pg_advisory_unlock(1651469927, 3)')
}
