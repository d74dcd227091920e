// 사건 처리, 기계, 기간 키에 관한 말, 한국어.
import type { EpochStage, PickUpOutcome } from '../../client/index.ts'
import type { DeviceRole } from '../../protocol/agency-documents.ts'
import type { ClockState } from '../../protocol/clock-state.ts'
import type { EscalationStep } from '../../protocol/clocks.ts'
import { OBSTACLES, type Obstacle } from '../../protocol/lifecycle-obstacles.ts'
import type { englishWork } from './en-work.ts'

const role: Readonly<Record<DeviceRole, string>> = {
  intake: '접수',
  investigator: '조사·수사 담당',
  supervisor: '감독자',
  auditor: '감사',
  machine: '기계',
}

const escalation: Readonly<Record<EscalationStep, string>> = {
  handler: '담당자에게 알림',
  supervisor: '감독자에게 보고',
  auditor: '감사에게 보고',
  'yearly-figure': '연간 통계에 포함',
}

const powers: Readonly<Record<string, string>> = {
  'criminal-investigation': '범죄를 수사함',
  'administrative-investigation': '회사를 조사함',
  'fact-finding': '사실을 모아 수사기관에 넘김',
  support: '중소기업을 도움',
}

function clock({ condition, daysLeft, stopped, due }: ClockState): string {
  if (stopped !== null) return condition === 'missed' ? `${stopped}에 늦게 처리` : `${stopped}에 처리`
  if (condition === 'paused') return '보완 요청 중이라 멈춤'
  if (!due.known) return '이 날보다 이르지 않음. 그 뒤의 공휴일을 알 수 없음'
  const left = daysLeft ?? 0
  if (left < 0) return `기한 ${-left}일 지남`
  return left === 0 ? '오늘까지' : `${left}일 남음`
}

const offer: (typeof englishWork)['offer'] = {
  willRead: '다음 기관이 자기 기기에서 이 사건을 읽을 수 있게 됩니다.',
  powers: (list, territory) => `권한: ${list}. 관할: ${territory}.`,
  all: ({ followUps, attached, kept }) =>
    `전부입니다: 신고, 추가 진술 ${followUps}건, 첨부 파일 ${attached}개${
      kept > 0 ? ` (신고자가 보관하는 파일 ${kept}개의 이름도)` : ''
    }. 사건 메모는 넘어가지 않습니다.`,
  reason: code => `사유: ${code}.`,
  losing: '그 기관이 인수하면 이 기관은 더는 아무것도 읽을 수 없습니다.',
  leading: '이 기관이 계속 담당하며, 공동 조사를 끝낼 수 있습니다.',
  told: '제안한 사유는 그 기관과 신고자가 알게 되며, 신고자는 이의를 말할 수 있습니다.',
  exclusionsUnknown: '신고 양식의 답을 읽을 수 없어, 신고자가 이 기관을 제외했는지 알 수 없습니다.',
  excludedInWords: '신고자가 보아서는 안 된다고 직접 쓴 사람이나 곳:',
  ask: '제안에 서명할까요? [y/N]',
}

const outcome: Readonly<Record<PickUpOutcome, string>> = {
  'handed-on': '열람을 확인하고 열쇠를 나누었습니다.',
  'nothing-new': '기록할 것이 없습니다.',
  'not-ours': '여기에 없거나 제안만 받은 사건입니다.',
  'no-key': '이 기계에 없는 기간 키로 봉인되었습니다. 사람이 보아야 합니다.',
  unopenable: '열리지 않습니다. 사람이 보아야 합니다.',
  unproven: '증명되지 않는 것이 있습니다. 사람이 보아야 합니다.',
}

const stage: Readonly<Record<EpochStage, string>> = {
  ahead: '예정',
  sealing: '사용 중',
  accepting: '아직 받음',
  kept: '보관 중',
  over: '끝남',
}

const epochs: (typeof englishWork)['epochs'] = {
  none: '이 키 파일에는 기간 키의 씨앗이 없습니다.',
  stage,
  accepted: day => `${day}까지 받음`,
  unpublished: '게시된 공고에 없음',
  destroyable: '파기할 수 있음',
  destroyableFrom: (day, left) => `${day}부터 파기 가능 (${left}일 뒤)`,
  cases: (total, alone) =>
    alone === 0
      ? `사건 ${total}건, 이 씨앗이 꼭 필요한 사건 없음`
      : `사건 ${total}건, 이 씨앗으로만 열리는 사건 ${alone}건`,
  sealable: day =>
    day === null
      ? '오늘 쓸 기간 키가 없어 아무도 이 기관에 신고할 수 없습니다. 만들려면: bongsu authority rotate-epochs'
      : `${day}까지 이 기관에 신고할 수 있습니다.`,
  askDestroy: '이 씨앗들을 영구히 파기할까요? [y/N]',
  destroyed: list =>
    list.length === 0 ? '파기한 것이 없습니다.' : `파기했습니다: ${list.join(', ')}에 시작한 씨앗`,
  stillHanging: (day, cases) =>
    `${day}에 시작한 씨앗은 남겨 두었습니다. 파기하면 사건 ${cases}건을 잃습니다. 먼저 열쇠를 나누십시오.`,
  copies: '키 파일의 사본과 백업에는 그대로 남아 있습니다.',
}

const rotate: (typeof englishWork)['rotate'] = {
  published: (version, added) =>
    `공고 ${version}번을 게시했습니다. 더한 기간 키의 시작일: ${added.join(', ')}`,
  enough: last => `이미 충분히 게시되어 있습니다. 마지막 기간 키는 ${last ?? '-'}에 시작합니다.`,
  withoutSeed: list => `${list.join(', ')}에 시작하는 게시된 키의 씨앗이 어느 파일에도 없습니다.`,
}

export const koreanWork: typeof englishWork = {
  role,
  escalation,
  powers,
  clock,
  offer,
  epochs,
  rotate,
  pickup: {
    outcome,
    unopened: indexes => `추가 진술 ${indexes.join(', ')}번이 열리지 않습니다. 사람이 보아야 합니다.`,
    done: number => `열쇠를 나눈 사건 ${number}건`,
  },

  due: day => `${day}까지`,
  overdueSince: day => `기한 지남 (${day}까지였음)`,
  nothingDue: '기한이 있는 사건이 없습니다.',

  stateLine: (state, phase) => `현재: ${state} (단계: ${phase})`,
  ownStanding: standing =>
    standing.length === 0 ? '이 기관은 관여하지 않습니다.' : `이 기관: ${standing.join(', ')}`,
  asked: '이 기관이 받은 제안과 사유',
  partners: '다른 기관',
  workOf: name => `${name}의 조사`,
  clocks: '기한',
  reportersDuty: '신고자가 지킬 기한',
  target: '법이 아닌 자체 목표',
  history: '이력',
  nothingYet: '  아직 없음',
  proposal: label => `결정안: ${label}`,
  pending: (label, code, by) => `다른 사람의 동의를 기다림: ${label} · ${code} (제안 ${by.join(', ')})`,
  conflicts: by => `이해충돌을 신고한 기기: ${by.join(', ')}`,
  recused: list => `사건에서 배제된 기기: ${list.join(', ')}`,
  followUp: index => `추가 진술 ${index}번`,
  forged: '증명되지 않음',
  unreadable: '읽을 수 없음',

  openNow: (asRole, device) => `지금 이 기기로 할 수 있는 일 (${asRole} ${device}):`,
  notNow: '지금은 할 수 없는 일:',
  needsSecond: '다른 사람이 동의해야 함',
  tellsReporter: '신고자에게 알림',
  recorded: label => `기록했습니다: ${label}`,
  nothingToRecord: '기록할 것이 남아 있지 않습니다.',
  waitsForSecond: '다른 사람이 동의하면 이루어집니다.',
  reporterSees: '신고자가 이것을 볼 수 있습니다.',
  stateNow: state => `사건의 현재: ${state}`,
  gone: '이 사건은 이제 이 기관에 없습니다.',
  conflictDeclared:
    '이해충돌을 신고했습니다. 사건은 열지 않았으며, 이 기기로는 이 사건을 더 처리하지 않습니다.',
  conflictKnown: '이미 신고되어 있습니다.',

  onlyOffered:
    '아직 제안만 받은 사건입니다. `bongsu act`로 수락하거나 거절하십시오. 아무것도 기록하지 않았습니다.',

  contradicted: state =>
    state === 'left'
      ? '서비스는 이 기관이 사건에서 빠졌다고 하지만, 기관들이 서명한 이력에는 그런 기록이 없습니다. 아무것도 보내지 않습니다.'
      : '서비스는 이 기관이 사건을 맡고 있다고 하지만, 기관들이 서명한 이력으로는 이미 넘겼습니다. 아무것도 보내지 않습니다.',
  anotherAgency: '다른 기관',
  answerAsked: until => `답은 \`bongsu write\`로 보내 주십시오${until === null ? '.' : ` (${until}까지).`}`,
  howToObject: (agency, until) =>
    `동의하지 않으시면 \`bongsu write 파일 --object ${agency}\`로 이의를 말씀해 주십시오${until === null ? '' : ` (${until}까지)`}. 결정이라면 관여하지 않은 사람이 다시 살펴보고, 제안이라면 기관이 거둘 수 있습니다.`,
  objection: (what, day) => `이의: ${what} (${day})`,
  objecting: (what, day) => `다음에 이의를 제기합니다: ${what} (${day})`,
  objectionElsewhere: '이의: 이 기관이 아닌 다른 기관이 한 일에 대한 것',
  objectionAnswer: (label, command) => `  ${label}: \`${command}\``,
}

export const KOREAN_WORK_FAILURES: Readonly<Record<string, (detail: string) => string>> = {
  'not-allowed': obstacle => `지금은 할 수 없습니다. ${OBSTACLES[obstacle as Obstacle]?.ko ?? obstacle}`,
  'keys-missing': missing =>
    `사건은 빠짐없이 제안해야 하는데, 다음 추가 진술이 이 기기에서 열리지 않습니다(뒤의 번호는 열쇠를 가진 기기): ${missing}. 이 진술을 열 수 있는 동료가 \`bongsu act 사건 acknowledged\`로 열쇠를 나눈 뒤 다시 하십시오.`,
  excluded: agency => `신고자가 ${agency}에는 알리지 말라고 썼습니다. 아무것도 보내지 않았습니다.`,
}
