// What the demo says, in both languages.
const kib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`

const replyText = `신고 잘 받았습니다. 9월 영상이 지워지기 전에 확인하겠습니다.
두 가지만 여쭙습니다. 공용 작업용 컴퓨터가 바뀌는 날짜를 아십니까? 출입 기록을 요청할 때 두 달 치를 한꺼번에 요청하면 안전하겠습니까?`

const followUpText = `컴퓨터는 다음 달 3일에 바뀐다고 공지가 붙었습니다.
두 달 치를 한꺼번에 요청하시면 저라는 것을 알기 어려울 것 같습니다. 건조동 전체로 요청해 주십시오.`

const secondReplyText = `알려 주셔서 고맙습니다. 건조동 전체, 두 달 치로 요청하겠습니다.
다음 소식은 2주 안에 이 창구로 드리겠습니다. 위험하다고 느끼시면 먼저 112에 알려 주십시오.`

const texts = { replyText, followUpText, secondReplyText }

type Count = (count: number) => string

const en = {
  ...texts,
  start: 'A service of its own, for this demo only',
  running: (reporters: string, agencies: string) => `Reporters at ${reporters}, agencies at ${agencies}.`,
  verified: (count =>
    `Its directory names ${count} agencies; every signature was verified from the root down.`) as Count,
  write: 'A reporter writes',
  written: (bytes: number, letters: number) => `… ${letters} letters, ${kib(bytes)} of text.`,
  chosen: (name: string, others: readonly string[]) =>
    `Meant for: ${name}. Also recommended, and left out this time: ${others.join(', ')}.`,
  seal: 'Sealed on the reporter’s own machine, then sent',
  sealed: (body: number, whole: number) =>
    `Sealed to ${kib((body * 3) / 4)}, one of four sizes; the request has ${whole} bytes, whoever it is for.`,
  submitted: (day: string) =>
    `The service answered with a signed receipt of ${day}; it proves these very bytes.`,
  code: (code: string) => `The receipt code, all that the reporter keeps:  ${code}`,
  bothSides: 'What the service stored, beside what the agency read',
  serverStored: 'in the database',
  agencyRead: (name: string) => name,
  storedSizes: (body: number, key: number, digest: string) =>
    `Stored: ${body} bytes of ciphertext, a key sealed for this agency (${key} bytes), digest ${digest.slice(0, 16)}…`,
  searched: (found: boolean): string =>
    found
      ? 'The text IS in the database. This must not happen.'
      : 'The report’s first words, looked for in all of it: not there.',
  another: 'Another agency asks',
  othersList: (name: string, count: number) => `${name}: its list has ${count} cases.`,
  othersCase: (real: string, invented: string) =>
    `  it asks for this very case: ${real}; for an invented one: ${invented}.`,
  acknowledge: 'The agency acknowledges; the reporter sees it',
  statusBefore: (answer: string) => `With the code, before: ${answer}.`,
  statusAfter: (answer: string, device: string) =>
    `With the code, after: ${answer}, tagged by who opened it and signed by device ${device.slice(0, 8)}.`,
  firstReply: 'The agency replies, and the reporter reads',
  secondReply: 'A second reply',
  replySent: 'Sent: 17,520 sealed bytes into a mailbox that nothing links to the report.',
  replyRead: (name: string, verdict: string, seen: readonly number[]) =>
    `Read with the code: from ${name}, ${verdict}${seen.length > 0 ? `, written after follow-up ${seen.join(', ')}` : ''}.`,
  followUp: 'The reporter writes more',
  followUpSent: (index: number, agencies: number) =>
    `Follow-up ${index}, sealed with a key of its own for ${agencies} agency.`,
  followUpRead: 'The agency opens it:',
  end: 'The end',
  ending: [
    'The service carried all of this and could read none of it. It never saw the receipt code.',
    'It stops now, and its folder goes with it. Next: npm start',
  ],
}

const ANSWERS: Readonly<Record<string, string>> = { waiting: '아직 열지 않음', acknowledged: '열람 확인됨' }
const VERDICTS: Readonly<Record<string, string>> = { genuine: '서명 확인', forged: '위조' }

const ko: typeof en = {
  ...texts,
  start: '이 시연만을 위한 서비스를 켭니다',
  running: (reporters, agencies) => `신고자 ${reporters}, 기관 ${agencies}`,
  verified: count => `기관 ${count}곳의 명부를 받아 뿌리부터 모든 서명을 확인했습니다.`,
  write: '신고자가 씁니다',
  written: (bytes, letters) => `… ${letters}자, ${kib(bytes)}`,
  chosen: (name, others) => `보낼 곳: ${name}. 이번에 고르지 않은 다른 추천 기관: ${others.join(', ')}`,
  seal: '신고자의 기기에서 봉인해 보냅니다',
  sealed: (body, whole) =>
    `네 가지 크기 중 하나(${kib((body * 3) / 4)})로 봉인했습니다. 요청은 누구에게 보내든 ${whole}바이트입니다.`,
  submitted: day =>
    `서비스가 ${day} 날짜로 서명한 접수증을 주었습니다. 바로 이 바이트를 받았다는 증명입니다.`,
  code: code => `접수 코드, 신고자가 간직할 전부입니다:  ${code}`,
  bothSides: '서비스가 저장한 것과 기관이 읽은 것',
  serverStored: '데이터베이스에 있는 것',
  agencyRead: name => name,
  storedSizes: (body, key, digest) =>
    `저장된 것: 암호문 ${body}바이트, 이 기관에 봉인한 열쇠 ${key}바이트, 다이제스트 ${digest.slice(0, 16)}…`,
  searched: found =>
    found
      ? '신고서의 글이 데이터베이스에 있습니다. 있어서는 안 되는 일입니다.'
      : '신고서 첫 구절을 저장된 것 전체에서 찾아보았습니다: 없습니다.',
  another: '다른 기관이 물어봅니다',
  othersList: (name, count) => `${name}: 목록에 사건 ${count}건`,
  othersCase: (real, invented) => `  바로 이 사건을 물으면 ${real}, 지어낸 사건을 물으면 ${invented}`,
  acknowledge: '기관이 열람을 확인하고, 신고자가 그것을 봅니다',
  statusBefore: answer => `접수 코드로 확인, 그 전: ${ANSWERS[answer] ?? answer}`,
  statusAfter: (answer, device) =>
    `접수 코드로 확인, 그 뒤: ${ANSWERS[answer] ?? answer}. 열어 본 사람만 만들 수 있는 표지와 기기 ${device.slice(0, 8)}의 서명이 있습니다.`,
  firstReply: '기관이 답하고, 신고자가 읽습니다',
  secondReply: '두 번째 회신',
  replySent: '보냄: 신고와 이어지지 않는 우편함에 봉인된 17,520바이트',
  replyRead: (name, verdict, seen) =>
    `접수 코드로 읽음: ${name}, ${VERDICTS[verdict] ?? verdict}${seen.length > 0 ? `, 추가 진술 ${seen.join(', ')}번을 읽고 쓴 회신` : ''}`,
  followUp: '신고자가 덧붙입니다',
  followUpSent: (index, agencies) =>
    `추가 진술 ${index}번을 새 열쇠로 봉인해 기관 ${agencies}곳에 보냈습니다.`,
  followUpRead: '기관이 열었습니다:',
  end: '끝',
  ending: [
    '서비스는 이 모든 것을 나르면서 아무것도 읽지 못했습니다. 접수 코드는 본 적도 없습니다.',
    '이제 서비스를 끄고 폴더를 지웁니다. 다음: npm start',
  ],
}

export const SCRIPT = { en, ko }
