// 도움말, 한국어. 신고자가 쓰는 명령의 것입니다. 기관과 운영자의 명령은 영어로 둡니다.
import { LEAK_KINDS, TECHNOLOGY_FIELDS } from '../../protocol/taxonomy.ts'
import type { ExitCode } from '../exit.ts'

export const KOREAN_ABOUT = `산업기술 유출을 비밀을 지키며 신고합니다.
신고서는 이 기기에서 봉인하며, 받을 기관만 열 수 있습니다. 서비스는 읽을 수 없습니다.
비밀은 명령줄에 적지 않습니다. 접수 코드와 암호 문구, 키는 파일이나 표준 입력으로 주거나, 물을 때 입력합니다.`

export const KOREAN_EXITS: Readonly<Record<ExitCode, string>> = {
  0: '마쳤습니다',
  1: '서비스가 거절했거나, 여기에 해당하는 것이 없습니다',
  2: `사용법이나 입력이 맞지 않거나, 하지 않겠다고 답하셨거나, 신고자가 제외한 기관입니다. 아무것도 보내지 않았습니다
(접수 코드가 보였다면 신고서는 보냈고, 접수증이나 출력을 둘 자리가 없었던 것입니다)`,
  3: '서비스에 연결할 수 없거나, 서비스가 나중에 다시 하라고 하거나, 응답한 쪽이 이 서비스가 아닙니다',
  4: '증명되지 않은 것이 있습니다: 서명, 접수증, 열람 확인, 봉인된 글',
  5: '프로그램에 오류가 났습니다',
  6: '지금은, 또는 이 기기로는 할 수 없습니다: 사건의 현재, 기기의 역할, 동료가 가진 열쇠, 하루의 한도',
  130: '중단했습니다',
}

export const KOREAN_TITLES: Readonly<Record<string, string>> = {
  'Usage:': '사용법:',
  'Arguments:': '적을 것:',
  'Options:': '옵션:',
  'Commands:': '명령:',
}

/** 꺾쇠와 대괄호 안의 말. */
export const KOREAN_PLACEHOLDERS: Readonly<Record<string, string>> = {
  options: '옵션',
  command: '명령',
  file: '파일',
  folder: '폴더',
  state: '상태',
  case: '사건',
  action: '처리',
  agency: '기관',
  code: '코드',
  language: '언어',
  url: '주소',
  id: '식별값',
  seconds: '초',
  'host:port': '이름:포트',
}

export const KOREAN_USAGE = {
  helpOption: '이 도움말을 보여 줍니다',
  helpCommand: '명령의 도움말을 보여 줍니다',
  wrong: '명령을 이렇게는 쓸 수 없습니다. 아무것도 보내지 않았습니다.',
  more: '(--help 를 붙이면 사용법이 나옵니다)',
}

export const KOREAN_SUMMARIES: Readonly<Record<string, string>> = {
  serve: '서비스를 실행합니다',
  backup: '실행 중인 서비스의 데이터를 복사합니다',
  report: '신고서를 봉인하여 보냅니다',
  status: '신고가 어떻게 되었는지 봅니다',
  mailbox: '신고에 대한 회신을 읽습니다',
  write: '신고에 내용을 덧붙입니다',
  withdraw: '신고를 철회합니다',
  cases: '기관의 사건을 보여 줍니다',
  conflict: '사건을 열기 전에 이해충돌을 신고합니다',
  open: '사건을 열고 열람을 확인합니다',
  reply: '사건의 신고자에게 회신합니다',
  case: '사건의 현재를 봅니다: 맡은 사람, 기한, 한 일',
  act: '사건을 처리합니다: 검토, 보완 요청, 이송, 종결 …',
  pickup: '기계가 열람을 확인하고 열쇠를 나누게 합니다',
  epochs: '접수 기기의 기간 키: 언제까지 필요한지 보고, 파기합니다',
  verify: '뿌리 문서, 기관 명부, 기간 키, 기기 목록, 접수증을 확인합니다',
  authority: '키와 서명된 문서: 뿌리, 기관 명부, 기관, 기기',
}

/** 여러 명령에 있는 옵션. */
export const KOREAN_OPTIONS: Readonly<Record<string, string>> = {
  '--json': 'JSON 객체 하나를 한 줄로 출력합니다',
  '--lang': '출력하는 말. 적지 않으면 LANG을 따릅니다',
  '--server': '서비스의 주소',
  '--deployment': '배치 식별값을 고정합니다. 다른 배치는 거절합니다',
  '--allow-stale': '유효 기간이 지난 기관 명부도 씁니다',
  '--timeout': '응답마다 기다리는 시간',
  '--socks': 'Tor 같은 SOCKS5 프록시를 거칩니다. .onion 주소는 적지 않아도 127.0.0.1:9050 을 거칩니다',
  '--code-file':
    '접수 코드를 파일에서 읽습니다(- 는 표준 입력). 적지 않으면 물어보며, 입력해도 보이지 않습니다',
  '--attach': '파일을 봉인하여 함께 보냅니다. 32개까지, 모두 합해 2 GiB까지',
  '--keep': '파일의 이름, 크기, 지문만 보냅니다. 파일은 그대로 가지고 계시게 됩니다',
  '--resume-file': '명령이 끝난 뒤에도 올리던 것을 이어 보냅니다. 아래를 보십시오',
}

export interface KoreanCommand {
  readonly about: string
  readonly argument?: string
  readonly options: Readonly<Record<string, string>>
}

const codes = (list: Readonly<Record<string, { ko: string }>>) =>
  Object.entries(list)
    .map(([code, { ko }]) => `${code} ${ko}`)
    .join(', ')

const TEXT = '보낼 글, UTF-8. - 는 표준 입력'

export const KOREAN_COMMANDS: Readonly<Record<string, KoreanCommand>> = {
  report: {
    about: '글을 기관 한 곳에서 네 곳까지만 열 수 있게 봉인하여 보냅니다. 접수 코드를 한 번만 보여 줍니다.',
    argument: TEXT,
    options: {
      '--to': '받을 기관의 id, 한 곳에서 네 곳까지. 적지 않으면 기관 명부가 권하는 곳',
      '--not-for':
        '절대로 받아서는 안 되는 기관. 받은 기관의 기기가 그곳으로 넘기지 않습니다. 여러 번 적을 수 있습니다',
      '--kind': `유출 유형: ${codes(LEAK_KINDS)}`,
      '--field': `기술 분야: ${codes(TECHNOLOGY_FIELDS)}`,
      '--urgent':
        '지금 누군가를 깨웁니다. 서비스와 기관이 긴급하다는 것을 알게 되며, 그 밖에는 알려지지 않습니다',
      '--words': '접수 코드를 낱말 12개로 보여 줍니다',
      '--receipt': '서명된 접수증을 저장합니다. 보냈다는 증명이며, 아무것도 열지 못합니다',
      '--yes': '묻지 않습니다. 권하는 기관으로 보내고, 파일도 보냅니다',
    },
  },
  status: {
    about:
      '신고에 관해 증명된 것을 보여 줍니다: 접수했는지, 열어 보았는지, 어느 기관인지. 접수 코드를 묻습니다.',
    options: {},
  },
  mailbox: {
    about:
      '회신을 읽고 확인하거나, 회신과 그 파일을 아주 지웁니다. 접수 코드를 묻습니다. 파일은 목록만 보이며, --save 로 받습니다.',
    options: {
      '--delete': '이 회신들을 지웁니다. 식별값은 회신을 읽을 때 나옵니다',
      '--save': '진짜로 확인된 회신의 파일을 안전한 이름으로 그 폴더에 저장합니다(권한 0600)',
    },
  },
  write: {
    about: '신고를 맡은 기관만 열 수 있게 추가 진술을 봉인하여 보냅니다. 접수 코드를 묻습니다.',
    argument: TEXT,
    options: {
      '--to': '받으리라고 생각하는 기관. 서비스가 다른 기관을 대면 아무것도 보내지 않습니다',
      '--object':
        '그 기관이 마지막으로 결정하거나 제안한 일에 대한 이의로 보냅니다. 그 일은 `bongsu status`에 나옵니다',
      '--yes': '묻지 않고 파일을 보냅니다',
    },
  },
  withdraw: {
    about:
      '아직 신고서를 열지 않은 기관의 열쇠를 파기합니다. 이미 연 기관에는 서명된 철회 의사를 남기며, 처리는 기관이 결정합니다. 철회한 신고는 같은 코드로 다시 보낼 수 없습니다. 접수 코드를 묻습니다.',
    options: { '--yes': '묻지 않습니다' },
  },
  verify: {
    about:
      '파일에 있는 문서를 네트워크 없이 확인하고 내용을 보여 줍니다. --roots 를 적지 않으면 서비스가 게시한 것을 확인합니다.',
    options: {
      '--roots': '뿌리 문서들, 첫 번째부터',
      '--directory': '기관 명부',
      '--statement': '기관의 기간 키',
      '--devices': '기관의 기기 목록',
      '--receipt': '접수증',
    },
  },
}

export const KOREAN_ABOUT_FILES = `
파일은 이 기기에서 봉인하여 1 MiB씩 보냅니다. 파일의 이름은 봉인된 메시지 안에 있습니다. 연결이 끊기면 기다렸다가 저절로 이어
보냅니다. 파일에 담긴 정보(작성자, 회사, 사진의 위치, 고친 이력)는 지워지지 않고 함께 갑니다.

--resume-file 을 쓰면 이 명령이 끝난 뒤에도 이어 보낼 수 있습니다. 하루 안에 같은 파일과 같은 <상태> 파일로 다시 실행하십시오.
<상태> 파일은 처음 보내기 전에 쓰고(권한 0600), 메시지를 보냈거나 올리던 것이 사라지면 지웁니다. 그 안에는 첨부한 파일의 열쇠와
이름, 크기가 있고 접수 코드는 없습니다. 이 파일이 있는 동안 이것과 암호문을 얻은 사람은 첨부한 파일을 읽을 수 있으며, 그 사이에
만든 사본도 마찬가지입니다. 지우는 것 말고는 하지 않으므로, 디스크에 흔적이 남을 수 있습니다. 이 옵션을 쓰지 않으면 디스크에
아무것도 쓰지 않습니다.

기술 자료는 가지고 나오는 것만으로도 법에 걸릴 수 있습니다. 글로 설명하거나 --keep 으로 적으십시오. 그 파일은 그대로 두고 이름과
크기, SHA-256 지문만 봉인된 메시지에 담습니다. 나중에 바로 그 파일임을 보일 수 있습니다. 조금만 고쳐도 다른 파일이 되므로 그대로
보관하십시오.`

export const KOREAN_ABOUT_OBJECTING = `
추가 진술은 이의도 포함하여 신고를 맡은 모든 기관이 읽을 수 있습니다. 어떤 일에 대한 것인지는 그 일을 한 기관만 알아볼 수 있게
적으며, 다른 기관은 자기 일이 아니라는 것만 압니다. 다른 기관이 알 필요가 없는 기관의 이름은 글에 쓰지 마십시오.`
