// What examples/plain-client.mjs refuses, told through a proxy that changes what the real service answers.
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { verifyCertificate } from '../../src/protocol/agency-documents.ts'
import { createLyingProxy, type Lie, type LyingProxy } from '../support/lying-proxy.ts'
import { plain } from '../support/plain.ts'
import { createWorld, type World } from '../support/world.ts'
import { caseOf, deviceIn, sendReport } from './people.ts'

const { b64, ed25519, enc, hash, mac, sha256, uint, unb64, xchacha } = plain

let world: World
let toReporter: LyingProxy
let toAgency: LyingProxy
/** A case of the police, as the service shows it, and with what the police open it. */
let id: string
let page: { messages: [Message] }
let device: { agency: string; certificate: string; epochs: { seed: string }[]; signingSeed: string }

interface Message {
  header: string
  commitment: string
  body: string
  wrappedKey: { keyId: string; key: string }
}

beforeAll(async () => {
  world = await createWorld()
  toReporter = await createLyingProxy(world.reporterUrl)
  toAgency = await createLyingProxy(world.agencyUrl)
  const sent = await sendReport(world, '바뀌면 안 되는 신고', ['police'])
  id = await caseOf(await deviceIn(world, 'police'), sent)
  device = JSON.parse(await readFile(world.deviceKeyFile('police'), 'utf8'))
  page = await plain.call(await asAgency(), plain.keysOfDevice(device), 'GET', `/v1/cases/${id}`)
})
afterEach(() => {
  for (const proxy of [toReporter, toAgency]) proxy.tell(answer => answer)
})
afterAll(async () => {
  await toReporter.stop()
  await toAgency.stop()
  await world.stop()
})

const deployment = () => b64(world.deploymentId)
const asReporter = () => plain.connect(toReporter.url, deployment())
const asAgency = () => plain.connect(toAgency.url, deployment())
const content = { version: 1, language: 'ko', what: '도면이 나갔습니다.' }
const ending = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'accepted',
    error => error.message,
  )

test('another deployment, and a directory that was changed, are refused before anything is sent', async () => {
  const other = Buffer.alloc(32, 1).toString('base64url')
  await expect(plain.connect(toReporter.url, other)).rejects.toThrow('wrong-deployment')
  const asked: string[] = []
  toReporter.tell((answer, path) => {
    asked.push(path)
    const directory = answer.directory.replace('"id":"police"', '"id":"polite"')
    expect(directory).not.toBe(answer.directory)
    return { ...answer, directory }
  })
  await expect(asReporter()).rejects.toThrow('bad-signature')
  expect(asked).toEqual(['/v1/directory'])
})

/** The text of a receipt, signed by another key that has the log key's name; `hashed` says whose key hash is there. */
function signedAgain(note: string, hashed: 'log' | 'own'): string {
  const end = note.indexOf('\n\n') + 1
  const [text, line] = [note.slice(0, end), note.slice(end + 1)]
  const [, name, known] = line.trimEnd().split(' ')
  const stranger = ed25519.pair(Buffer.alloc(32, 7))
  const keyHash =
    hashed === 'log'
      ? Buffer.from(known ?? '', 'base64').subarray(0, 4)
      : sha256(Buffer.from(`${name}\n\x01`), stranger.publicKey).subarray(0, 4)
  const signature = Buffer.concat([keyHash, stranger.sign(text)])
  return `${text}\n— ${name} ${signature.toString('base64')}\n`
}

test('a receipt that another key signed than the log key is refused, at once and later', async () => {
  const [service, code] = [await asReporter(), plain.newCode()]
  const receipt = await plain.report(service, code, content, ['sme-office'])
  for (const hashed of ['log', 'own'] as const) {
    let changed = 0
    toReporter.tell(answer => {
      if (!answer.receipt) return answer
      changed += 1
      const signed = signedAgain(answer.receipt, hashed)
      expect(signed).not.toBe(answer.receipt)
      return { ...answer, receipt: signed }
    })
    await expect(plain.report(service, plain.newCode(), content, ['sme-office'])).rejects.toThrow(
      'bad-signature',
    )
    await expect(plain.status(service, code)).rejects.toThrow('bad-signature')
    expect(changed).toBe(2)
  }
  // Of the log key, and of another report.
  toReporter.tell(answer => (answer.receipt ? { ...answer, receipt } : answer))
  expect(await plain.status(service, code)).toMatchObject({ receipt })
  await expect(plain.report(service, plain.newCode(), content, ['sme-office'])).rejects.toThrow(
    'bad-signature',
  )
})

test('a device certificate has one failure, whatever is wrong with it, as with the other client', async () => {
  const [service, { certificate }] = [await asReporter(), device]
  const { trust } = await deviceIn(world, 'police')
  const [today, police] = [plain.days.today(), trust.directory.agencies.find(({ id }) => id === 'police')]
  if (!police) throw new Error('no police in the directory')
  expect(plain.deviceKeyIn(service, 'police', certificate, today)).toHaveLength(32)
  const wrong = [
    signedAgain(certificate, 'log'),
    signedAgain(certificate, 'own'),
    certificate.replace('"role":"', '"role":"x'),
    certificate.replace('bongsu/v1/device', 'bongsu/v1/receipt'),
    certificate.slice(0, -2),
    '',
  ]
  for (const other of wrong) {
    expect(() => verifyCertificate(other, police, world.deploymentId)).toThrow('bad-certificate')
    expect(() => plain.deviceKeyIn(service, 'police', other, today)).toThrow('bad-certificate')
  }
  expect(() => plain.deviceKeyIn(service, 'nis', certificate, today)).toThrow('bad-certificate')
})

const inPlace =
  (message: Message): Lie =>
  (answer, path) =>
    path.startsWith('/v1/cases/') ? { ...answer, messages: [message] } : answer
/** How the police open the case, in both ways, with this in place of its message. */
async function opening(message: Message): Promise<string[]> {
  toAgency.tell(inPlace({ ...page.messages[0], ...message }))
  const service = await asAgency()
  return [await ending(plain.open(service, device, id)), await ending(plain.openCase(service, device, id))]
}
const REFUSED = ['open-failed', 'open-failed']

function flipped(text: string, at: (length: number) => number): string {
  const bytes: Buffer = unb64(text)
  const index = at(bytes.length)
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return b64(bytes)
}
const PLACES = [() => 0, (length: number) => length >> 1, (length: number) => length - 1]

test.each(['header', 'commitment', 'body'] as const)(
  'a report of which a byte of the %s was changed on the way is not opened',
  async part => {
    const [message] = page.messages
    expect(await opening(message)).toEqual(['accepted', 'accepted'])
    for (const place of PLACES)
      expect(await opening({ ...message, [part]: flipped(message[part], place) })).toEqual(REFUSED)
  },
)

test('a report of which a byte of the wrapped key was changed on the way is not opened', async () => {
  const [message] = page.messages
  for (const part of ['key', 'keyId'] as const)
    for (const place of PLACES) {
      const wrappedKey = { ...message.wrappedKey, [part]: flipped(message.wrappedKey[part], place) }
      expect(await opening({ ...message, wrappedKey })).toEqual(REFUSED)
    }
})

const BUCKET = 8192
interface Made {
  readonly contentKey?: Buffer
  readonly suite?: number
  readonly deployment?: Buffer
  readonly index?: number
  readonly bucket?: number
  readonly size?: number
  readonly change?: (part: 'commitment' | 'body', bytes: Buffer) => Buffer
}
/** A report whose writer seals it as the reporter's client does, but for what is asked: the digest is of what was made. */
async function made(asked: Made): Promise<Message> {
  const { contentKey = Buffer.alloc(32, 5), suite = 1, index = 0, bucket = BUCKET, size = BUCKET } = asked
  const { change = (_, bytes) => bytes } = asked
  const sizes = [uint(4, index), uint(4, bucket), Buffer.alloc(32), uint(4, 0)]
  const id = asked.deployment ?? world.deploymentId
  const header = enc('header', uint(2, suite), id, Buffer.alloc(16, 6), ...sizes)
  const commitment = change('commitment', mac(contentKey, 'commit', header))
  const keys = [Buffer.alloc(32), Buffer.alloc(1216), ...[1, 2, 3].map(byte => Buffer.alloc(32, byte))]
  const plaintext = enc('report-body', ...keys, JSON.stringify(content), '')
  const aad = Buffer.concat([header, commitment])
  const body = change('body', xchacha.seal(mac(contentKey, 'body'), aad, plaintext, size))
  const digest = hash('report-digest', header, commitment, body)
  const { keyId, key } = await plain.wrap(await asAgency(), 'police', contentKey, 'wrap', digest)
  return {
    header: b64(header),
    commitment: b64(commitment),
    body: b64(body),
    wrappedKey: { keyId: b64(keyId), key: b64(key) },
  }
}
const lastFlipped = (bytes: Buffer) => unb64(flipped(b64(bytes), length => length - 1))

test('what a writer seals wrong is not opened, though the wrapped key fits it', async () => {
  const right = await made({})
  toAgency.tell(inPlace(right))
  expect(await plain.open(await asAgency(), device, id)).toMatchObject({ content })
  const wrong: Record<string, Made> = {
    commitment: { change: (part, bytes) => (part === 'commitment' ? lastFlipped(bytes) : bytes) },
    body: { change: (part, bytes) => (part === 'body' ? lastFlipped(bytes) : bytes) },
    'another suite': { suite: 2 },
    'another deployment': { deployment: Buffer.alloc(32, 9) },
    'the place of a follow-up': { index: 1 },
    'another bucket than it has': { bucket: 32_768 },
    'a bucket that there is not': { bucket: 9000, size: 9000 },
    'a short content key': { contentKey: Buffer.alloc(31, 5) },
  }
  for (const [what, asked] of Object.entries(wrong))
    expect([what, ...(await opening(await made(asked)))]).toEqual([what, ...REFUSED])
})
