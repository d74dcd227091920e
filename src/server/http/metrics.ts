// Counts for the operator, on a listener of their own: by listener, route pattern and status. No durations, no
// sizes, nothing of a single request.
import { createServer, type Server } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { Counter, Gauge, Registry } from 'prom-client'
import type { Listener } from '../../contract/route.ts'
import type { ListenAddress } from '../config.ts'

/** For so long what is answered to reporters is held back. */
export const HELD_MS = 3_600_000

export interface Metrics {
  /** Counts what this app answers; answers to reporters show at the next `release`. */
  count(app: FastifyInstance, listener: Listener): void
  /** Shows what was held back: a counter that is read often would date each reporter's request. */
  release(): Promise<void>
  jobFailed(job: string): void
  text(): Promise<string>
}

interface Labels {
  readonly listener: Listener
  readonly route: string
  readonly status: number
}

export function createMetrics(isDatabaseUp: () => Promise<boolean>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const answers = new Counter({
    name: 'bongsu_answers_total',
    help: 'Answers by listener, route and status',
    labelNames: ['listener', 'route', 'status'],
    registers,
  })
  const failures = new Counter({
    name: 'bongsu_job_failures_total',
    help: 'Failed runs of a job',
    labelNames: ['job'],
    registers,
  })
  const resident = () => process.memoryUsage.rss()
  new Gauge({ name: 'bongsu_resident_bytes', help: 'Resident memory', registers, collect: setTo(resident) })
  const up = async () => Number(await isDatabaseUp())
  new Gauge({ name: 'bongsu_database_up', help: '1 where PostgreSQL answers', registers, collect: setTo(up) })
  const held = new Map<string, { readonly labels: Labels; count: number }>()
  return {
    count(app, listener) {
      app.addHook('onResponse', async (request, reply) => {
        const labels = { listener, route: request.routeOptions.url ?? 'none', status: reply.statusCode }
        if (listener !== 'reporter') return answers.inc({ ...labels })
        const key = `${labels.route} ${labels.status}`
        held.set(key, { labels, count: (held.get(key)?.count ?? 0) + 1 })
      })
    },
    async release() {
      for (const { labels, count } of held.values()) answers.inc({ ...labels }, count)
      held.clear()
    },
    jobFailed: job => failures.inc({ job }),
    text: () => registry.metrics(),
  }
}

function setTo(read: () => number | Promise<number>) {
  return async function collect(this: Gauge): Promise<void> {
    this.set(await read())
  }
}

/** Serves `/metrics` and nothing else; bind it to an address that only the operator reaches. */
export async function serveMetrics(metrics: Metrics, { host, port }: ListenAddress): Promise<Server> {
  const server = createServer(async (request, response) => {
    if (request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    const text = await metrics.text().catch(() => null)
    response
      .writeHead(text === null ? 500 : 200, { 'content-type': 'text/plain; version=0.0.4' })
      .end(text ?? '')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return server
}
