// 기기와 키, 처음 쓰기, 한국어. 명령은 영어와 같습니다.
import { englishKeys } from './en-keys.ts'

const STEPS: readonly { title: string; text: string }[] = [
  {
    title: '이 기기의 키를 만듭니다',
    text: '이 컴퓨터의 내 폴더에서 합니다. 암호 문구는 직접 정하며, 비밀은 이 파일 밖으로 나가지 않습니다. request.json은 공개해도 됩니다.',
  },
  {
    title: '증명서에 서명을 받습니다',
    text: 'request.json을 기관 신원 키 담당자에게 주고, 기기 번호를 서로 읽어 맞춥니다(bongsu authority public). 조사·수사 담당이면 --role investigator --scopes cases 로 합니다.',
  },
  {
    title: '증명서를 키 파일에 넣습니다',
    text: '담당자가 intake.note를 돌려줍니다.',
  },
  {
    title: '기기가 유효함을 게시합니다',
    text: '담당자가 기관의 기기 목록에 더합니다. 접수 기기는 기간 키도 만들어야 하고, 그것이 없으면 아무도 기관에 신고할 수 없습니다. 공고도 담당자가 게시합니다. 기관의 첫 기기라면 --previous 없이 --number 1 로 합니다.',
  },
  {
    title: '엽니다',
    text: '앞 화면에서 intake.key.json을 고르고 암호 문구를 입력하면 사건이 나타납니다. 봉인된 사본을 금고에 두세요. 잃으면 그 기간의 신고를 아무도 열 수 없습니다. 키 파일 하나를 두 컴퓨터에서 쓰지 마세요.',
  },
]

export const koreanKeys: typeof englishKeys = {
  devices: {
    heading: '기기와 키',
    loading: '게시된 목록을 읽는 중…',
    own: '이 기기',
    validUntil: (day, days) =>
      days < 0
        ? `증명서가 ${day}에 끝났습니다.`
        : `증명서는 ${day}까지입니다. ${days === 0 ? '오늘이 마지막 날입니다.' : `${days}일 남았습니다.`}`,
    renewTitle: '지금 증명서를 새로 받으세요',
    renewText:
      '기관 신원 키 담당자에게 이 기기의 요청에 다시 서명을 받아 넣고, 새 기기 목록을 게시하게 하세요. 마지막 날이 지나면 서비스가 이 기기를 받지 않습니다.',
    renewCommands: englishKeys.devices.renewCommands,
    sealed: '키 파일은 암호 문구로 봉인되어 있습니다.',
    plain: '키 파일이 봉인되어 있지 않습니다. 복사한 사람은 누구나 신고를 열 수 있습니다.',
    list: '기관의 기기',
    version: version => `기기 목록 ${version}번, 게시된 것을 검증했습니다`,
    id: '기기',
    role: '역할',
    scopes: '할 수 있는 일',
    from: '부터',
    until: '까지',
    state: '상태',
    states: {
      active: '유효',
      ending: '곧 끝남',
      early: '아직 아님',
      expired: '끝남',
      revoked: '폐기됨',
    },
    scope: { intake: '신고 받기', cases: '읽고 회신', status: '목록 보기', pickup: '열쇠 나누기' },
    ownMark: '이 기기',
    unknown: '아무도 모르는 기기가 있습니까? 신원 키 담당자에게 바로 폐기해 달라고 하세요.',
    epochs: '기간 키',
    epochsText: '신고자는 가장 새로운 키로 봉인합니다. 한 주 동안 봉인하고, 두 주 더 오는 것을 받습니다.',
    reachable: day => `${day}까지 이 기관에 신고할 수 있습니다.`,
    unreachable: '지금은 아무도 이 기관에 신고할 수 없습니다. 오늘 쓸 기간 키가 없습니다.',
    renewalTitle: '새 기간 키를 만들 때입니다',
    renewalText:
      '접수 기기에서 만들고, 신원 키 담당자가 공고를 게시합니다. 없으면 아무도 신고할 수 없습니다.',
    renewalCommands: englishKeys.devices.renewalCommands,
    key: '키',
    sealsUntil: '봉인 기한',
    acceptedUntil: '접수 기한',
    epochStates: { future: '예정', current: '사용 중', closing: '마감 중', ended: '끝남' },
    held: '씨앗이 이 파일에 있음',
    notHeld: '씨앗은 다른 곳에',
    unpublished: '게시 안 됨',
    todo: '할 일',
    todos: {
      nothing: '–',
      keep: '씨앗 보관',
      'open-first': count => `사건 ${count}건을 먼저 열기`,
      destroy: '지금 씨앗 파기',
    },
    destroyTitle: '씨앗을 파기하기 전에',
    destroySteps: [
      '그 기간의 모든 사건을 접수 기기에서 열거나, 열 수 없음으로 기록합니다. 남은 것은 표에 있습니다.',
      '각 사건에 열람 확인을 합니다. 그래야 내용 키가 다른 기기로 갑니다. 추가 진술도 «키 나누기»로 넘깁니다.',
      '다른 사람이 다른 기기에서 하나를 열어 보아 실제로 되는지 확인합니다.',
      '그다음 키 파일과 모든 사본에서 그 기간의 항목을 지웁니다. 아직 명령이 없습니다. 지우기 전에는 훔친 파일로 모두 열립니다.',
    ],
    openCase: shown => `사건 ${shown} 보기`,
    more: count => `외 ${count}건`,
  },
  enrol: {
    heading: '기기를 등록하는 방법',
    lead: '한 번, 다섯 단계, 두 사람이 합니다. 나와 기관 신원 키 담당자입니다. 명령은 이 프로그램의 폴더에서 터미널에 입력합니다.',
    where: { here: '이 기기에서', keeper: '신원 키 담당자가', browser: '이 브라우저에서' },
    steps: englishKeys.enrol.steps.map((step, at) => ({ ...step, ...STEPS[at] })),
    demoTitle: '시연입니까?',
    demoText:
      '키가 이미 있고 봉인되어 있지 않습니다. 시연을 시작한 사람의 데이터 폴더에서 아래 파일 가운데 하나를 고르고 암호 문구는 비워 두세요.',
    demoFiles: [
      ['data/demo/nis-intake.key.json', '신고를 먼저 받습니다. 이것으로 시작하세요'],
      ['data/demo/nis-investigator.key.json', '접수에서 열람 확인한 것을 읽습니다'],
      ['data/demo/police-intake.key.json', '다른 기관. 자기 사건만 봅니다'],
    ],
    deployment: '배치',
    deploymentUnknown: 'DEPLOYMENT에는 서비스가 시작할 때 보인 값을 넣고, 공개된 값과 비교하세요.',
    back: '열기 화면으로',
    done: '키 파일이 있습니다. 열기',
  },
}
