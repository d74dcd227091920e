// Nonces of mutations are used up in the mutation's own transaction.
import { Problem } from '../../contract/problems.ts'
import type { Challenge } from '../../protocol/challenge.ts'
import type { Queries } from '../database.ts'

const HOUR = 3600

/** The row's hour: when a nonce of this expiry can be forgotten. */
export const forgetAfter = (challenge: Challenge): number => Math.floor(challenge.expiry / HOUR) + 1

const SPEND = {
  name: 'spend-nonce',
  text: 'insert into spent_nonces (nonce, hour) values ($1, $2) on conflict do nothing returning 1 as spent',
}

/** Throws `challenge-invalid` where the nonce was used before; call inside the mutation's transaction. */
export async function spendNonce(queries: Queries, challenge: Challenge): Promise<void> {
  const rows = await queries.query(SPEND, [challenge.random, forgetAfter(challenge)])
  if (rows.length === 0) throw new Problem('challenge-invalid')
}

const BATCH = 10_000
const FORGET = {
  name: 'forget-nonces',
  text: `with gone as (
    delete from spent_nonces where nonce = any (array(select nonce from spent_nonces where hour < $1 limit ${BATCH}))
    returning 1
  )
  select count(*)::int as count from gone`,
}

/** Forgets nonces that have long expired, in parts that each stay well within a statement's time. */
export async function forgetSpentNonces(queries: Queries, now: number): Promise<void> {
  const hour = Math.floor(now / 1000 / HOUR)
  for (let count = BATCH; count === BATCH; ) {
    const [row] = await queries.query<{ count: number }>(FORGET, [hour])
    count = row?.count ?? 0
  }
}
