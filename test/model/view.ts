// All that one agency can get out of the service, byte by byte.

import { nextNonce } from '../support/caller.ts'
import { list, notesOf, open, record, team } from '../support/device.ts'
import type { Answer } from '../support/http.ts'
import type { AgencyId } from '../support/world.ts'
import type { ModelDevice } from './model.ts'
import { type Real, rawDevice } from './real.ts'

export interface Shown {
  readonly status: number
  readonly fields: Readonly<Record<string, string>>
  readonly text: string
}

export interface View {
  /** Ids of cases, in the order of the feed. */
  readonly cases: readonly string[]
  readonly answers: Readonly<Record<string, Shown>>
}

/** The day, the next nonce and the feed's mark, which is a beat behind in the memory of each server, apart. */
function shown({ status, headers, body }: Answer): Shown {
  const { date: _date, 'bongsu-challenge': challenge = '', etag = '', ...fields } = headers
  const lengths = { challenge: String(challenge.length), etag: etag.replace(/\d+/, '0') }
  return { status, fields: { ...fields, ...lengths }, text: body.toString('utf8') }
}

export const intakeOf = ({ model }: Real, agency: AgencyId): ModelDevice => {
  const found = model.devices.find(
    device => device.agency === agency && device.intake && device.ability === 'reader',
  )
  if (!found) throw new Error(`no intake device of ${agency}`)
  return found
}

/** By the agency's intake device, which sees the most. */
export async function viewOf(real: Real, agency: AgencyId): Promise<View> {
  const device = intakeOf(real, agency)
  const raw = rawDevice(real, device)
  const kept = () => {
    const nonce = real.nonces.get(device)
    return nonce ? { nonce } : {}
  }
  const ask = async (request: (more: { nonce?: string }) => Promise<Answer>) => {
    const answer = await request(kept())
    const nonce = nextNonce(answer)
    if (nonce) real.nonces.set(device, nonce)
    return answer
  }
  const answers: Record<string, Shown> = {}
  const listed = await ask(more => list(raw, `?after=${real.cursors.get(agency) ?? 0}`, more))
  answers.list = shown(listed)
  const cases = casesIn(listed)
  for (const id of cases) answers[`case ${id}`] = shown(await ask(more => open(raw, id, more)))
  answers.guessed = shown(await ask(more => open(raw, real.guessed, more)))
  answers['event at a guess'] = shown(await record(raw, real.guessed, NO_EVENT))
  answers.team = shown(await ask(more => team(raw, agency, more)))
  answers.notes = shown(await ask(more => notesOf(raw, more)))
  return { cases, answers }
}

const NO_EVENT = { core: '', tag: '', signature: 'A'.repeat(86), certificate: '', deviceKeys: [] }

function casesIn({ body }: Answer): string[] {
  const { cases = [] }: { cases?: { case: string }[] } = JSON.parse(body.toString())
  return cases.map(entry => entry.case)
}

/** With a revoked intake device there is nothing to be seen. */
export const isBlind = (view: View): boolean => view.answers.list?.status !== 200

/** Keys, hashes, ciphertexts and ids are chance: in another world only their lengths are the same. */
export const withoutChance = (text: string): string =>
  text.replace(/"((?:\\.|[^"\\])*)"/g, (whole, value: string) =>
    value.length >= 16 && !/^[a-z-]+$/.test(value) ? `"…${value.length}"` : whole,
  )
