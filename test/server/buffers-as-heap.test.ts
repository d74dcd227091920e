// The flag is set where it is known to be one: V8 complains of others on the error stream, and goes on.
import { setFlagsFromString } from 'node:v8'
import { beforeEach, expect, test, vi } from 'vitest'
import { countBuffersAsHeap } from '../../src/server/memory.ts'

vi.mock('node:v8', () => ({ setFlagsFromString: vi.fn() }))
const set = vi.mocked(setFlagsFromString)
beforeEach(() => {
  set.mockClear()
})

test('on the Node that is installed here', () => {
  countBuffersAsHeap()
  expect(set).toHaveBeenCalledExactlyOnceWith('--external-memory-accounted-in-global-limit')
})

test.each(['11.3.244.8-node.38', '14.1.146.11-node.20', '130.1'])('not on V8 %s', version => {
  countBuffersAsHeap(version)
  expect(set).not.toHaveBeenCalled()
})
