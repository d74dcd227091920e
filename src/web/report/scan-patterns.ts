// What could say who wrote a text, in Korean and in English. A pattern may be wrong: it only ever suggests.
import type { Language } from './answers.ts'

export type FindingKind =
  | 'name'
  | 'phone'
  | 'email'
  | 'resident-number'
  | 'employee-number'
  | 'only-us'
  | 'exact-time'
  | 'exact-date'
  | 'plate'
  | 'address'
  | 'path'

export interface Pattern {
  readonly kind: FindingKind
  /** Global, and linear in the text: no repetition inside a repetition. */
  readonly pattern: RegExp
  /** Softer words; null where nothing can be put in its place without knowing what is meant. */
  readonly soften: ((match: RegExpExecArray) => string) | null
  /** More than the pattern can say. */
  readonly accept?: (match: RegExpExecArray) => boolean
}

/** Whether a Korean word ends in a consonant: particles after it depend on that. */
export function endsInConsonant(word: string): boolean {
  const last = word.charCodeAt(word.length - 1)
  return last >= 0xac00 && last <= 0xd7a3 && (last - 0xac00) % 28 !== 0
}

/** Keeps 이/가, 은/는 and 을/를 right after the replaced word. */
const likeIn = (word: string, consonant: string, vowel: string) => (endsInConsonant(word) ? consonant : vowel)

const TITLES =
  '과장|차장|부장|대리|사원|주임|계장|팀장|실장|본부장|센터장|연구소장|소장|공장장|반장|조장|파트장|그룹장|책임|선임|수석|연구원|연구위원|전무|상무|이사|감사|사장|부사장|대표|회장|부회장|교수|박사|변호사|주무관|사무관|경위|경감'
const SURNAMES =
  '김|이|박|최|정|강|조|윤|장|임|한|오|서|신|권|황|안|송|류|유|전|홍|고|문|양|손|배|백|허|남|심|노|하|곽|성|차|주|우|구|민|진|나|지|엄|채|원|천|방|공|현|함|변|염|여|추|도|소|석|선|설|마|길|연|위|표|명|기|반|라|왕|금|옥|육|인|맹|제|모|탁|국|은|편|용'
const SEPARATE = '(?<![\\p{L}\\p{N}])'

// Words that begin like a surname and are none: «이 대리», «그 과장» is anybody; «전 직원», «현 대표» is a time.
const NOT_NAMES = new Set(['이', '전', '현', '한', '주', '모', '여', '신', '구', '부', '각', '본'])
const COMMON_WORDS = new Set(
  '담당 연구 생산 영업 기술 개발 품질 인사 총무 경리 구매 설계 공정 해외 국내 해당 우리 회사 어떤 다른 같은 전임 현직 전직 신임 수석 책임 선임 공동 지역 기획 보안 전략 재무 마케팅 제조 설비 관리 부문 사업 경영 안전 환경 시험 검사 자재 물류'.split(
    ' ',
  ),
)

const ENGLISH_TITLES =
  'Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Manager|manager|Director|director|Engineer|engineer|Supervisor|supervisor|Chief|chief|Boss|boss|Team leader|team leader|Section chief|section chief|Vice president|vice president|CEO|CTO|President|president'
const MONTHS =
  'January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec'
const NOT_ENGLISH_NAMES = new Set(
  'The A An And Or Of In On At To From For With Who Which That This He She They We I It Is Was Has Had Will Korea Korean Seoul China Japan General Team'.split(
    ' ',
  ),
)

const wordPattern = (source: string) => new RegExp(source, 'gu')
const third = (day: number, parts: readonly [string, string, string]) =>
  parts[day <= 10 ? 0 : day <= 20 ? 1 : 2]
const groupOf = (match: RegExpExecArray, name: string) => match.groups?.[name] ?? ''

function hourOf(match: RegExpExecArray): number {
  const half = groupOf(match, 'half').toLowerCase()
  const hour = Number(groupOf(match, 'hour')) % 24
  const afternoon = /오후|저녁|밤|pm|p\.m/.test(half) && hour < 12
  return hour + (afternoon ? 12 : 0)
}

function partOfDay(match: RegExpExecArray, language: Language): string {
  const hour = hourOf(match)
  const parts = { ko: ['새벽', '오전', '오후', '저녁'], en: ['night', 'morning', 'afternoon', 'evening'] }
  const name = parts[language][hour < 6 ? 0 : hour < 12 ? 1 : hour < 18 ? 2 : 3] ?? ''
  return language === 'ko' ? name : name === 'night' ? 'at night' : `in the ${name}`
}

function koreanName(match: RegExpExecArray): string {
  return likeIn(match[0].replace(/님$/, ''), '어떤 직원', '어떤 관계자')
}

const isKoreanName = (match: RegExpExecArray) => {
  const name = groupOf(match, 'name')
  return !NOT_NAMES.has(name) && !COMMON_WORDS.has(name)
}

function inMonth(match: RegExpExecArray): string {
  const part = third(Number(groupOf(match, 'day')), ['초순', '중순', '하순'])
  return `${groupOf(match, 'month')}월 ${part}`
}

function inEnglishMonth(match: RegExpExecArray): string {
  const month = groupOf(match, 'month') || groupOf(match, 'month2')
  const day = Number(groupOf(match, 'day') || groupOf(match, 'day2'))
  return `${/^on /i.test(match[0]) ? 'in ' : ''}${third(day, ['early', 'mid-', 'late'])} ${month}`.replace(
    '- ',
    '-',
  )
}

const isDayOfMonth = (match: RegExpExecArray) => {
  const day = Number(groupOf(match, 'day') || groupOf(match, 'day2'))
  return day >= 1 && day <= 31
}

/** In order: what an earlier one took, a later one leaves alone. */
export const PATTERNS: readonly Pattern[] = [
  {
    kind: 'email',
    pattern: wordPattern('[\\w.+%-]{1,64}@[A-Za-z0-9-]{1,63}(?:\\.[A-Za-z0-9-]{1,63}){1,5}'),
    soften: () => '(이메일/e-mail)',
  },
  {
    kind: 'address',
    pattern: wordPattern('(?:https?://|www\\.)[^\\s<>"\'’”)]{3,500}'),
    soften: null,
  },
  {
    kind: 'path',
    pattern: wordPattern(
      '(?:[A-Za-z]:\\\\|\\\\\\\\)[^\\s"\'<>|]{2,300}|' +
        '(?<![\\w/.])/(?:[\\w가-힣.-]{1,80}/){1,12}[\\w가-힣.-]{1,80}|' +
        '[\\w가-힣()-]{1,80}\\.(?:docx?|xlsx?|pptx?|pdf|hwpx?|dwg|dxf|step|stp|zip|7z|png|jpe?g|heic|mp4|csv|eml|msg)(?![\\w])',
    ),
    soften: null,
  },
  {
    kind: 'resident-number',
    pattern: wordPattern(
      '(?<!\\d)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])\\s?[-–]\\s?[1-8]\\d{6}(?!\\d)',
    ),
    soften: () => '○○○○○○-○○○○○○○',
  },
  {
    kind: 'phone',
    pattern: wordPattern(
      '(?<![\\d-])(?:\\+?82[\\s.-]?)?\\(?0?(?:1[016789]|2|[3-6][1-5]|70|50\\d)\\)?[\\s.-]?\\d{3,4}[\\s.-]\\d{4}(?![\\d-])|(?<!\\d)01[016789]\\d{7,8}(?!\\d)',
    ),
    soften: () => '○○○-○○○○-○○○○',
  },
  {
    kind: 'employee-number',
    pattern: wordPattern(
      '(?:사원\\s?번호|직원\\s?번호|사번|[Ee]mployee\\s?(?:ID|id|[Nn]umber|[Nn]o\\.?)|[Ss]taff\\s?(?:ID|id|[Nn]umber|[Nn]o\\.?))[은는이가]?\\s?[:：#]?\\s?(?:is\\s)?[A-Za-z]{0,4}-?\\d{3,12}',
    ),
    soften: match => (/[가-힣]/.test(match[0]) ? '사번(생략)' : 'employee number (left out)'),
  },
  {
    kind: 'plate',
    pattern: wordPattern(
      '(?<!\\d)\\d{2,3}\\s?[가나다라마거너더러머버서어저고노도로모보소오조구누두루무부수우주하허호배]\\s?\\d{4}(?!\\d)',
    ),
    soften: match => likeIn(match[0], '어떤 차량', '어떤 차'),
  },
  {
    kind: 'name',
    pattern: wordPattern(
      `${SEPARATE}(?<name>(?:${SURNAMES})[가-힣]{0,2}|남궁[가-힣]{0,2}|황보[가-힣]{0,2}|선우[가-힣]{0,2})\\s?(?:${TITLES})님?(?![가-힣]{0,1}(?:급|직|회의|진|학|제|석|자))`,
    ),
    soften: koreanName,
    accept: isKoreanName,
  },
  {
    kind: 'name',
    pattern: wordPattern(`${SEPARATE}(?<name>(?:${SURNAMES})[가-힣]{1,2})\\s?(?:씨|님)(?![가-힣]{2})`),
    soften: () => '그 사람',
    accept: isKoreanName,
  },
  {
    kind: 'name',
    pattern: wordPattern(
      `\\b(?:${ENGLISH_TITLES})\\.?\\s(?<name>[A-Z][a-z]{1,20})(?:[\\s-][A-Z][a-z]{1,20})?\\b`,
    ),
    soften: () => 'a colleague',
    accept: match => !NOT_ENGLISH_NAMES.has(groupOf(match, 'name')),
  },
  {
    kind: 'only-us',
    pattern: wordPattern(
      `${SEPARATE}(?:저만|나만|제가 유일|저 혼자|나 혼자|우리만|저희만)|(?:저희|우리)\\s?(?:둘|셋|넷|다섯|[두세네2-9]\\s?명)|(?:[두세네2-9]|다섯)\\s?(?:명|사람)(?:만|뿐|밖에)`,
    ),
    soften: null,
  },
  {
    kind: 'only-us',
    pattern: wordPattern(
      "\\b(?:[Oo]nly (?:I|me|we|us)\\b|I(?:’m|'m| am| was) the only|[Ww]e(?:’re|'re| are| were) the only|(?:[Oo]nly )?(?:the )?(?:two|three|four|five|[2-5]) of us|there (?:are|were) only (?:two|three|four|five|[2-5])|nobody (?:else )?but me|no one (?:else )?but me)",
    ),
    soften: null,
  },
  {
    kind: 'exact-time',
    pattern: wordPattern(
      '(?:(?<half>오전|오후|새벽|아침|저녁|밤|낮)\\s?)?(?<!\\d)(?<hour>\\d{1,2})\\s?시\\s?\\d{1,2}\\s?분',
    ),
    soften: match => partOfDay(match, 'ko'),
  },
  {
    kind: 'exact-time',
    pattern: wordPattern(
      '(?:(?<half>오전|오후|새벽|아침|저녁|밤)\\s?)(?<!\\d)(?<hour>\\d{1,2}):[0-5]\\d(?!\\d)',
    ),
    soften: match => partOfDay(match, 'ko'),
  },
  {
    kind: 'exact-time',
    pattern: wordPattern(
      '(?:\\b[Aa]t )?(?<![\\d:])(?<hour>[01]?\\d|2[0-3]):[0-5]\\d(?::[0-5]\\d)?(?:\\s?(?<half>[ap]m\\b|[ap]\\.m\\.))?(?![\\d:])',
    ),
    soften: null,
  },
  {
    kind: 'exact-date',
    pattern: wordPattern(
      '(?:(?:19|20)\\d{2}\\s?년\\s?)?(?<!\\d)(?<month>1[0-2]|[1-9])\\s?월\\s?(?<day>\\d{1,2})\\s?일',
    ),
    soften: inMonth,
    accept: isDayOfMonth,
  },
  {
    kind: 'exact-date',
    pattern: wordPattern(
      '(?<![\\d.-])(?:19|20)\\d{2}\\s?[-./]\\s?(?<month>0?[1-9]|1[0-2])\\s?[-./]\\s?(?<day>\\d{1,2})(?![\\d-])',
    ),
    soften: null,
    accept: isDayOfMonth,
  },
  {
    kind: 'exact-date',
    pattern: wordPattern(
      `(?:\\b[Oo]n )?\\b(?:(?<month>${MONTHS})\\.? (?<day>\\d{1,2})(?:st|nd|rd|th)?|(?<day2>\\d{1,2})(?:st|nd|rd|th)? (?<month2>${MONTHS}))\\b`,
    ),
    soften: inEnglishMonth,
    accept: isDayOfMonth,
  },
]

export { partOfDay }
