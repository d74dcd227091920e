// Somebody at work: an unlocked device key and all that may be done with it, until it is locked.
//
// How the console is put together, for whoever writes its pages:
//   engine.ts        the SDK and what is built on it, a bundle of its own; pages take its values by `loadEngine()`
//                    (load-engine.ts) and import nothing but types from the files behind it:
//     session.ts       unlock(key file, passphrase) → Session; lock() forgets it
//     inbox.ts         openInbox(session) → the agency's cases, live: current(), subscribe()
//     case-room.ts     openRoom(session, case) → one case: declare, open, acknowledge, act, answer; current(), subscribe()
//     case-work.ts     where an opened case stands, what may be done with it, what is due; case-acting.ts does it
//     room-files.ts    its files, to be looked at or saved: checked whole before anything is kept
//     room-writing.ts  draft, attached files and letters; outbox.ts sends them, letter-files.ts what goes with them
//     fingerprint.ts   SHA-256 of a file of this machine's
//     history.ts       the case's chain, entry by entry, with what does not hold; history-answers.ts puts in between
//                      what other agencies answered
//     devices.ts       the device list, epoch keys and what is to be done about them
//   Pure, for pages to import as they are:
//     idle.ts          when to lock
//     case-filter.ts   what of the inbox is shown, in which order, and how that stands in the address
//     action-groups.ts which actions stand where; subjects.ts whom they can name; said.ts codes in words
//     reading.ts       the report's answers under the investigator's labels; text-warnings.ts what is odd in a text
//     file-lines.ts    the files that a case lists; preview.ts what is shown of one, by file-kind.ts and plain-text.ts
//     pdf-pages.ts     a PDF as pictures, from pdf-worker.ts: a worker that is alone
//     asking.ts        templates for replies; identifying.ts whether a reply asks who the reporter is
// Nothing throws at a page for what can be expected: it is a `kind`, and the page has words for each.
import {
  type Device,
  type DeviceKey,
  deploymentIdOf,
  deviceOf,
  fetchTrust,
  ProtocolError,
  parseKeyFile,
  readDeviceList,
  serviceAt,
  VerificationFailed,
} from '../../client/index.ts'
import { isSealed, UnsealFailed, unsealText } from '../../client/sealed-key-file.ts'
import type { DeviceRole, DeviceScope } from '../../protocol/agency-documents.ts'
import { cryptoReady } from '../../protocol/crypto.ts'
import { dayOf } from '../../protocol/day.ts'
import type { Names } from '../../protocol/directory.ts'
import { toBase64url, toHex } from '../../protocol/encoding.ts'
import { type ServiceTrouble, serviceTrouble } from './trouble.ts'

export type UnlockRefusal =
  /** The file is sealed, and no passphrase was given: ask for it. */
  | 'passphrase-needed'
  | 'passphrase-wrong'
  | 'file-damaged'
  | 'not-a-key-file'
  /** A root, directory or identity key: it does not belong on a machine with a browser. */
  | 'not-a-device-key'
  /** `bongsu authority install` has not put the certificate there yet. */
  | 'certificate-missing'
  | 'certificate-wrong'
  | 'certificate-early'
  | 'certificate-expired'
  | 'other-deployment'
  | 'agency-unknown'
  /** Its certificate lets it see no case. */
  | 'scope-missing'
  | 'directory-expired'
  | ServiceTrouble

export type Unlocking =
  | { readonly kind: 'unlocked'; readonly session: Session }
  | { readonly kind: UnlockRefusal }

export interface UnlockInput {
  /** The chosen file, byte by byte: it is read here and goes nowhere. */
  readonly file: Uint8Array
  /** Null: none was typed. Not looked at where the file is not sealed. */
  readonly passphrase: string | null
  readonly serviceUrl: string
  /** base64url; the deployment that was built into this copy, or null. */
  readonly deployment: string | null
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly signal?: AbortSignal
  /** Somebody was shown `directory-expired` and said yes: go on with documents past their last day. */
  readonly allowStale?: boolean
  /** Only tests have another. */
  readonly fetch?: typeof fetch
}

export interface Session {
  readonly agency: { readonly id: string; readonly names: Names }
  /** Hexadecimal. */
  readonly deviceId: string
  readonly role: DeviceRole
  readonly scopes: readonly DeviceScope[]
  /** Last day of the certificate. */
  readonly validUntil: string
  /** base64url. */
  readonly deployment: string
  readonly demonstration: boolean
  /** Root or directory were past their last day when it was unlocked. */
  readonly isStale: boolean
  /** Days in which an agency must have opened a report, and must have answered it. */
  readonly timers: { readonly acknowledgeDays: number; readonly feedbackDays: number }
  /** Whether the key file was sealed. A plain one is for demonstrations. */
  readonly wasSealed: boolean
  readonly now: () => number
  /** Aborted by `lock`: whatever is under way ends, and nothing of it is kept. */
  readonly signal: AbortSignal
  /** The device with documents of today. Throws what the SDK throws, and `Locked`. */
  device(): Promise<Device>
  /** Overwrites the keys and ends everything under way. Passphrase and key file were strings, too: browsers forget those in their own time. */
  lock(): void
}

export class Locked extends Error {
  constructor() {
    super('locked')
    this.name = 'Locked'
  }
}

/** Reads the key file, fetches and verifies the published documents, and asks whether the device still counts. */
export async function unlock(input: UnlockInput): Promise<Unlocking> {
  await cryptoReady
  const read = await readDeviceKey(input)
  if ('kind' in read) return read
  try {
    return await start(input, read)
  } catch (error) {
    forget(read.key)
    return { kind: refusalOf(error) }
  }
}

interface ReadKey {
  readonly key: DeviceKey
  readonly wasSealed: boolean
}

async function readDeviceKey({ file, passphrase }: UnlockInput): Promise<ReadKey | { kind: UnlockRefusal }> {
  const wasSealed = isSealed(file)
  if (wasSealed && passphrase === null) return { kind: 'passphrase-needed' }
  try {
    const text = wasSealed ? await unsealText(file, passphrase ?? '') : new TextDecoder().decode(file)
    const key = parseKeyFile(text)
    return key.kind === 'device' ? { key, wasSealed } : { kind: 'not-a-device-key' }
  } catch (error) {
    if (!(error instanceof UnsealFailed)) return { kind: 'not-a-key-file' }
    return { kind: error.reason === 'passphrase' ? 'passphrase-wrong' : 'file-damaged' }
  }
}

async function start(input: UnlockInput, { key, wasSealed }: ReadKey): Promise<Unlocking> {
  const { serviceUrl, deployment, now, signal, allowStale = false, fetch } = input
  if (deployment !== null && deployment !== toBase64url(key.deployment))
    return refused('other-deployment', key)
  if (!key.certificate.startsWith('bongsu/')) return refused('certificate-missing', key)
  const service = serviceAt(serviceUrl, fetch ? { fetch } : {})
  const connect = async (during?: AbortSignal) => {
    const trust = await fetchTrust(service, {
      pinned: deploymentIdOf(key.deployment),
      now: now(),
      allowStale,
      ...(during ? { signal: during } : {}),
    })
    return { trust, device: deviceOf(service, trust, key) }
  }
  const { trust, device } = await connect(signal)
  const { certified } = device
  const today = dayOf(now())
  if (today < certified.validFrom) return refused('certificate-early', key)
  if (today > certified.validUntil) return refused('certificate-expired', key)
  if (certified.scopes.length === 0) return refused('scope-missing', key)
  // Signed: the service says here whether the agency's list still has this device.
  await readDeviceList(device, signal)
  const { directory, deploymentId } = trust
  const session = sessionOf(
    { key, device, connect, now },
    {
      agency: { id: device.agency.id, names: device.agency.names },
      deviceId: toHex(certified.deviceId),
      role: certified.role,
      scopes: certified.scopes,
      validUntil: certified.validUntil,
      deployment: toBase64url(deploymentId),
      demonstration: directory.demonstration,
      isStale: trust.stale,
      timers: directory.timers,
      wasSealed,
    },
  )
  return { kind: 'unlocked', session }
}

function refused(kind: UnlockRefusal, key: DeviceKey): Unlocking {
  forget(key)
  return { kind }
}

interface Holding {
  readonly key: DeviceKey
  readonly device: Device
  readonly connect: (signal?: AbortSignal) => Promise<{ device: Device }>
  readonly now: () => number
}

function sessionOf(
  { key, device, connect, now }: Holding,
  about: Omit<Session, 'now' | 'signal' | 'device' | 'lock'>,
): Session {
  const locking = new AbortController()
  let current = device
  let renewing: Promise<Device> | null = null
  const renew = async () => {
    const next = (await connect(locking.signal)).device
    if (locking.signal.aborted) forgetPairs(next)
    else current = next
    return next
  }
  return {
    ...about,
    now,
    signal: locking.signal,
    async device() {
      if (locking.signal.aborted) throw new Locked()
      // A day has gone by: directory, agencies and epoch keys may be others.
      if (current.trust.today !== dayOf(now())) {
        renewing ??= renew().finally(() => {
          renewing = null
        })
        await renewing
      }
      if (locking.signal.aborted) throw new Locked()
      return current
    },
    lock() {
      locking.abort(new Locked())
      forget(key)
      forgetPairs(current)
    },
  }
}

function forget(key: DeviceKey): void {
  for (const seed of [key.signingSeed, key.sealingSeed, ...key.epochs.map(({ seed }) => seed)]) seed.fill(0)
}

function forgetPairs({ sealing, signer }: Device): void {
  sealing.seed.fill(0)
  signer.pair.seed.fill(0)
  signer.nonces.length = 0
}

function refusalOf(error: unknown): UnlockRefusal {
  if (error instanceof VerificationFailed) {
    const { cause, subject } = error
    if (subject === 'own-certificate') return cause === undefined ? 'agency-unknown' : 'certificate-wrong'
    if (subject === 'deployment') return 'other-deployment'
    const isExpired = cause instanceof ProtocolError && cause.code === 'expired'
    if (isExpired && subject === 'directory') return 'directory-expired'
  }
  return serviceTrouble(error)
}
