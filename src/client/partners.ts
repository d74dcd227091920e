// Other agencies of a case, as one agency may see them: what they answered to it, and what they asked of it.
import type { CaseFile } from '../contract/casework.ts'
import { findAgency } from '../protocol/directory.ts'
import { isOffer } from '../protocol/event.ts'
import type { Standing } from '../protocol/lifecycle-phases.ts'
import { type CheckedEvent, checkLoose } from './chain.ts'
import type { Device } from './device.ts'
import type { OpenedCase, ReadCase } from './opening.ts'

/** Another agency of the case, as this one may see it. */
export interface Partner {
  readonly agencyId: string
  /** Whose work it is: this agency's own, or that of the one which asked it. */
  readonly lead: string
  /** None any more where it refused, or left. */
  readonly standing: readonly Standing[]
  /** What it answered to this agency's offers, each checked by itself. */
  readonly answers: readonly CheckedEvent[]
}

export const partnersOf = (device: Device, opened: OpenedCase): Partner[] =>
  opened.file.partners.map(({ agency, lead, standing, answers }) => ({
    agencyId: agency,
    lead,
    standing,
    answers: answers.map(answer => checkedOf(device, opened, agency, answer)),
  }))

/** The event by which another agency asked this one to take the case over, or to join. */
export interface ReceivedOffer {
  readonly agencyId: string
  /** `forged`: not what a device of that agency signed, or not for this agency. */
  readonly event: CheckedEvent
}

/** Also of a case that did not open: why it was asked is then sealed, too. */
export const offersTo = (device: Device, read: ReadCase | OpenedCase): ReceivedOffer[] =>
  read.file.offers.map(({ agency, ...offer }) => {
    const event = checkedOf(device, read, agency, offer)
    const isMeant =
      event.verdict !== 'forged' && isOffer(event.verdict) && event.content?.subject === device.agency.id
    return { agencyId: agency, event: isMeant ? event : { ...event, verdict: 'forged', particulars: null } }
  })

function checkedOf(
  { trust }: Device,
  read: ReadCase | OpenedCase,
  agencyId: string,
  event: CaseFile['partners'][number]['answers'][number],
): CheckedEvent {
  const opened = 'report' in read ? read : null
  return checkLoose(
    {
      agency: findAgency(trust.directory, agencyId),
      deploymentId: trust.deploymentId,
      digest: read.digest,
      acknowledgementKey: opened?.report.replyKeys.acknowledgementKey ?? null,
      contentKey: opened?.contentKey ?? null,
    },
    event,
  )
}
