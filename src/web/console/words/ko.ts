// 콘솔이 하는 말, 한국어. 영어와 같은 항목을 가집니다.
import type { Words } from './en.ts'
import { koreanCase } from './ko-case.ts'
import { koreanFiles } from './ko-files.ts'
import { koreanKeys } from './ko-keys.ts'
import { koreanWork } from './ko-work.ts'

const unlockProblems: Words['unlock']['problems'] = {
  'passphrase-needed': {
    title: '봉인된 키 파일입니다.',
    text: '봉인할 때 정한 암호 문구를 입력하세요.',
  },
  'passphrase-wrong': {
    title: '이 암호 문구로는 열리지 않습니다.',
    text: '한/영과 대소문자를 확인하고 다시 입력하세요. 암호 문구는 누구도 찾아 주거나 바꿔 줄 수 없습니다. 잊었다면 이 기기를 새로 등록해야 합니다.',
  },
  'file-damaged': {
    title: '키 파일이 손상되었습니다.',
    text: '잘렸거나 바뀐 파일입니다. 보관해 둔 봉인된 사본을 쓰고, 손상된 파일은 다른 사람에게 열어 보게 하지 마세요.',
  },
  'not-a-key-file': {
    title: '키 파일이 아닙니다.',
    text: '«bongsu authority new-device»로 만든 파일을 고르세요. 예: intake.key.json',
  },
  'not-a-device-key': {
    title: '기기의 키가 아닙니다.',
    text: '문서에 서명하는 키(뿌리·명부·기관 신원)입니다. 브라우저가 있는 컴퓨터에 두지 말고, 이 기기의 키 파일을 고르세요.',
  },
  'certificate-missing': {
    title: '아직 기기 증명서가 없습니다.',
    text: '기관 신원 키 담당자에게서 증명서를 받으면 키 파일에 넣으세요: bongsu authority install',
  },
  'certificate-wrong': {
    title: '키 파일의 증명서가 맞지 않습니다.',
    text: '기관 신원 키가 서명한 것이 아니거나, 그 뒤 신원 키가 바뀌었습니다. 담당자에게 새 증명서를 요청하세요.',
  },
  'certificate-early': {
    title: '증명서가 아직 유효하지 않습니다.',
    text: '첫날이 오지 않았습니다. 이미 지났어야 한다면 이 컴퓨터의 날짜를 확인하세요.',
  },
  'certificate-expired': {
    title: '증명서의 유효 기간이 지났습니다.',
    text: '기관 신원 키 담당자에게 새 증명서를 받아 넣은 뒤 다시 여세요. 사건은 그대로 있습니다.',
  },
  'other-deployment': {
    title: '다른 배치의 키입니다.',
    text: '이 주소의 서비스는 이 기기를 등록한 서비스가 아닙니다. 주소를 확인한 뒤 다시 하고, 확실하지 않으면 멈추세요.',
  },
  'agency-unknown': {
    title: '기관 명부에 이 기관이 없습니다.',
    text: '기관이 없어졌거나 이름이 바뀌었을 수 있습니다. 명부에 서명하는 곳에 물어보세요.',
  },
  'scope-missing': {
    title: '이 기기는 어떤 사건도 볼 수 없습니다.',
    text: '증명서에 권한 범위가 없습니다. 신원 키 담당자에게 필요한 범위의 증명서를 요청하세요.',
  },
  'directory-expired': {
    title: '기관 명부의 유효 기간이 지났습니다.',
    text: '명부에 서명하는 곳이 새 명부를 게시해야 합니다. 그동안 폐기된 키가 있어도 알 수 없으니, 신고를 미룰 수 없을 때만 계속하세요.',
  },
  'file-unreadable': {
    title: '파일을 읽을 수 없습니다.',
    text: '파일이 옮겨졌거나 저장 장치가 빠졌을 수 있습니다. 다시 고르세요.',
  },
  'engine-missing': {
    title: '화면의 일부를 받지 못했습니다.',
    text: '다시 시도하세요. 계속되면 화면을 새로 불러오세요.',
  },
  away: {
    title: '서비스가 응답하지 않습니다.',
    text: '키 때문이 아닙니다. 네트워크를 확인하고 다시 시도하세요.',
  },
  refused: {
    title: '서비스가 이 기기를 더는 받지 않습니다.',
    text: '폐기되었거나 유효 기간이 끝난 기기입니다. 이 컴퓨터로 다른 일을 하기 전에 기관 신원 키 담당자와 이야기하세요.',
  },
  outdated: {
    title: '이 화면과 서비스의 판이 서로 다릅니다.',
    text: '화면을 새로 불러오세요.',
  },
  unproven: {
    title: '서비스의 말이 증명되지 않습니다.',
    text: '더 하지 마세요. 이곳이 아닌 다른 길로 운영자에게 알리세요.',
  },
  broken: {
    title: '화면에 오류가 났습니다.',
    text: '저희의 실수입니다. 화면을 새로 불러오고, 다시 나면 운영자에게 알려 주세요.',
  },
}

export const korean: Words = {
  title: '봉수 · 기관',
  otherLanguage: 'English',
  notice: '알림',
  close: '닫기',
  retry: '다시 시도',
  retryNow: '지금 시도',
  reload: '화면 새로 불러오기',
  troubles: {
    away: '서비스가 응답하지 않습니다.',
    refused: '서비스가 이 기기를 받지 않습니다.',
    outdated: '이 화면과 서비스의 판이 다릅니다. 화면을 새로 불러오세요.',
    unproven: '서비스의 말이 증명되지 않습니다. 믿지 마세요.',
    broken: '화면에 오류가 났습니다.',
  },
  unlock: {
    heading: '열기',
    lead: '이 기기의 키 파일로 엽니다. 파일은 이 컴퓨터 안에서만 읽고 어디로도 보내지 않습니다.',
    file: '키 파일',
    choose: '파일 고르기…',
    change: '다른 파일 고르기…',
    noFile: '아직 고른 파일이 없습니다',
    passphrase: '암호 문구',
    passphraseHelp: '시연처럼 봉인하지 않은 파일이면 비워 두세요.',
    show: '암호 문구 보기',
    go: '열기',
    busy: '여는 중… 일부러 몇 초 걸리게 되어 있습니다',
    fileFirst: '키 파일을 먼저 고르세요.',
    facts: [
      '해독한 내용은 저장하지 않습니다. 잠그거나, 떠나거나, 새로 불러오면 사라집니다.',
      '10분 동안 아무 움직임이 없으면 스스로 잠깁니다.',
      '사건에 한 일은 이 기기가 서명하며 사건의 이력에 남습니다.',
    ],
    first: '이 기기에서 처음입니까?',
    enrol: '기기를 등록하는 방법',
    goOnStale: '지난 명부로 그래도 열기',
    problems: unlockProblems,
    reasons: {
      idle: '10분 동안 쓰지 않아 잠갔습니다. 보내지 않은 초안은 사라졌습니다.',
      locked: '잠갔습니다. 이 화면에 사건 내용이 남아 있지 않습니다.',
      refused:
        '서비스가 이 기기를 더는 받지 않습니다. 폐기되었거나 증명서가 끝났습니다. 화면은 바로 잠갔습니다. 기관 신원 키 담당자와 이야기하세요.',
    },
    check: '암호 문구를 입력하기 전에 이 화면을 확인하려면',
    version: '판',
    source: '소스',
    manifest: '이 화면을 이루는 파일과 해시',
    service: '서비스',
  },
  frame: {
    cases: '사건',
    devices: '기기와 키',
    keys: '단축키',
    lock: '잠그기',
    main: '주 메뉴',
    demonstration: '시연입니다. 실제 신고가 아니며 어느 기관에도 전달되지 않습니다.',
    stale:
      '기관 명부의 유효 기간이 지났습니다. 그 뒤 열쇠가 바뀌었을 수 있으니 게시된 것을 그대로 믿지 마세요.',
    plainKey: '이 기기의 키 파일이 봉인되어 있지 않습니다. 실제 신고를 받기 전에 암호 문구로 봉인하세요.',
    ending: days =>
      days <= 0 ? '이 기기의 증명서가 오늘 끝납니다.' : `이 기기의 증명서가 ${days}일 뒤 끝납니다.`,
    endingMore: '할 일 보기',
    roles: {
      intake: '접수',
      investigator: '조사·수사',
      supervisor: '감독자',
      auditor: '감사',
      machine: '자동 처리',
    },
  },
  connection: {
    live: '실시간',
    loading: count => `불러오는 중… ${count}건`,
    away: '서비스 응답 없음',
    awayText: (since, seconds) =>
      `${since}부터 응답이 없습니다. 보이는 것이 최신이 아닐 수 있습니다. ${seconds > 0 ? `${seconds}초 뒤` : '지금'} 다시 시도합니다. 초안은 그대로 있습니다.`,
    ended: '실시간 아님',
    outdatedTitle: '서비스가 바뀌어 이 화면이 오래되었습니다',
    outdatedText: '화면을 새로 불러오고 다시 여세요. 보내지 않은 초안은 함께 사라지니 먼저 옮겨 두세요.',
    unprovenTitle: '멈추세요. 서비스의 말이 증명되지 않습니다',
    unprovenText:
      '누군가 중간에 있거나 서비스가 바뀌었을 수 있습니다. 열람 확인도 회신도 하지 말고, 전화나 대면으로 운영자에게 알리세요.',
    brokenTitle: '화면이 멈췄습니다',
    brokenText: '저희의 실수입니다. 화면을 새로 불러오고 다시 여세요. 초안은 함께 사라집니다.',
  },
  idle: {
    title: '자리에 계십니까?',
    text: seconds => `${seconds}초 뒤 잠깁니다. 보내지 않은 초안은 사라집니다.`,
    stay: '계속 쓰기',
  },
  keys: {
    heading: '단축키',
    list: [
      ['j, ↓', '다음 사건'],
      ['k, ↑', '이전 사건'],
      ['Home, End, Page ↑ ↓', '목록 안에서 이동'],
      ['Enter', '사건 열기'],
      ['Esc', '목록으로'],
      ['/', '사건 번호로 찾기'],
      ['1 … 5', '신고 내용, 대화, 처리, 이력, 기술 정보'],
      ['r', '회신 쓰기'],
      ['g', '사건 또는 기기'],
      ['?', '이 안내'],
    ],
    off: '한 글자 단축키 쓰기',
    offHelp: '음성으로 입력한다면 끄세요. Enter, 화살표, Esc는 그대로 됩니다.',
  },
  inbox: {
    heading: '사건',
    list: '사건 목록',
    search: '사건 번호',
    searchHint: '일부만 입력해도 됩니다',
    filters: '거르기',
    filtersOn: count => `거르기 (${count})`,
    states: '상태',
    urgent: '긴급',
    wished: '철회 희망',
    dues: '기한',
    dueFilters: { any: '모두', soon: '7일 안이거나 지남', overdue: '기한 지남' },
    days: '접수일',
    from: '부터',
    to: '까지',
    sizes: '크기',
    clear: '모두 보기',
    order: '순서',
    orders: {
      urgency: '급한 순서',
      due: '기한 순서',
      activity: '최근 변동',
      day: '접수일',
      size: '크기',
      state: '상태',
    },
    descending: '내림차순',
    ascending: '오름차순',
    counted: (shown, all) => (shown === all ? `${all}건` : `${all}건 중 ${shown}건`),
    empty: '아직 사건이 없습니다.',
    emptyText: '신고자가 이 기관 앞으로 봉인한 신고가 저절로 나타납니다.',
    noMatch: '맞는 사건이 없습니다.',
    arrived: count => `새 사건 ${count}건이 들어왔습니다.`,
    state: {
      new: '신규',
      acknowledged: '열람 확인',
      unopenable: '열 수 없음',
      withdrawn: '철회됨',
      left: '다른 기관이 맡음',
    },
    urgentBadge: '긴급',
    wishedBadge: '철회 희망',
    followUps: count => `추가 진술 ${count}건`,
    due: days => (days < 0 ? `${-days}일 지남` : days === 0 ? '오늘까지 열람' : `${days}일 안에 열람`),
    dueDay: (day, left) => (left < 0 ? `기한 ${-left}일 지남` : left === 0 ? '오늘까지' : `${day}까지`),
    offered: '우리 기관에 온 제안',
    changed: time => `${time} 변동`,
    pick: '사건을 고르세요',
    pickText: '화살표와 Enter, 또는 클릭으로 고릅니다. 말씀하시기 전에는 아무것도 받거나 해독하지 않습니다.',
  },
  case: koreanCase,
  work: koreanWork,
  files: koreanFiles,
  devices: koreanKeys.devices,
  enrol: koreanKeys.enrol,
}
