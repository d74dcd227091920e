/** How often a loop runs: a few rounds in `npm test`, the full count in `npm run soak`. */
export const rounds = (few: number, full: number): number => (process.env.BONGSU_SOAK === '1' ? full : few)
