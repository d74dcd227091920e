// How a report stands, as far as it can be proven to the one who holds its code.
import { getReport } from '../contract/report.ts'
import type { ReplyOf } from '../contract/route.ts'
import { addDays } from '../protocol/day.ts'
import { findAgency, type Names } from '../protocol/directory.ts'
import { equalBytes, fromBase64url } from '../protocol/encoding.ts'
import { isOffer } from '../protocol/event.ts'
import type { Receipt } from '../protocol/receipt.ts'
import { recipientsTag } from '../protocol/report.ts'
import { type CheckedChain, checkChain } from './chain.ts'
import { isContradicted } from './claims.ts'
import { VerificationFailed } from './failure.ts'
import { call } from './http.ts'
import { checkReceipt, leafOf } from './proof.ts'
import type { Reporter } from './reporter.ts'

export interface AgencyStatus extends CheckedChain {
  readonly id: string
  /** Null where the directory does not know the agency any more. */
  readonly names: Names | null
  readonly state: 'assigned' | 'withdrawn' | 'left'
  /** The agency that offered it the case, provably; null where the reporter chose it. */
  readonly offeredBy: string | null
  readonly withdrawalWished: boolean
  /**
   * What is proven: `acknowledged` and `unopenable` by a device of the agency. `forged`: somebody claims so
   * and cannot prove it.
   */
  readonly answer: 'waiting' | 'acknowledged' | 'unopenable' | 'forged'
  /** Not opened within the directory's days for that; of those that the reporter chose. */
  readonly overdue: boolean
  /** The service says that it has the case, or has left it, and the signed chains say otherwise. */
  readonly contradicted: boolean
}

export interface FollowUpStatus {
  readonly index: number
  readonly digest: Uint8Array
  readonly day: string
}

export interface ReportStatus {
  readonly state: 'received' | 'withdrawn'
  readonly day: string
  readonly digest: Uint8Array
  readonly receipt: Receipt
  /** The signed note of the receipt. */
  readonly note: string
  readonly agencies: readonly AgencyStatus[]
  readonly followUps: readonly FollowUpStatus[]
}

/** Throws `VerificationFailed` where receipt or recipients are not what the holder of the code sent. */
export async function readStatus(reporter: Reporter, signal?: AbortSignal): Promise<ReportStatus> {
  const { reply } = await call(reporter.service, getReport, { signer: reporter.status, signal })
  return verifyStatus(reporter, reply)
}

async function verifyStatus(reporter: Reporter, reply: ReplyOf<typeof getReport>): Promise<ReportStatus> {
  const digest = fromBase64url(reply.digest)
  const leaf = await leafOf(reporter.keys, digest, fromBase64url(reply.wraps))
  const receipt = checkReceipt(reporter.trust, reply.receipt, leaf)
  const ids = reply.agencies.filter(({ chosen }) => chosen).map(entry => entry.agency)
  const tag = recipientsTag(reporter.keys.recipientsKey, digest, ids)
  if (!equalBytes(tag, fromBase64url(reply.recipientsTag))) throw new VerificationFailed('agencies')
  return {
    state: reply.state,
    day: reply.day,
    digest,
    receipt,
    note: reply.receipt,
    agencies: withClaims(
      provenHolders(reply.agencies.map(entry => agencyStatus(reporter, digest, receipt.day, entry))),
    ),
    followUps: reply.followUps.map(entry => ({ ...entry, digest: fromBase64url(entry.digest) })),
  }
}

/** Who was not chosen was offered the case, by what a device of a proven one signed; else somebody smuggled it in. */
function provenHolders(agencies: readonly (AgencyStatus & { readonly chosen: boolean })[]): AgencyStatus[] {
  const proven = agencies.filter(({ chosen }) => chosen).map(({ chosen: _, ...agency }) => agency)
  const offered = agencies.filter(({ chosen }) => !chosen).map(({ chosen: _, ...agency }) => agency)
  for (let found = true; found; ) {
    found = false
    for (const agency of offered) {
      const by = proven.some(({ id }) => id === agency.id)
        ? undefined
        : proven.find(other => offers(other, agency.id))
      if (!by) continue
      proven.push({ ...agency, offeredBy: by.id })
      found = true
    }
  }
  if (proven.length !== agencies.length) throw new VerificationFailed('agencies')
  return proven
}

const withClaims = (agencies: readonly AgencyStatus[]): AgencyStatus[] =>
  agencies.map(agency => ({ ...agency, contradicted: isContradicted(agencies, agency) }))

const offers = ({ chain, events }: CheckedChain, agencyId: string): boolean =>
  chain === 'sound' &&
  events.some(({ signed, content }) => signed !== null && isOffer(signed) && content?.subject === agencyId)

type AgencyEntry = ReplyOf<typeof getReport>['agencies'][number]

function agencyStatus(
  { trust, keys }: Reporter,
  digest: Uint8Array,
  day: string,
  entry: AgencyEntry,
): AgencyStatus & { readonly chosen: boolean } {
  const agency = findAgency(trust.directory, entry.agency)
  const { deploymentId } = trust
  const subject = { agency, deploymentId, digest, acknowledgementKey: keys.acknowledgementKey }
  const checked = checkChain(subject, entry.events, entry.head)
  const answer = answerOf(checked)
  const lastDay = addDays(day, trust.directory.timers.acknowledgeDays)
  return {
    ...checked,
    id: entry.agency,
    chosen: entry.chosen,
    offeredBy: null,
    names: agency?.names ?? null,
    state: entry.state,
    withdrawalWished: entry.withdrawalWished,
    answer,
    contradicted: false,
    overdue: entry.chosen && entry.state === 'assigned' && answer === 'waiting' && trust.today > lastDay,
  }
}

function answerOf({ chain, events }: CheckedChain): AgencyStatus['answer'] {
  const verdicts = events.map(event => event.verdict)
  if (verdicts.includes('forged') || chain === 'broken') return 'forged'
  if (verdicts.includes('acknowledged')) return 'acknowledged'
  return verdicts.includes('unopenable') ? 'unopenable' : 'waiting'
}
