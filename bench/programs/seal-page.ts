// The page's side: what the bench calls by name.
import { randomBytes } from '../../src/protocol/crypto.ts'
import { timeSealing } from '../sealing.ts'

Object.assign(globalThis, {
  timeSealing: (bucket: number, rounds: number) => timeSealing(bucket, rounds, randomBytes),
})
