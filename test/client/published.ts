// What a service of the protocol tests' world would publish, for tests of the SDK that need no service.
import type { PublishedDocuments } from '../../src/client/trust.ts'
import { buildDirectory, buildStatement } from '../../src/protocol/authority.ts'
import { toBase64url } from '../../src/protocol/encoding.ts'
import type { World } from '../protocol/world.ts'

/** A day on which everything of the world is valid. */
export const NOW = Date.parse('2026-03-03T03:00:00Z')
export const DAY_MS = 86_400_000

export function publishedBy(world: World): PublishedDocuments {
  const { deployment, rootNote, directoryInput, directorySigner, north, south } = world
  const statement = ({ id, epoch, identity }: World['north']) => {
    const epochs = [{ sealingKey: epoch.publicKey, validFrom: '2026-03-01' }]
    return buildStatement({ agencyId: id, version: 1, epochs }, deployment, identity)
  }
  return {
    deployment: toBase64url(deployment),
    roots: [rootNote],
    directory: buildDirectory(directoryInput, deployment, [directorySigner]),
    statements: { north: statement(north), south: statement(south) },
  }
}
