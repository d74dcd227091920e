// Content keys beside an event, as a row holds them: (device id ‖ index ‖ wrapped key)…, fixed widths.
import { concat, readU32, u32 } from '../../protocol/encoding.ts'
import type { DeviceWrap } from '../../protocol/event.ts'
import { WRAPPED_KEY_LENGTH } from '../../protocol/wrapped-key.ts'

const INDEX_AT = 16
const KEY_AT = INDEX_AT + 4
const ENTRY = KEY_AT + WRAPPED_KEY_LENGTH

export const packDeviceKeys = (wraps: readonly DeviceWrap[]): Uint8Array =>
  concat(...wraps.flatMap(({ deviceId, index, wrapped }) => [deviceId, u32(index), wrapped]))

export const unpackDeviceKeys = (keys: Uint8Array): DeviceWrap[] =>
  Array.from({ length: keys.length / ENTRY }, (_, i) => {
    const entry = keys.subarray(i * ENTRY, (i + 1) * ENTRY)
    return {
      deviceId: entry.subarray(0, INDEX_AT),
      index: readU32(entry.subarray(INDEX_AT, KEY_AT)),
      wrapped: entry.subarray(KEY_AT),
    }
  })
