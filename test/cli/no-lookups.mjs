// Preloaded into a command: no name is looked up, and every try is told.
import dns from 'node:dns'

dns.lookup = (name, ...rest) => {
  process.stderr.write(`looked up ${name}\n`)
  rest.at(-1)(new Error('no lookups here'))
}
