// What the story of a hand-over says, in both languages. What people write to each other stays Korean.
const texts = {
  why: '국외로 나간 정황이 있어 압수수색이 필요합니다. 저희에게는 수사권이 없습니다.',
  followUp: '출입 기록은 이번 달 말에 지워진다고 들었습니다.',
  reply:
    '사건을 넘겨받은 경기남부경찰청입니다. 출입 기록은 오늘 보전을 요청했습니다.\n이 창구로 계속 연락드리겠습니다.',
  note: '영장 신청 준비. 제보자 부서가 드러나지 않게 건조동 전체로.',
  outcome: '피의자 두 명을 송치하였습니다. 도면은 국외로 나가기 전에 확보하였습니다.',
}

const en = {
  ...texts,
  write: 'A reporter writes, to an office for small firms',
  sent: (name: string, code: string) => `Sealed for ${name}. The code: ${code}`,
  intake: 'Its intake desk opens the report, and takes it into assessment',
  intakeDone: (device: string) =>
    `Acknowledged by device ${device}, which handed the key on to the office’s two other devices.`,
  state: (state: string, phase: string) => `The case stands at: ${state}. Phase: ${phase}.`,
  due: 'What the office owes, by clocks of law and its own targets:',
  offer: 'It lacks the power to search: an investigator offers the case to the police',
  offerSeen: 'Before the signature, the investigator’s device says who will read what:',
  offered: 'Signed. What the service stored of it, beside what the office and the reporter read:',
  serverSees: 'in the database',
  othersRead: 'with the keys',
  storedKind: (kind: string) => `kind   ${kind}`,
  storedDay: (day: string) => `day    ${day}`,
  storedSubject: (id: string) => `to     ${id}`,
  storedKeys: (count: number) => `keys   ${count} sealed to its epoch key`,
  storedSaid: 'code and text:',
  reporterSees: 'The reporter looks, with nothing but the code',
  answer: 'The police read what was offered, and take the case over',
  checked: (digest: string, followUps: number) =>
    `The report opens, with ${followUps} follow-ups; its digest ${digest}… is the one that the reporter’s receipt proves.`,
  takenOver: 'Accepted and taken over. Now the office asks for its old case:',
  oldAnswer: (answer: string) => `  its intake device, with all of its seeds: ${answer}`,
  joint: 'The police invite the intelligence service to work on it jointly',
  joined: (name: string) => `Joined: ${name}.`,
  uninvolved: (name: string, count: number) => `${name}, which nobody asked: its list has ${count} cases.`,
  followUpTitle: 'The reporter adds something, for whoever works on it now',
  followUpSent: (names: readonly string[]) =>
    `Sealed for ${names.join(' and ')}: as their signed chains say.`,
  followUpRead: (name: string) => `Read by ${name}.`,
  replyTitle: 'The police answer, and write a note for themselves',
  replyRead: (name: string, verdict: string) => `Read with the code: from ${name}, ${verdict}.`,
  noted: 'A case note, sealed to the team:',
  conclude: 'The investigator reports the outcome; somebody else closes',
  tries: (obstacle: string) => `The investigator tries to close, too: «${obstacle}»`,
  closed: (device: string) => `Closed by the supervisor, device ${device}.`,
  history: 'The police’s history, each line signed and checked:',
  last: 'What the reporter sees in the end',
  noteHidden: 'That there is a case note can be told from the chain; what it says, only the team can read.',
  end: 'The end',
  ending: [
    'Three agencies worked on one report. Each read it from the day on which it was sealed for it, and the first no longer.',
    'The service knows who worked with whom and when, and not one word of why. It stops now. Next: npm start',
  ],
}

const VERDICTS: Readonly<Record<string, string>> = { genuine: '서명 확인', forged: '위조' }

const ko: typeof en = {
  ...texts,
  write: '신고자가 중소기업을 돕는 기관에 신고합니다',
  sent: (name, code) => `봉인해 보낸 곳: ${name}. 접수 코드: ${code}`,
  intake: '접수 담당이 신고를 열고 검토를 시작합니다',
  intakeDone: device =>
    `기기(${device})가 열람을 확인하고, 같은 기관의 다른 기기 두 대에 열쇠를 나누었습니다.`,
  state: (state, phase) => `사건의 현재: ${state}. 단계: ${phase}.`,
  due: '이 기관이 지켜야 할 기한, 법과 자체 목표:',
  offer: '압수수색 권한이 없어, 조사 담당이 경찰에 이송을 제안합니다',
  offerSeen: '서명하기 전에, 누가 무엇을 읽게 되는지 조사 담당의 기기가 보여 줍니다.',
  offered: '서명했습니다. 서비스가 저장한 것과, 이 기관과 신고자가 읽는 것:',
  serverSees: '데이터베이스에 있는 것',
  othersRead: '열쇠로 읽는 것',
  storedKind: kind => `종류  ${kind}`,
  storedDay: day => `날짜  ${day}`,
  storedSubject: id => `상대  ${id}`,
  storedKeys: count => `열쇠  그 기관의 기간 키로 ${count}개`,
  storedSaid: '사유와 글:',
  reporterSees: '신고자가 접수 코드만으로 봅니다',
  answer: '경찰이 제안받은 것을 읽고 사건을 인수합니다',
  checked: (digest, followUps) =>
    `신고가 열렸고 추가 진술은 ${followUps}건입니다. 다이제스트 ${digest}…는 신고자의 접수증이 증명하는 바로 그것입니다.`,
  takenOver: '수락하고 인수했습니다. 이제 처음 기관이 옛 사건을 물으면:',
  oldAnswer: answer => `  모든 씨앗을 가진 접수 기기에게: ${answer}`,
  joint: '경찰이 국가정보원에 공동 조사를 제안합니다',
  joined: name => `참여했습니다: ${name}`,
  uninvolved: (name, count) => `아무도 부르지 않은 ${name}: 목록에 사건 ${count}건`,
  followUpTitle: '신고자가 덧붙입니다. 지금 맡은 기관들에게',
  followUpSent: names => `${names.join(', ')}만 열 수 있게 봉인했습니다. 서명된 이력이 말하는 그대로입니다.`,
  followUpRead: name => `읽은 곳: ${name}`,
  replyTitle: '경찰이 답하고, 자기들끼리 볼 메모를 남깁니다',
  replyRead: (name, verdict) => `접수 코드로 읽음: ${name}, ${VERDICTS[verdict] ?? verdict}`,
  noted: '담당자들만 열 수 있는 사건 메모:',
  conclude: '조사 담당이 결과를 알리고, 다른 사람이 종결합니다',
  tries: obstacle => `조사 담당이 종결까지 하려 하면: «${obstacle}»`,
  closed: device => `감독의 기기(${device})가 종결했습니다.`,
  history: '경찰의 이력입니다. 줄마다 서명이 있고 확인했습니다.',
  last: '마지막으로 신고자가 보는 것',
  noteHidden: '사건 메모가 있다는 것은 이력에서 알 수 있지만, 내용은 담당자들만 읽습니다.',
  end: '끝',
  ending: [
    '세 기관이 한 신고를 다루었습니다. 각 기관은 자기에게 봉인된 날부터 읽었고, 처음 기관은 이제 읽지 못합니다.',
    '서비스는 누가 언제 누구와 일했는지 알지만, 그 까닭은 한 마디도 모릅니다. 이제 끕니다. 다음: npm start',
  ],
}

export const HANDOVER = { en, ko }
