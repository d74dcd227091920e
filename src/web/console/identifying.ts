// Whether a reply asks who the reporter is. A warning before it is sent: the reporter stays unknown by not being asked.

export type IdentifyingKind =
  | 'who'
  | 'name'
  | 'contact'
  | 'workplace'
  | 'position'
  | 'number'
  | 'person'
  | 'address'
  | 'meeting'

export interface IdentifyingPassage {
  readonly kind: IdentifyingKind
  /** `asks`: its sentence is a question or a request. `mentions`: it may be about somebody else. */
  readonly weight: 'asks' | 'mentions'
  readonly start: number
  readonly end: number
}

const KOREAN: Readonly<Record<IdentifyingKind, string>> = {
  who: '누구(?:신|십|세요|인지|이신|입니)|어느 분|신원|신분증?|본인 (?:확인|인증|소개)|자기 ?소개',
  name: '성함|이름|성명|실명|본명|존함|신고자명',
  contact:
    '연락처|전화 ?번호|휴대 ?(?:폰|전화)|핸드폰|전자 ?우편|이 ?메일|메일 ?주소|카카오톡|카톡|텔레그램|라인 아이디|통화',
  workplace:
    '(?<!타)부서|소속|팀명|어느 (?:팀|회사|부서|사업장|라인)|근무(?:지|처|하시는)|재직|다니시는|직장',
  position: '직급|직위|직책|직함|직무|담당 ?업무|맡(?:고 계신|으신)|몇 년 ?차|근속|입사',
  number: '사번|사원 ?번호|직원 ?번호|주민 ?(?:등록)? ?번호|여권 ?번호|계좌 ?번호|학번',
  person: '생년 ?월일|생일|나이|연세|성별|몇 ?살|출생',
  address: '주소|거주지|사시는 ?곳|사는 ?곳|사시는|댁',
  meeting: '만나|뵙|출석|방문|대면|직접 오|면담',
}

const ENGLISH: Readonly<Record<IdentifyingKind, string>> = {
  who: 'who (?:are|is) (?:you|this)|who you (?:are|may be)|your (?:identity|id)\\b|identify yourself|introduce yourself|(?:prove|verify) (?:who|your identity)',
  name: '(?:your|full|real|first|last|legal) name',
  contact:
    '(?:phone|telephone|mobile|cell) ?(?:number)?\\b|your number|e-?mail|contact (?:details|information|data)|call (?:you|us|me)|reach you|kakao ?talk|telegram|whatsapp',
  workplace:
    '(?:your|which|what) (?:department|team|company|employer|office|workplace|division|unit|site|line)\\b|where (?:do )?you work|work(?:ing)? (?:at|for|in) (?:which|what)|affiliation',
  position:
    '(?:your|which|what) (?:position|rank|title|job|role|duties|grade)\\b|job title|(?:since when|how long) (?:do|did|have|has)? ?you (?:been )?work',
  number: '(?:employee|staff|personnel|resident|passport|account|badge|student) (?:number|no\\b|id\\b)',
  person: 'date of birth|birth ?(?:day|date)|how old|your (?:age|gender|sex)\\b',
  address: '(?:your|home|postal) address|where (?:do )?you live',
  meeting:
    'meet (?:you|us|me|in person|with)|in person|come to (?:our|the|my) (?:office|station)|interview|visit (?:us|you|our)',
}

const PATTERNS = Object.entries({ ...KOREAN }).map(([kind, korean]) => {
  const name = kindOf(kind)
  return [name, new RegExp(`${korean}|\\b(?:${ENGLISH[name]})`, 'giu')] as const
})

function kindOf(name: string): IdentifyingKind {
  const kinds: readonly IdentifyingKind[] = [
    ...(['who', 'name', 'contact', 'workplace', 'position', 'number'] as const),
    ...(['person', 'address', 'meeting'] as const),
  ]
  return kinds.find(kind => kind === name) ?? 'who'
}

const SENTENCE = /[^.!?。？！\n]+[.!?。？！]*/g
/** Tells the reporter not to say it, or that it is not asked. */
const FORBIDS =
  /(?:적|쓰|쓰시|알리|말하|밝히|남기|포함하|보내|드러내)[가-힣]{0,3}지 (?:마|말|않)|지 않(?:아도|으셔도|습니다|으며|고)|필요(?:는|가)? ?없|묻지 않|안 (?:적|쓰|알리|밝히)[가-힣]{0,3} (?:됩|좋|돼)|\b(?:do not|don['’]t|never|no need|need not|not need|without|please avoid|not ask|not be asked|rather not)\b/iu
const ASKS =
  /[?？]|(?:까|나요|가요|는지|신지|을지|ㄹ지)(?:요)?[.\s]*$|알려|적어|말씀|남겨|보내|주세요|주십시오|주시|부탁|바랍|필요합|확인|궁금|\b(?:please|tell|give|provide|send|share|need|let us know|what|which|who|where|when|how|could you|can you|would you|confirm|state)\b/iu

/** In the order of the text. */
export function identifyingPassages(text: string): IdentifyingPassage[] {
  return [...text.matchAll(SENTENCE)]
    .flatMap(({ 0: sentence, index }) => {
      if (FORBIDS.test(sentence)) return []
      const weight = ASKS.test(sentence) ? ('asks' as const) : ('mentions' as const)
      return PATTERNS.flatMap(([kind, pattern]) =>
        [...sentence.matchAll(pattern)].map(match => {
          const start = index + match.index
          return { kind, weight, start, end: start + match[0].length }
        }),
      )
    })
    .sort((a, b) => a.start - b.start)
}
