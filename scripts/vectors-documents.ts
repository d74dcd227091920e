// Vectors of signed documents: root chain, directory, statement, certificate, device list, receipt.
import { buildDeviceList, buildDirectory, buildRoot, buildStatement } from '../src/protocol/authority.ts'
import { H, sha256 } from '../src/protocol/crypto.ts'
import { deploymentIdFrom, signDocument } from '../src/protocol/document.ts'
import { ascii, toHex } from '../src/protocol/encoding.ts'
import { signReceipt } from '../src/protocol/receipt.ts'
import { type NoteSigner, noteText, signNote } from '../src/protocol/signed-note.ts'
import { noteSigning, sealing, type World } from '../test/protocol/world.ts'

const keyEntry = ({ key, pair }: NoteSigner) => ({
  name: key.name,
  seed: toHex(pair.seed),
  publicKey: toHex(key.publicKey),
  hash: toHex(key.hash),
})

interface Refusal {
  readonly why: string
  readonly error: string
}

export async function documentVectors(world: World) {
  const next = await Promise.all(['next-1', 'next-2'].map(noteSigning))
  const log = await noteSigning('log')
  const signers = [
    ...world.rootSigners,
    ...next,
    world.directorySigner,
    log,
    world.north.identity,
    world.south.identity,
  ]
  const second = rotation(world, next, [...world.rootSigners.slice(0, 2), ...next])
  const directory = buildDirectory(world.directoryInput, world.deployment, [world.directorySigner])
  const statement = buildStatement(statementInput(), world.deployment, world.north.identity)
  const { certificate } = world.north.verifiedDevice
  const deviceList = buildDeviceList(deviceListInput(certificate), world.deployment, world.north.identity)
  const receipt = signReceipt({ leaf: await leafOf('leaf'), day: '2026-03-02' }, world.deployment, log)
  return {
    keys: signers.map(keyEntry),
    deployment: toHex(world.deployment),
    firstRootText: noteText(world.rootNote),
    roots: [world.rootNote, second],
    directory,
    agency: 'north',
    statement,
    certificate,
    certificateHash: toHex(H('document', Uint8Array.from(Buffer.from(certificate)))),
    deviceList,
    receipt,
    rootsRefused: await refusedRoots(world, next),
    directoriesRefused: refusedDirectories(world, directory),
    statementsRefused: refusedStatements(world, statement),
    certificatesRefused: refusedCertificates(world, certificate),
    receiptsRefused: await refusedReceipts(world, receipt),
  }
}

const statementInput = () => ({
  agencyId: 'north',
  version: 1,
  epochs: [
    { sealingKey: sealing('epoch 1').publicKey, validFrom: '2026-03-02' },
    { sealingKey: sealing('epoch 2').publicKey, validFrom: '2026-03-09' },
  ],
})

const deviceListInput = (certificate: string) => ({
  agencyId: 'north',
  version: 1,
  certificates: [certificate],
  revoked: [H('key', ascii('an old device')).slice(0, 16)],
})

const leafOf = (label: string) => sha256(ascii(label))

const rotation = (world: World, next: readonly NoteSigner[], signers: readonly NoteSigner[], version = 2) =>
  buildRoot(
    { ...world.rootInput, version, keys: next.map(({ key }) => key), threshold: 2 },
    world.deployment,
    signers,
  )

async function refusedRoots(world: World, next: readonly NoteSigner[]) {
  const { rootNote, rootSigners, rootInput } = world
  const [a] = rootInput.keys
  if (!a) throw new Error('a key')
  const own = (note: string) => toHex(deploymentIdFrom(note))
  const twice = buildRoot({ ...rootInput, keys: [a, { ...a, name: 'alias' }] }, null, rootSigners)
  const duplicate = signNote(
    noteText(rootNote).replace('"threshold":2', '"threshold":1,"threshold":2'),
    rootSigners,
  )
  const spaced = signNote(noteText(rootNote).replace('"threshold":2', '"threshold": 2'), rootSigners)
  const one = buildRoot(rootInput, null, rootSigners.slice(0, 1))
  const deployment = toHex(world.deployment)
  const second = (signers: readonly NoteSigner[], version?: number) => [
    rootNote,
    rotation(world, next, signers, version),
  ]
  return [
    { why: 'one signature for a threshold of two', roots: [one], deployment, error: 'bad-signature' },
    {
      why: 'the pinned deployment is another',
      roots: [rootNote],
      deployment: '00'.repeat(32),
      error: 'wrong-deployment',
    },
    { why: 'one key under two names', roots: [twice], deployment: own(twice), error: 'bad-document' },
    { why: 'a duplicate member', roots: [duplicate], deployment: own(duplicate), error: 'bad-document' },
    { why: 'JSON with a space', roots: [spaced], deployment: own(spaced), error: 'bad-document' },
    { why: 'only the old keys signed', roots: second(rootSigners), deployment, error: 'bad-signature' },
    { why: 'only the new keys signed', roots: second(next), deployment, error: 'bad-signature' },
    {
      why: 'a version left out',
      roots: second([...rootSigners, ...next], 3),
      deployment,
      error: 'bad-document',
    },
    {
      why: 'a stale version',
      roots: second([...rootSigners, ...next], 1),
      deployment,
      error: 'bad-document',
    },
    { why: 'no root', roots: [], deployment, error: 'bad-document' },
  ]
}

function refusedDirectories(world: World, directory: string) {
  const sign = (signer: NoteSigner, change = {}) =>
    buildDirectory({ ...world.directoryInput, ...change }, world.deployment, [signer])
  const [north, south] = world.directoryInput.agencies
  const elsewhere = { ...world, deployment: deploymentIdFrom(signNote('another\n', [])) }
  const entries: (Refusal & { directory: string })[] = [
    { why: 'another key', directory: sign(world.north.identity), error: 'bad-signature' },
    { why: 'changed', directory: directory.replace('"version":1', '"version":2'), error: 'bad-signature' },
    {
      why: 'an agency twice',
      directory: sign(world.directorySigner, { agencies: [north, south, north] }),
      error: 'bad-document',
    },
    {
      why: 'a route to nowhere',
      directory: sign(world.directorySigner, { agencies: [north] }),
      error: 'bad-document',
    },
    {
      why: 'of another deployment',
      directory: buildDirectory(world.directoryInput, elsewhere.deployment, [world.directorySigner]),
      error: 'wrong-deployment',
    },
    { why: 'carriage returns', directory: directory.replaceAll('\n', '\r\n'), error: 'bad-document' },
    { why: 'without its last newline', directory: directory.slice(0, -1), error: 'bad-document' },
  ]
  return entries
}

function refusedStatements(world: World, statement: string) {
  const { identity } = world.north
  const forSouth = buildStatement({ ...statementInput(), agencyId: 'south' }, world.deployment, identity)
  const bySouth = buildStatement(statementInput(), world.deployment, world.south.identity)
  const entries: (Refusal & { statement: string })[] = [
    { why: 'of another agency', statement: forSouth, error: 'bad-document' },
    { why: 'by another identity', statement: bySouth, error: 'bad-signature' },
    { why: 'changed', statement: statement.replace('2026-03-09', '2026-03-10'), error: 'bad-signature' },
  ]
  return entries
}

function refusedCertificates(world: World, certificate: string) {
  const { identity } = world.north
  const json = JSON.parse(noteText(certificate).split('\n')[1] ?? '')
  const signed = (change: object) =>
    signDocument('device', world.deployment, { ...json, ...change }, [identity])
  const entries: (Refusal & { certificate: string })[] = [
    { why: 'changed', certificate: certificate.replace('"cases"', '"caseS"'), error: 'bad-certificate' },
    { why: 'of another agency', certificate: signed({ agency: 'south' }), error: 'bad-certificate' },
    { why: 'an unknown role', certificate: signed({ role: 'admin' }), error: 'bad-certificate' },
    {
      why: 'a day that there is not',
      certificate: signed({ validUntil: '2026-02-30' }),
      error: 'bad-certificate',
    },
    {
      why: 'a small-order key',
      certificate: signed({ signingKey: `AQ${'A'.repeat(41)}` }),
      error: 'bad-certificate',
    },
  ]
  return entries
}

async function refusedReceipts(world: World, receipt: string) {
  const other = await noteSigning('other-log')
  const another = signReceipt({ leaf: await leafOf('leaf'), day: '2026-03-02' }, world.deployment, other)
  const entries: (Refusal & { receipt: string })[] = [
    { why: 'changed', receipt: receipt.replace('2026-03-02', '2026-03-01'), error: 'bad-signature' },
    { why: 'by another key', receipt: another, error: 'bad-signature' },
  ]
  return entries
}
