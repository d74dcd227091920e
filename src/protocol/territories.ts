// Where an agency is competent, in both languages. A directory may name others by ids of its own.
import type { Names } from './directory.ts'

export const TERRITORIES: Readonly<Record<string, Names>> = {
  national: { ko: '전국', en: 'the whole country' },
  seoul: { ko: '서울특별시', en: 'Seoul' },
  busan: { ko: '부산광역시', en: 'Busan' },
  daegu: { ko: '대구광역시', en: 'Daegu' },
  incheon: { ko: '인천광역시', en: 'Incheon' },
  gwangju: { ko: '광주광역시', en: 'Gwangju' },
  daejeon: { ko: '대전광역시', en: 'Daejeon' },
  ulsan: { ko: '울산광역시', en: 'Ulsan' },
  sejong: { ko: '세종특별자치시', en: 'Sejong' },
  gyeonggi: { ko: '경기도', en: 'Gyeonggi Province' },
  'gyeonggi-south': { ko: '경기도 남부', en: 'southern Gyeonggi Province' },
  'gyeonggi-north': { ko: '경기도 북부', en: 'northern Gyeonggi Province' },
  gangwon: { ko: '강원특별자치도', en: 'Gangwon Province' },
  chungbuk: { ko: '충청북도', en: 'North Chungcheong Province' },
  chungnam: { ko: '충청남도', en: 'South Chungcheong Province' },
  jeonbuk: { ko: '전북특별자치도', en: 'Jeonbuk Province' },
  jeonnam: { ko: '전라남도', en: 'South Jeolla Province' },
  gyeongbuk: { ko: '경상북도', en: 'North Gyeongsang Province' },
  gyeongnam: { ko: '경상남도', en: 'South Gyeongsang Province' },
  jeju: { ko: '제주특별자치도', en: 'Jeju' },
}

/** The id itself where it is none of ours: a stranger's text, as the directory has it. */
export const territoryName = (id: string, language: keyof Names): string =>
  (Object.hasOwn(TERRITORIES, id) ? TERRITORIES[id] : undefined)?.[language] ?? id
