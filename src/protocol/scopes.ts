// Which scopes of a certificate let a device sign what.
import type { DeviceScope } from './agency-documents.ts'
import type { EventContent } from './event.ts'

/**
 * Whether a device may record an event. A machine that picks up says that a report was opened and hands keys on; it says
 * nothing to anybody.
 */
export function mayRecord(
  scopes: readonly DeviceScope[],
  { kind, particularsHash }: Pick<EventContent, 'kind' | 'particularsHash'>,
): boolean {
  if (scopes.includes('cases')) return true
  return scopes.includes('pickup') && kind === 'acknowledged' && particularsHash.length === 0
}
