// Doing something to a case: as people do, through the SDK, or by hand, as whoever wrote a client of their own.
import { randomBytes as chance } from 'node:crypto'
import { act, type Device, openCase, readCase } from '../../src/client/index.ts'
import { currentEpoch } from '../../src/protocol/agency-documents.ts'
import {
  type ContentKey,
  deriveSealingPair,
  keyId,
  randomBytes,
  type SealingSeed,
} from '../../src/protocol/crypto.ts'
import { fromBase64url, toBase64url } from '../../src/protocol/encoding.ts'
import { chainStart, type OfferedKey, offeredKeysHash, particularsHash } from '../../src/protocol/event.ts'
import { sealParticulars, toldKey } from '../../src/protocol/particulars.ts'
import { wrapContentKey } from '../../src/protocol/wrapped-key.ts'
import { refusalOf } from '../journeys/people.ts'
import { eventBody, open, record } from '../support/device.ts'
import { type Answer, problemIn } from '../support/http.ts'
import type { AgencyId } from '../support/world.ts'
import { AGENCIES, isHere, type ModelDevice, type ModelReport, opens } from './model.ts'
import { deviceIn, keyOf, type Real, rawDevice, realOf } from './real.ts'
import { allows, codeOf, type ModelAction, namesAgency } from './transitions.ts'
import { intakeOf } from './view.ts'

export interface Doing {
  readonly report: ModelReport
  readonly device: ModelDevice
  readonly action: ModelAction
  readonly target: AgencyId
}

/** Whatever anybody could try. */
export function everything(real: Real, action: ModelAction): Doing[] {
  const { reports, devices } = real.model
  return reports.flatMap(report =>
    devices.flatMap(device => AGENCIES.map(target => ({ report, device, action, target }))),
  )
}

const isOffer = (action: ModelAction) => action === 'hand-over-proposed' || action === 'agency-invited'

const idsOfSeeds = new Map<SealingSeed, string>()

function idOfSeed(seed: SealingSeed): string {
  const id = idsOfSeeds.get(seed) ?? toBase64url(keyId(deriveSealingPair(seed).publicKey))
  idsOfSeeds.set(seed, id)
  return id
}

/** Whether the device still has the seed that the agency's key of a message was wrapped for. */
export function canUnwrap(real: Real, report: ModelReport, device: ModelDevice): (index: number) => boolean {
  const id = realOf(real, report).cases.get(device.agency)
  const keyIds = (id && real.keyIds.get(id)) || []
  const held = keyOf(real, device).epochs.map(({ seed }) => idOfSeed(seed))
  return index => held.includes(keyIds[index] ?? '')
}

export const opened = (real: Real, report: ModelReport, device: ModelDevice): number[] =>
  opens(report, device, canUnwrap(real, report, device))

/** What becomes of it through the SDK, as the model has it. */
export function expected(real: Real, { report, device, action, target }: Doing): string {
  const member = report.members.get(device.agency)
  if (device.revoked) return 'device-refused'
  if (!isHere(member)) return 'no-key'
  const own = opened(real, report, device)
  if (!own.includes(0)) return device.intake && canUnwrap(real, report, device)(0) ? 'unopenable' : 'no-key'
  if (!allows(report, device, action, null)) return 'refused'
  const isBarred = report.excluded.includes(target) || own.length < report.messages
  if (isOffer(action) && isBarred) return 'InvalidInput'
  return allows(report, device, action, target) ? 'done' : 'refused'
}

/** The device's own program says no, or else the service. */
const REFUSED = ['NotAllowed', 'action-refused']

/** Through the SDK. */
export async function doIt(real: Real, { report, device, action, target }: Doing): Promise<string> {
  const id = realOf(real, report).cases.get(device.agency) ?? ''
  const code = codeOf(action)
  const wanted = {
    action,
    ...(namesAgency(action) ? { subject: target } : {}),
    ...(code === undefined ? { text: '왜냐하면' } : { code }),
  }
  return outcomeOf(async () => {
    const sdk = deviceIn(real, device)
    await act(sdk, await openedBy(sdk, id), wanted, { now: real.world.now() })
    return 'done'
  })
}

/** What was said, or what it was refused with. */
export async function outcomeOf(doing: () => Promise<string>): Promise<string> {
  try {
    return await doing()
  } catch (error) {
    const refusal = await refusalOf(Promise.reject(error))
    return REFUSED.includes(refusal) ? 'refused' : refusal
  }
}

const openedBy = async (device: Device, id: string) => openCase(device, await readCase(device, id))

export interface ChainPlace {
  readonly head: Uint8Array
  readonly index: number
}

/** Where a case’s chain stands: also for who has left. */
export async function chainAt(real: Real, report: ModelReport, agency: AgencyId): Promise<ChainPlace> {
  const { digest, cases } = realOf(real, report)
  const id = cases.get(agency)
  const answer = id === undefined ? null : await open(rawDevice(real, intakeOf(real, agency)), id)
  if (answer?.status !== 200) return { head: chainStart(digest, agency), index: 0 }
  const { head, events }: { head: string; events: unknown[] } = JSON.parse(answer.body.toString())
  return { head: fromBase64url(head), index: events.length }
}

export interface ByHand {
  /** Instead of the chain's end. */
  readonly at?: ChainPlace
  /** Instead of all keys, rightly wrapped. */
  readonly keys?: readonly OfferedKey[]
}

/** Null where nobody ever opened it, so that nobody could make the tag, or where nobody has all its keys. */
export async function bodyByHand(
  real: Real,
  { report, device, action, target }: Doing,
  { at, keys }: ByHand = {},
): Promise<object | null> {
  const { opened: known } = realOf(real, report)
  const raw = rawDevice(real, device)
  if (!known) return null
  const chain = at ?? (await chainAt(real, report, device.agency))
  const { acknowledgementKey: key } = known.report.replyKeys
  const place = {
    digest: known.digest,
    agencyId: device.agency,
    previous: chain.head,
    index: chain.index,
    kind: action,
  }
  const code = codeOf(action)
  const sealed = sealParticulars(
    toldKey(key),
    place,
    JSON.stringify(code ? { code } : { text: '글' }),
    randomBytes,
  )
  const offered = isOffer(action) ? (keys ?? (await keysByHand(real, report, target))) : null
  if (isOffer(action) && !offered) return null
  const wrong = {
    kind: action,
    subject: namesAgency(action) ? target : '',
    particularsHash: particularsHash(sealed),
    offerHash: offered ? offeredKeysHash(target, offered) : new Uint8Array(0),
  }
  const body = eventBody(real.world, raw, { digest: known.digest, ...chain, key, wrong })
  return {
    ...body,
    particulars: toBase64url(sealed),
    offer: offered && { agency: target, keys: offered.map(encoded) },
  }
}

const encoded = ({ index, keyId: id, wrapped }: OfferedKey) => ({
  index,
  keyId: toBase64url(id),
  key: toBase64url(wrapped),
})

/** Wraps every message's key for the agency; `isGarbage`: other keys. Null where not all of them were ever opened. */
export async function keysByHand(
  real: Real,
  report: ModelReport,
  target: AgencyId,
  isGarbage = false,
): Promise<OfferedKey[] | null> {
  const { opened: known } = realOf(real, report)
  const statement = real.trust.statements.get(target)
  const epoch = statement && currentEpoch(statement, real.trust.today)
  if (!known || !epoch) return null
  const all = [{ index: 0, digest: known.digest, contentKey: known.contentKey }, ...known.followUps]
  const to = { agencyId: target, keyId: epoch.keyId, sealingKey: epoch.sealingKey }
  const head = chainStart(known.digest, target)
  const keys: OfferedKey[] = []
  for (const { index, digest, contentKey } of all) {
    if (!contentKey) return null
    const key = isGarbage ? (new Uint8Array(chance(32)) as ContentKey) : contentKey
    const { wrapped } = await wrapContentKey(key, digest, index === 0 ? to : { ...to, head }, randomBytes)
    keys.push({ index, keyId: epoch.keyId, wrapped })
  }
  return keys.length === report.messages ? keys : null
}

export const saidBy = (answer: Answer): string => (answer.status === 200 ? 'done' : problemIn(answer))

export async function post(
  real: Real,
  report: ModelReport,
  device: ModelDevice,
  body: object,
): Promise<string> {
  const id = realOf(real, report).cases.get(device.agency) ?? real.guessed
  return saidBy(await record(rawDevice(real, device), id, body))
}

/** What becomes of it by hand, as the model has it: nobody's client stands in the way. */
export function expectedByHand({ report, device, action, target }: Doing): string {
  if (device.revoked) return 'device-refused'
  if (device.ability !== 'reader') return 'scope-missing'
  if (!isHere(report.members.get(device.agency))) return 'not-found'
  return allows(report, device, action, target) ? 'done' : 'action-refused'
}

export const nameOf = ({ report, device, action, target }: Doing): string =>
  `${report.name}: ${device.name} ${action}${namesAgency(action) ? ` ${target}` : ''}`
