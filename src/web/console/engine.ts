// Everything with cryptography: the SDK as the console uses it. A bundle of its own, loaded behind the first page.
import '../page/without-eval.ts'

export { cryptoReady } from '../../protocol/crypto.ts'
export { toHex } from '../../protocol/encoding.ts'
export { openRoom } from './case-room.ts'
export { readDevices } from './devices.ts'
export { fingerprintOf } from './fingerprint.ts'
export { openInbox } from './inbox.ts'
export { unlock } from './session.ts'
export { technicalOf } from './technical.ts'
export { serviceTrouble } from './trouble.ts'
