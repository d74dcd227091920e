import { fastify } from 'fastify'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from '../../src/server/config.ts'
import { createMetrics, HELD_MS } from '../../src/server/http/metrics.ts'
import { startServer } from '../../src/server/main.ts'
import { createWorld } from '../support/world.ts'

test('the operator’s counters date no reporter’s request, and name nobody', async () => {
  const world = await createWorld()
  const config = readConfig({
    DATABASE_URL: world.databaseUrl,
    BONGSU_DEPLOYMENT: Buffer.from(world.deploymentId).toString('base64url'),
    BONGSU_SERVER_KEY_FILE: `${world.folder}/server.key`,
    BONGSU_REPORTER_LISTEN: '127.0.0.1:0',
    BONGSU_AGENCY_LISTEN: '127.0.0.1:0',
    BONGSU_ONION_LISTEN: '127.0.0.1:0',
    BONGSU_METRICS_LISTEN: '127.0.0.1:0',
  })
  const server = await startServer(config, { log: pino({ level: 'silent' }) })
  try {
    for (const url of [server.reporterUrl, server.onionUrl, server.agencyUrl])
      await fetch(`${url}/v1/challenges`, { method: 'POST' })
    const answer = await fetch(`${server.metricsUrl}/metrics`)
    const text = await answer.text()
    expect(text).toContain('bongsu_database_up 1')
    expect(text).toContain('bongsu_answers_total{listener="agency",route="/v1/challenges",status="200"} 1')
    expect(text).not.toContain('listener="reporter"')
    expect(text).not.toContain('127.0.0.1')
    expect((await fetch(`${server.metricsUrl}/`)).status).toBe(404)
    for (const url of [server.reporterUrl, server.agencyUrl])
      expect((await fetch(`${url}/metrics`)).status).toBe(404)
  } finally {
    await server.stop()
    await world.stop()
  }
})

test('what is held back is shown when its hour is over, and counted once', async () => {
  const metrics = createMetrics(async () => true)
  const app = fastify()
  metrics.count(app, 'reporter')
  app.get('/v1/report', async () => '')
  const shown = async () => /answers_total\{.*\} (\d+)/.exec(await metrics.text())?.[1]
  const ask = () => app.inject('/v1/report')
  await ask()
  await ask()
  expect(await shown()).toBeUndefined()
  await metrics.release()
  expect(await shown()).toBe('2')
  await ask()
  expect(await shown()).toBe('2')
  await metrics.release()
  expect(await shown()).toBe('3')
  expect(HELD_MS).toBe(3_600_000)
  await app.close()
})
