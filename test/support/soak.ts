// `npm run soak` runs the same tests with the full count.
export const isSoak = process.env.BONGSU_SOAK === '1'

export const fewOrAll = (few: number, all: number): number => (isSoak ? all : few)
