// Recording an event: who may, where in the chain, what the lifecycle allows, and what follows from it.
import { Problem } from '../../contract/problems.ts'
import { dayOf } from '../../protocol/day.ts'
import { equalBytes } from '../../protocol/encoding.ts'
import {
  type DeviceWrap,
  deviceWrapsHash,
  documentHash,
  type EventContent,
  headAfter,
  isSignedBy,
  parseEvent,
  particularsHash,
  type SignedEvent,
  UNTAGGED,
} from '../../protocol/event.ts'
import { rowsOf } from '../../protocol/lifecycle.ts'
import { mayRecord } from '../../protocol/scopes.ts'
import type { Database, Queries } from '../database.ts'
import type { DirectoryService } from '../directory/service.ts'
import { spendNonce } from '../http/nonces.ts'
import type { CallingDevice } from '../http/serve.ts'
import type { Signer } from '../http/signed-request.ts'
import { lockReport, records } from '../intake/service.ts'
import { packDeviceKeys } from './device-keys.ts'
import { dueAfter } from './due.ts'
import { type OfferOfKeys, requireFittingOffer, settleOffer } from './offers.ts'
import { groupOf, requireAllowed } from './standing.ts'

export interface NewEvent extends SignedEvent {
  /** Sealed; null where the event says nothing beside its kind. */
  readonly particulars: Uint8Array | null
  readonly offer: OfferOfKeys | null
  readonly certificate: string
  readonly deviceKeys: readonly DeviceWrap[]
}

export interface RecordingOptions {
  readonly database: Database
  readonly directory: Pick<DirectoryService, 'acceptedEpoch' | 'current'>
  readonly now: () => number
}

/** Where a record is made. */
interface Place {
  readonly signer: Signer
  readonly device: CallingDevice
  readonly caseId: Uint8Array
}

/** The head after the event. Compare-and-swap on the head; the same event again changes nothing. */
export const createRecording =
  ({ database, directory, now }: RecordingOptions) =>
  async (place: Place, event: NewEvent): Promise<Uint8Array> => {
    const { signer, device, caseId } = place
    const content = verifyEvent(device, event)
    const policies = (await directory.current()).directory
    return database.transaction(async queries => {
      await spendNonce(queries, signer.challenge)
      const found = await lockCase(queries, device, caseId)
      if (!equalBytes(content.digest, found.digest)) throw new Problem('event-invalid')
      const head = headAfter(event)
      const earlier = await records.eventsOf(queries, caseId)
      const same = earlier.find(row => row.index === content.index)
      if (same && equalBytes(headAfter(same), head)) return head
      if (found.withdrawn || found.standing === 'left') throw new Problem('not-found')
      if (content.index !== found.event_count || !equalBytes(content.previous, found.head)) {
        throw new Problem('chain-moved')
      }
      await requireMessage(queries, caseId, content)
      const group = groupOf(await records.membersOf(queries, found.report_id), caseId)
      const { state: stage } = requireAllowed(group, records.stateOf(group.self, earlier), content, device)
      const row = rowOf(event, content.index, device)
      const clocked = { start: records.startOf(group.self), received: found.day, events: [...earlier, row] }
      const due = dueAfter(policies, clocked, dayOf(now()))
      const after = { head, state: openedState(found.state, content), stage, due }
      await records.insertEvent(queries, caseId, row, after)
      await settleOffer(queries, directory, {
        group,
        content,
        offer: event.offer,
        reportId: found.report_id,
      })
      return head
    })
  }

/** Takes the report's lock first: a withdrawal and an acknowledgement happen one after the other. */
async function lockCase(queries: Queries, device: CallingDevice, caseId: Uint8Array) {
  const found = await records.findCase(queries, caseId, device.agencyId)
  if (!found) throw new Problem('not-found')
  await lockReport(queries, found.report_id)
  const locked = await records.findCase(queries, caseId, device.agencyId)
  if (!locked) throw new Problem('not-found')
  return locked
}

/** The server can check all but the acknowledgement tag, which only the reporter can. */
function verifyEvent(device: CallingDevice, event: NewEvent): EventContent {
  const content = parsed(event)
  if (!mayRecord(device.scopes, content)) throw new Problem('scope-missing')
  const holds =
    content.agencyId === device.agencyId &&
    event.certificate === device.certificate &&
    equalBytes(content.certificateHash, documentHash(event.certificate)) &&
    equalBytes(content.wrapsHash, deviceWrapsHash(event.deviceKeys)) &&
    equalBytes(content.particularsHash, event.particulars ? particularsHash(event.particulars) : NOTHING) &&
    isSignedBy(event, device.signingKey)
  if (!holds) throw new Problem('event-invalid')
  requireFittingOffer(content, event.offer)
  return content
}

/** The follow-up that an event rests on is one that the agency has: each counts once, and the next is a later one. */
async function requireMessage(queries: Queries, caseId: Uint8Array, { kind, subject }: EventContent) {
  if (rowsOf(kind)[0]?.names !== 'message') return
  if (!(await records.holdsMessage(queries, caseId, Number(subject)))) throw new Problem('event-invalid')
}

const NOTHING = new Uint8Array(0)

/** Whoever made a tag has opened the report, whatever the event says. */
function openedState(before: records.CaseRow['state'], { kind }: EventContent): records.CaseRow['state'] {
  if (kind === 'unopenable') return kind
  return UNTAGGED.includes(kind) ? before : 'acknowledged'
}

function parsed(event: SignedEvent): EventContent {
  try {
    return parseEvent(event)
  } catch {
    throw new Problem('event-invalid')
  }
}

function rowOf(
  { core, tag, signature, certificate, deviceKeys, particulars }: NewEvent,
  index: number,
  { deviceId }: CallingDevice,
) {
  const device_keys = packDeviceKeys(deviceKeys)
  return { index, core, tag, signature, certificate, device_keys, device_id: deviceId, particulars }
}
