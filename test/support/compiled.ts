import { join } from 'node:path'

/** Where Node keeps what it compiled, for processes that tests start by the hundred: half of each start was compiling. */
export const COMPILED = {
  NODE_COMPILE_CACHE: join(import.meta.dirname, '../../node_modules/.cache/bongsu/compiled'),
}
