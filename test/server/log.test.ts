// What becomes of an error in the log: its name, its code and where it arose.
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { describeError } from '../../src/server/http/log.ts'
import { startJobs } from '../../src/server/jobs.ts'
import { until } from '../support/stored.ts'

test('an error is named without its message, however the message is laid out', () => {
  const error = new Error('duplicate key\n    at canary (secret.ts:1:1)\nDetail: canary')
  const described = JSON.stringify(describeError(error))
  expect(described).not.toContain('canary')
  expect(describeError(error).frames?.[0]).toMatch(/^at /)
})

test('the code is that of the cause, whose message is left out too', () => {
  const cause = Object.assign(new TypeError('canary'), { code: '23505' })
  const described = describeError(new Error('canary', { cause }))
  expect(described).toMatchObject({ name: 'TypeError', code: '23505' })
  expect(JSON.stringify(described)).not.toContain('canary')
})

test('what was thrown and is no error is named by its type', () => {
  expect(describeError('canary')).toEqual({ name: 'string' })
  expect(describeError(null)).toEqual({ name: 'object' })
})

test('a job that fails is named with its code and where it arose, and runs again', async () => {
  const [lines, failed]: [string[], string[]] = [[], []]
  const log = pino({ level: 'debug' }, { write: line => lines.push(line) })
  const run = async () => {
    throw Object.assign(new Error('canary'), { code: '23514', detail: 'Failing row contains (canary)' })
  }
  const jobs = startJobs([{ name: 'feed', everyMs: 1, run }], log, job => failed.push(job))
  await until(async () => failed.length > 2)
  await jobs.stop()
  expect(new Set(failed)).toEqual(new Set(['feed']))
  expect(lines).toHaveLength(failed.length)
  expect(lines.join('')).not.toContain('canary')
  const { level: _level, time: _time, pid: _pid, hostname: _hostname, ...line } = JSON.parse(lines[0] ?? '')
  expect(line).toEqual({
    msg: 'job failed',
    job: 'feed',
    err: { name: 'Error', code: '23514', frames: expect.any(Array) },
  })
})
