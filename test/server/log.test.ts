// What becomes of an error in the log: its name, its code and where it arose.
import { expect, test } from 'vitest'
import { describeError } from '../../src/server/http/log.ts'

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
