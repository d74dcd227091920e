// 사람에게 하는 말, 한국어. 영어와 같은 항목을 가집니다.
import type { ProblemName } from '../../contract/problems.ts'
import { english, type Words } from './en.ts'
import { koreanCodeMistake } from './ko-code.ts'
import { KOREAN_FILE_FAILURES, KOREAN_FILE_PROBLEMS, koreanFiles } from './ko-files.ts'
import { KOREAN_FILE_ERRORS, koreanInput } from './ko-input.ts'
import { KOREAN_WORK_FAILURES, koreanWork } from './ko-work.ts'

const codeBlock = (code: string) => ['', `    ${code}`, '']
const span = ([first, last]: readonly [number, number]) => (first === last ? `${first}` : `${first}–${last}`)

export const korean: Words = {
  askCode: '접수 코드 (입력해도 보이지 않습니다): ',
  askPassphrase: '암호 문구 (입력해도 보이지 않습니다): ',
  askPassphraseAgain: '같은 암호 문구를 한 번 더: ',
  askSend: '이 기관에 신고서를 보낼까요? [y/N]',
  askWithdraw: '신고를 철회할까요? 되돌릴 수 없습니다. [y/N]',

  firstUse: id =>
    `배치 식별값 ${id}\n  미리 고정해 둔 값이 없어 그대로 믿었습니다. 운영자가 공개한 값과 비교한 뒤 --deployment 로 고정해 주십시오.`,
  demonstration: '시연용 서비스입니다. 여기로 보낸 것은 어느 기관에도 전달되지 않습니다.',
  stale: '기관 명부의 유효 기간이 지났습니다. 그 뒤에 열쇠가 바뀌었을 수 있습니다.',
  excluding: names =>
    `제외한 기관: ${names.join(', ')}\n  봉인된 신고 안에 적습니다. 신고를 받는 기관만 읽을 수 있고, 그 기관의 기기가 이곳으로 넘기지 않습니다.\n  사람이 다른 방법으로 전하는 것까지 막지는 못합니다.`,
  recommended: names => `기관 명부가 권하는 곳: ${names.join(', ')}`,

  sent: ({ names, day, code, receiptFile }) => [
    `${day}에 보냈습니다. 다음 기관만 열 수 있게 봉인했습니다: ${names.join(', ')}`,
    '',
    '접수 코드입니다. 지금 한 번만 보이고 어디에도 남지 않습니다.',
    ...codeBlock(code),
    '종이에 적어 두십시오. 이 코드가 있어야만 처리 상황을 보고, 회신을 읽고, 내용을 덧붙이고, 신고를 철회할 수 있습니다.',
    '누군가 이 코드를 주우면 회신을 읽고 신고자 이름으로 글을 쓸 수 있습니다. 다만 신고서 내용은 열 수 없습니다.',
    ...(receiptFile === undefined ? [] : ['', `서명된 접수증은 ${receiptFile} 파일에 있습니다.`]),
  ],
  maybeSent: code => [
    '제대로 된 응답을 받지 못했습니다. 신고서가 도착했을 수도, 아닐 수도 있습니다. 도착했다면 접수 코드는 다음과 같습니다.',
    ...codeBlock(code),
    '적어 두고 `bongsu status`로 확인해 보십시오. 아무것도 나오지 않으면 신고서를 다시 보내 주십시오.',
  ],
  notSent: '신고서를 보내지 않았습니다.',
  notWritten: '추가 진술을 보내지 않았습니다.',
  maybeWritten: '추가 진술이 도착했을 수도, 아닐 수도 있습니다. `bongsu status`에 도착한 건수가 나옵니다.',
  notWithdrawn: '신고를 철회하지 않았습니다.',
  maybeWithdrawn:
    '신고가 철회되었을 수도, 아닐 수도 있습니다. `bongsu status`로 확인할 수 있으며, 한 번 더 철회해도 괜찮습니다.',
  reportState: (state, day) =>
    state === 'received'
      ? `${day}에 접수되었고, 접수증이 유효합니다.`
      : `${day}에 접수되었고, 철회되었습니다.`,
  agencyAnswer: ({ answer, state, overdue, withdrawalWished, day, byMachine }) => {
    if (answer === 'forged') return '위조: 이 기관의 기기가 서명하지 않은 응답이 있습니다.'
    if (state === 'withdrawn') return '철회됨. 이 기관의 열쇠는 파기되었습니다.'
    const wish = withdrawalWished ? ' 철회 의사가 전달되었습니다.' : ''
    if (answer === 'acknowledged' && byMachine)
      return `${day}에 기관의 기계가 담당자들에게 전달했습니다. 아직 사람이 열어 보지는 않았습니다.${wish}`
    if (answer === 'acknowledged') return `${day}에 열어 보았습니다. 기관이 증명했습니다.${wish}`
    if (answer === 'unopenable') return `열지 못했습니다 (${day}). 새 신고로 다시 보내 주십시오.`
    return overdue ? '약속한 기간 안에 열지 않았습니다.' : '아직 열지 않았습니다.'
  },
  followUpCount: count => `추가 진술 ${count}건`,

  noReplies: '회신이 없습니다.',
  forgedReply: '위조: 이 기관의 기기가 이 신고에 대해 서명한 회신이 아닙니다.',
  followUpsSeen: indexes => `추가 진술 ${indexes.join(', ')}번까지 읽고 쓴 회신입니다.`,
  missingReplies: (agency, gaps) =>
    `${agency}: ${gaps.map(span).join(', ')}번 회신이 없습니다. 직접 지웠거나, 사라진 것입니다.`,
  unreadable: ids => `이 신고의 회신으로 읽을 수 없는 것이 있습니다. 지우려면: --delete ${ids.join(' ')}`,
  deleted: count => `${count}건을 지웠습니다.`,
  written: (index, names) => `추가 진술 ${index}번을 보냈습니다. 열 수 있는 기관: ${names.join(', ')}`,
  withdrawal: outcome =>
    ({
      withdrawn: '철회했습니다. 이제 어느 기관도 신고서를 열 수 없습니다.',
      'wish-recorded': '이미 열어 본 신고입니다. 서명된 철회 의사를 남겼으며, 처리는 기관이 결정합니다.',
      'partly-withdrawn':
        '아직 열지 않은 기관에서는 철회했습니다. 이미 열어 본 기관에는 철회 의사를 남겼습니다.',
    })[outcome],

  noCases: '사건이 없습니다.',
  watching: '새 사건을 기다립니다. Ctrl-C로 끝냅니다.',
  waitingForService: '서비스가 응답하지 않아 기다리는 중입니다.',
  urgent: '긴급',
  withdrawalWished: '철회 희망',
  caseState: {
    new: '신규',
    acknowledged: '열람 확인',
    unopenable: '열 수 없음',
    withdrawn: '철회됨',
    left: '다른 기관이 맡음',
  },
  caseTitle: (id, day) => `사건 ${id}, ${day} 접수`,
  withdrawalState: {
    wished: '신고자가 철회를 원합니다. 서명이 확인되었습니다.',
    forged: '서비스가 철회 의사가 있다고 하지만 신고자의 서명을 보이지 못합니다.',
  },
  followUpTitle: (index, day) => `추가 진술 ${index}번, ${day}`,
  notOpened: '이 기기로는 열 수 없습니다',
  kind: '유형',
  field: '분야',
  notFor: '이 신고가 가서는 안 되는 기관: 제안하지도, 다른 방법으로 알리지도 마십시오',
  acknowledgedNow: '열람을 확인했습니다. 신고자가 그 사실을 볼 수 있습니다.',
  acknowledgedBefore: events =>
    events.some(({ verdict }) => verdict === 'acknowledged')
      ? '이미 열람을 확인했습니다. 새로 기록할 것이 없습니다.'
      : '열람을 확인하지 않았습니다: --no-record',
  unopenable: recorded =>
    `봉인에 쓰인 열쇠로 이 신고서를 열 수 없습니다.${recorded ? ' 신고자가 이 사실을 볼 수 있습니다.' : ''}`,
  replied: (numbers, file) =>
    `${numbers.join(', ')}번으로 보냈습니다. 마지막 번호는 ${file} 파일에 있습니다.`,

  wrote: file => `${file} 파일을 썼습니다.`,
  published: file => `${file} 파일을 게시했습니다.`,
  receiptLine: (file, day, leaf) => `  ${file}: ${day} 접수, 잎 ${leaf}`,
  verified: id => `배치 식별값 ${id}: 모든 서명이 확인되었습니다.`,
  rootLine: ({ version, expires, threshold, keys }) =>
    `뿌리 문서 ${version}번, 열쇠 ${keys}개 중 ${threshold}개, ${expires}까지.`,
  directoryLine: ({ version, expires, demonstration }) =>
    `기관 명부 ${version}번, ${expires}까지${demonstration ? ', 시연용' : ''}.`,
  noEpoch: '오늘 쓸 수 있는 기간 키가 없어 보낼 수 없습니다',
  epochUntil: day => `기간 키 ${day}까지`,

  backedUp: (folder, hasServerKey) => [
    `${folder}에 백업했습니다. 백업이 끝나기 전에 접수를 확인해 준 것은 모두 들어 있습니다.`,
    '복원하려면 복사한 뒤 그 사본으로 시작하십시오(BONGSU_DATA=사본). 한 번 시작한 백업은 다시 백업으로 쓸 수 없습니다.',
    hasServerKey
      ? 'server.key가 들어 있습니다. 이것을 가진 사람은 누구나 서비스 이름으로 접수증에 서명할 수 있습니다. 암호화하거나 그 파일을 다른 곳으로 옮기십시오.'
      : '서버 키는 들어 있지 않습니다. 따로 백업하십시오.',
  ],

  serving: ({ reporterUrl, agencyUrl, deployment, keyFile, next }) => [
    `신고자: ${reporterUrl}`,
    `기관:   ${agencyUrl}`,
    `배치 식별값 ${deployment}`,
    ...(keyFile === null
      ? []
      : [
          '',
          '시연용 배치이며 열쇠는 데이터 폴더에 있습니다. 브라우저에서 여십시오.',
          `  ${reporterUrl}  신고하기`,
          `  ${agencyUrl}  기관으로서 읽기, 키 파일은 ${keyFile}`,
          '또는 다른 터미널에서 해 보십시오.',
          ...next.map(command => `  ${command}`),
        ]),
    '',
    'Ctrl-C로 멈춥니다.',
  ],

  files: koreanFiles,
  work: koreanWork,

  failure: failure => {
    const { kind, detail, mistake, given, file } = failure
    if (mistake) return `접수 코드가 아닙니다. ${koreanCodeMistake(mistake)} 아무것도 보내지 않았습니다.`
    if (given) return koreanInput[given.kind](given.about, given.more)
    if (file) return `${file.path === null ? '' : `${file.path}: `}${KOREAN_FILE_ERRORS[file.code]}`
    const ofWork = KOREAN_WORK_FAILURES[kind]
    if (ofWork) return ofWork(detail)
    const detailed = DETAILED_FAILURES[kind]
    return (
      PLAIN_FAILURES[kind] ??
      (detailed ? `${detailed} (${SILENCES[detail] ?? detail})` : english.failure(failure))
    )
  },
}

/** 서비스에 닿지 않은 까닭. 나머지 까닭은 개발자를 위한 것이라 영어로 둡니다. */
const SILENCES: Readonly<Record<string, string>> = {
  'no connection': '연결이 되지 않음',
  'no answer in time': '제때 응답하지 않음',
}

const DETAILED_FAILURES: Readonly<Record<string, string>> = {
  unreachable: '서비스에 연결할 수 없습니다.',
  'no-proxy':
    'SOCKS 프록시가 응답하지 않습니다. Tor가 실행 중입니까? Tor 브라우저를 쓴다면 --socks 127.0.0.1:9150 입니다.',
  'unexpected-answer': '응답한 쪽이 이 규약을 따르지 않습니다.',
  unproven: '서비스의 말이 증명되지 않아 받아들이지 않았습니다.',
  'bad-input': '사용할 수 없는 입력입니다.',
  'bad-document': '형식이 맞지 않는 파일입니다.',
  file: '파일을 사용할 수 없습니다.',
  configuration: '설정이 올바르지 않습니다.',
  fault: '프로그램에 오류가 났습니다.',
  unrecognised: '서비스가 이유 없이 거절했습니다.',
}

const PROBLEM_TEXTS: Partial<Record<ProblemName, string>> = {
  'not-found':
    '여기에는 해당하는 것이 없습니다.\n  코드나 사건 번호, 서비스 주소를 확인해 주십시오. 남의 것도 같은 답을 합니다.',
  'device-refused':
    '이 기기는 그 일을 할 수 없습니다.\n  기관의 기기 목록에 있고 유효한지 관리자에게 확인해 주십시오.',
  'scope-missing': '기기의 인증서가 허용하지 않는 일입니다.',
  'report-conflict': '이 코드로 이미 다른 신고가 접수되었습니다.',
  'report-withdrawn': '철회된 신고입니다.\n  새 접수 코드로 새로 신고해 주십시오.',
  'assignment-changed': '그 사이에 담당 기관이나 기록이 바뀌었습니다. 다시 해 주십시오.',
  'action-refused': '지금 이 기기로는 할 수 없는 일입니다. 사건을 다시 열어 확인해 주십시오.',
  'chain-moved': '같은 기관의 다른 기기가 먼저 기록했습니다. 다시 열어 주십시오.',
  'payload-too-large': '내용이 너무 깁니다.',
  'recipient-refused': '받지 않는 기관이나 열쇠입니다. 다시 해 주십시오.',
  'document-refused': '문서의 형식이나 서명, 날짜가 맞지 않습니다.',
  'document-stale': '같은 번호나 더 높은 번호의 문서가 이미 게시되어 있습니다.',
  'quota-exceeded': '이 기기는 오늘 보낼 수 있는 만큼 보냈습니다.',
  'too-many-requests': '요청이 너무 많습니다. 잠시 뒤에 다시 해 주십시오.',
  'internal-error': '서비스에서 오류가 났습니다. 같은 내용을 나중에 다시 보내 주십시오.',
  unavailable: '서비스가 지금은 저장소를 쓸 수 없습니다. 잠시 뒤에 다시 해 주십시오.',
}

const PLAIN_FAILURES: Readonly<Record<string, string>> = {
  ...PROBLEM_TEXTS,
  ...KOREAN_FILE_PROBLEMS,
  ...KOREAN_FILE_FAILURES,
  'no-key':
    '이 기기로 열 수 있는 열쇠가 없습니다. 철회되었거나, 다른 기관이 맡았거나, 이 기기에 아직 전달되지 않았습니다. 열 수 있는 동료가 `bongsu open`으로 열면 전달됩니다.',
  unopenable: '봉인에 쓰인 열쇠로 열 수 없습니다.',
  'too-long': '내용이 너무 깁니다.',
  'code-as-argument':
    '명령줄에 접수 코드를 적으셨습니다. 명령 기록에 남았습니다. 다른 사람이 볼 수 있으니 그 줄을 기록에서 지워 주십시오. 코드는 적지 않으면 따로 묻습니다.',
  interrupted: '중단했습니다.',
  declined: '아무것도 하지 않았습니다.',
}
