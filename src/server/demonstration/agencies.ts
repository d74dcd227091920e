// The cast of the demonstration: names as of 2026, powers in plain words. Nothing sent here reaches them.
import type { AgencyInput } from '../../protocol/authority.ts'
import type { Route } from '../../protocol/directory.ts'

type DemonstrationAgency = Omit<AgencyInput, 'identity' | 'validFrom' | 'validUntil'>

export const AGENCIES: readonly DemonstrationAgency[] = [
  {
    id: 'sme-office',
    names: {
      ko: '경기지방중소벤처기업청 (시연)',
      en: 'Gyeonggi Regional Office of SMEs and Startups (demonstration)',
    },
    about: {
      ko: '중소기업의 기술 침해를 행정조사하고 시정을 권고합니다. 수사권은 없습니다.',
      en: 'Looks into infringements of small firms’ technology and recommends remedies. It cannot prosecute.',
    },
    powers: ['administrative-investigation', 'support'],
    territory: 'gyeonggi',
  },
  {
    id: 'nis',
    names: {
      ko: '국가정보원 산업기밀보호센터 (시연)',
      en: 'National Intelligence Service, Industrial Secret Protection Center (demonstration)',
    },
    about: {
      ko: '산업기술의 국외 유출 정보를 수집하고 대응합니다. 수사는 하지 않고 수사기관에 넘깁니다.',
      en: 'Gathers and acts on information about leaks abroad. It does not prosecute; it refers to investigators.',
    },
    powers: ['fact-finding'],
    territory: 'national',
  },
  {
    id: 'police',
    names: {
      ko: '경기남부경찰청 산업기술안보수사대 (시연)',
      en: 'Gyeonggi Nambu Police, Industrial Technology Security Unit (demonstration)',
    },
    about: {
      ko: '기술 유출 범죄를 수사합니다.',
      en: 'Investigates technology leaks as crimes.',
    },
    powers: ['criminal-investigation'],
    territory: 'gyeonggi-south',
  },
  {
    id: 'ip-police',
    names: {
      ko: '지식재산처 기술경찰 (시연)',
      en: 'Ministry of Intellectual Property, Technology Police (demonstration)',
    },
    about: {
      ko: '특허·영업비밀·디자인 침해 범죄를 수사합니다.',
      en: 'Investigates offences against patents, trade secrets and designs.',
    },
    powers: ['criminal-investigation'],
    territory: 'national',
  },
  {
    id: 'serious-crimes',
    names: {
      ko: '중대범죄수사청 (시연)',
      en: 'Serious Crimes Investigation Agency (demonstration)',
    },
    about: {
      ko: '대형 경제범죄를 포함한 중대범죄를 수사합니다.',
      en: 'Investigates serious crime, large economic crime included.',
    },
    powers: ['criminal-investigation'],
    territory: 'national',
  },
]

const anything: readonly string[] = []

/** From the most particular to the most general: what comes first is recommended first. */
export const ROUTES: readonly Route[] = [
  { kinds: ['K07', 'K10', 'K04'], fields: anything, involved: anything, agencies: ['nis'] },
  { kinds: ['K08', 'K09', 'K02', 'K03', 'K01'], fields: anything, involved: anything, agencies: ['police'] },
  { kinds: ['K11', 'K12', 'K13'], fields: anything, involved: anything, agencies: ['ip-police'] },
  { kinds: ['K05', 'K06', 'K14'], fields: anything, involved: anything, agencies: ['sme-office'] },
  { kinds: anything, fields: ['F01', 'F02', 'F03', 'F14'], involved: anything, agencies: ['nis'] },
  { kinds: anything, fields: anything, involved: anything, agencies: ['sme-office'] },
]
