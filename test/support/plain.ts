// The plain client and what lies beside it, as one: JavaScript without types.
import { join } from 'node:path'

export const examples = join(import.meta.dirname, '../../examples')

export const plain = {
  ...(await import(join(examples, 'plain-encodings.mjs'))),
  ...(await import(join(examples, 'plain-primitives.mjs'))),
  ...(await import(join(examples, 'plain-client.mjs'))),
  ...(await import(join(examples, 'plain-casework.mjs'))),
  ...(await import(join(examples, 'plain-command.mjs'))),
}
