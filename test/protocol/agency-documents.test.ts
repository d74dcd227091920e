import { beforeAll, expect, test } from 'vitest'
import {
  activeDevices,
  currentEpoch,
  verifyCertificate,
  verifyDeviceList,
  verifyStatement,
} from '../../src/protocol/agency-documents.ts'
import { buildCertificate, buildDeviceList, buildStatement } from '../../src/protocol/authority.ts'
import { type DeploymentId, deploymentIdOf, keyId, type SigningKey } from '../../src/protocol/crypto.ts'
import type { Agency } from '../../src/protocol/directory.ts'
import { signDocument } from '../../src/protocol/document.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import { filled, hex, refusal } from './support.ts'
import { buildWorld, certificateInput, sealing, type World } from './world.ts'

let world: World
beforeAll(async () => {
  world = await buildWorld()
})

const epochs = () => [
  { sealingKey: sealing('epoch-1').publicKey, validFrom: '2026-03-02' },
  { sealingKey: sealing('epoch-2').publicKey, validFrom: '2026-03-09' },
]
const statement = () =>
  buildStatement({ agencyId: 'north', version: 3, epochs: epochs() }, world.deployment, world.north.identity)
const elsewhere: DeploymentId = deploymentIdOf(filled(32, 0))

test('a statement gives epoch keys with seven days to seal to and twenty-one to accept', () => {
  const verified = verifyStatement(statement(), world.north.agency, world.deployment)
  expect(verified).toMatchObject({ agencyId: 'north', version: 3 })
  const [first] = verified.epochs
  expect(first).toEqual({
    keyId: keyId(sealing('epoch-1').publicKey),
    sealingKey: sealing('epoch-1').publicKey,
    validFrom: '2026-03-02',
    validUntil: '2026-03-08',
    acceptedUntil: '2026-03-22',
  })
})

test('the current epoch key is the one that began last, and there may be none', () => {
  const verified = verifyStatement(statement(), world.north.agency, world.deployment)
  const days = ['2026-03-01', '2026-03-02', '2026-03-08', '2026-03-09', '2026-03-15', '2026-03-16']
  expect(days.map(day => currentEpoch(verified, day)?.validFrom ?? null)).toEqual([
    null,
    '2026-03-02',
    '2026-03-02',
    '2026-03-09',
    '2026-03-09',
    null,
  ])
  const overlapping = { ...verified, epochs: [...verified.epochs, ...verified.epochs].reverse() }
  expect(currentEpoch(overlapping, '2026-03-09')?.validFrom).toBe('2026-03-09')
})

test('a statement of another agency, deployment, key or type is refused', () => {
  const { agency } = world.north
  const identityOfSouth = buildStatement(
    { agencyId: 'north', version: 3, epochs: epochs() },
    world.deployment,
    world.south.identity,
  )
  const forSouth = buildStatement(
    { agencyId: 'south', version: 3, epochs: epochs() },
    world.deployment,
    world.north.identity,
  )
  const other = signDocument('device-list', world.deployment, {}, [world.north.identity])
  expect(refusal(() => verifyStatement(identityOfSouth, agency, world.deployment))).toBe('bad-signature')
  expect(refusal(() => verifyStatement(forSouth, agency, world.deployment))).toBe('bad-document')
  expect(refusal(() => verifyStatement(other, agency, world.deployment))).toBe('bad-document')
  expect(refusal(() => verifyStatement(statement(), agency, elsewhere))).toBe('wrong-deployment')
  expect(refusal(() => verifyStatement(statement(), world.south.agency, world.deployment))).toBe(
    'bad-signature',
  )
})

test('a statement whose members have another form is refused', () => {
  const key = toBase64url(sealing('epoch-1').publicKey)
  for (const content of [
    { agency: 'north', version: 1 },
    { agency: 'north', version: 0, epochs: [] },
    { agency: 'north', version: 1.5, epochs: [] },
    { agency: 'north', version: 1, epochs: [{ key, validFrom: '2026-03-32' }] },
    { agency: 'north', version: 1, epochs: [{ key: key.slice(4), validFrom: '2026-03-02' }] },
    { agency: 'north', version: 1, epochs: [{ key: `${key}=`, validFrom: '2026-03-02' }] },
    { agency: 'north', version: 1, epochs: [key] },
  ]) {
    const note = signDocument('statement', world.deployment, content, [world.north.identity])
    expect(refusal(() => verifyStatement(note, world.north.agency, world.deployment))).toBe('bad-document')
  }
})

const verify = (certificate: string, agency: Agency = world.north.agency, deployment = world.deployment) =>
  verifyCertificate(certificate, agency, deployment)

test('a certificate gives a device with its keys, role and scopes', () => {
  const input = certificateInput('north')
  const certificate = buildCertificate(input, world.deployment, world.north.identity)
  expect(verify(certificate)).toEqual({ ...input, deviceId: keyId(input.signingKey), certificate })
})

test('a certificate that is not this agency’s, or not a certificate, fails with one code', () => {
  const input = certificateInput('north')
  const { identity, agency } = world.north
  const good = buildCertificate(input, world.deployment, identity)
  const refused = [
    () => verify(good, world.south.agency),
    () => verify(good, agency, elsewhere),
    () => verify(good.replace('"intake","cases"', '"intake","status"')),
    () => verify(buildCertificate({ ...input, agencyId: 'south' }, world.deployment, identity)),
    () => verify(buildCertificate(input, world.deployment, world.south.identity)),
    () => verify(buildCertificate({ ...input, validUntil: '2026-02-30' }, world.deployment, identity)),
    () =>
      verify(
        buildCertificate({ ...input, signingKey: filled(32, 0) as SigningKey }, world.deployment, identity),
      ),
    () =>
      verify(
        buildCertificate(
          { ...input, signingKey: hex(`ecff${'ff'.repeat(29)}7f`) as SigningKey },
          world.deployment,
          identity,
        ),
      ),
    () => verify(signDocument('device', world.deployment, { ...input, role: 'admin' }, [identity])),
    () => verify(signDocument('device-list', world.deployment, {}, [identity])),
    () => verify(''),
  ]
  for (const [index, call] of refused.entries())
    expect(`${index} ${refusal(call)}`).toBe(`${index} bad-certificate`)
})

test('scopes that this version does not know are passed over, roles are not', () => {
  const { agencyId, signingKey, sealingKey, ...rest } = certificateInput('north')
  const keys = { signingKey: toBase64url(signingKey), sealingKey: toBase64url(sealingKey) }
  const content = { agency: agencyId, ...keys, ...rest }
  const note = (change: object) =>
    signDocument('device', world.deployment, { ...content, ...change }, [world.north.identity])
  expect(verify(note({ scopes: ['cases', 'fly'] })).scopes).toEqual(['cases'])
  expect(refusal(() => verify(note({ role: 'pilot' })))).toBe('bad-certificate')
})

const deviceList = (revoked: Uint8Array[] = [], certificates = [world.north.verifiedDevice.certificate]) =>
  buildDeviceList(
    { agencyId: 'north', version: 2, certificates, revoked },
    world.deployment,
    world.north.identity,
  )

test('a device of the list is active on its days, until it is revoked', () => {
  const list = verifyDeviceList(deviceList(), world.north.agency, world.deployment)
  expect(list).toMatchObject({
    agencyId: 'north',
    version: 2,
    devices: [world.north.verifiedDevice],
    revoked: [],
  })
  expect(activeDevices(list, '2026-12-31')).toEqual([world.north.verifiedDevice])
  expect(activeDevices(list, '2027-01-01')).toEqual([])
  const revoking = deviceList([filled(16, 0), world.north.verifiedDevice.deviceId])
  expect(
    activeDevices(verifyDeviceList(revoking, world.north.agency, world.deployment), '2026-03-02'),
  ).toEqual([])
})

test('one bad certificate refuses the list, as does another agency’s', () => {
  const read = (note: string) => refusal(() => verifyDeviceList(note, world.north.agency, world.deployment))
  const foreign = world.south.verifiedDevice.certificate
  expect(read(deviceList([], [world.north.verifiedDevice.certificate, foreign]))).toBe('bad-certificate')
  expect(read(deviceList([filled(15, 0)]))).toBe('bad-document')
  expect(refusal(() => verifyDeviceList(deviceList(), world.south.agency, world.deployment))).toBe(
    'bad-signature',
  )
})
