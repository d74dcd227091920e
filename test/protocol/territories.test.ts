import { expect, test } from 'vitest'
import { TERRITORIES, territoryName } from '../../src/protocol/territories.ts'
import { AGENCIES } from '../../src/server/demonstration/agencies.ts'

test('a territory has a name in both languages; one that nobody knows keeps its id', () => {
  for (const { territory } of AGENCIES) expect(Object.keys(TERRITORIES)).toContain(territory)
  expect(territoryName('gyeonggi-south', 'ko')).toBe('경기도 남부')
  expect(territoryName('gyeonggi-south', 'en')).toBe('southern Gyeonggi Province')
  for (const id of ['KR', 'constructor', '__proto__', '']) expect(territoryName(id, 'en')).toBe(id)
})
