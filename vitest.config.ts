import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/global-setup.ts'],
    // The soak's full counts take minutes; nothing is timed, this only ends what hangs.
    testTimeout: process.env.BONGSU_SOAK === '1' ? 3_600_000 : 60_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 20_000 } },
    pool: 'forks',
    // Much of a test is waiting: for proof of work, for a browser, for a service that was killed.
    maxWorkers: 4,
  },
})
