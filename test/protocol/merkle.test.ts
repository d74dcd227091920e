import { expect, test } from 'vitest'
import { blobRoot } from '../../src/protocol/blob.ts'
import { merkleTreeHash } from '../../src/protocol/merkle.ts'
import { treeHash } from '../support/second-files.ts'
import { filled, hex } from './support.ts'

// The tree of Certificate Transparency's own tests (google/certificate-transparency, merkle_tree_test).
const ENTRIES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

test('the published trees of none to eight entries have their published hashes', async () => {
  for (const [count, root] of ROOTS.entries()) {
    expect(await merkleTreeHash(ENTRIES.slice(0, count).map(hex))).toEqual(hex(root))
  }
})

test('a tree of any width is the one that RFC 6962 splits from above', async () => {
  for (let count = 0; count < 70; count++) {
    const entries = Array.from({ length: count }, (_, i) => filled(32, i))
    expect(await merkleTreeHash(entries)).toEqual(treeHash(entries))
  }
})

test('a blob’s root is the tree over the hashes of its parts, and zeros where there is no blob', async () => {
  const parts = [filled(32, 1), filled(32, 2), filled(32, 3)]
  expect(await blobRoot(parts)).toEqual(treeHash(parts))
  expect(await blobRoot([])).toEqual(filled(32, 0))
})

test('each part, their order and their number are in the root', async () => {
  const parts = Array.from({ length: 5 }, (_, i) => filled(32, i))
  const roots = await Promise.all([
    ...parts.map((_, at) => blobRoot(parts.with(at, filled(32, 9)))),
    ...parts.slice(1).map((part, i) => blobRoot(parts.with(i, part).with(i + 1, filled(32, i)))),
    ...parts.map((_, at) => blobRoot(parts.slice(0, at))),
    blobRoot([...parts, filled(32, 4)]),
    blobRoot(parts),
  ])
  expect(new Set(roots.map(root => root.join())).size).toBe(roots.length)
})
