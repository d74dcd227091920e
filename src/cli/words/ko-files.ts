// 파일에 관해 사람에게 하는 말, 한국어.
import type { ProblemName } from '../../contract/problems.ts'
import type { FileWords } from './en-files.ts'

const message = (index: number) => (index === 0 ? '신고서' : `추가 진술 ${index}번`)

export const koreanFiles: FileWords = {
  offence: [
    '기술 자료 자체(도면, 조건표, 소스 코드)는 내보내는 것만으로도 법에 걸릴 수 있습니다. 글로 설명하거나 --keep 을 쓰십시오.',
    '--keep 으로 적은 파일은 이름, 크기, 지문만 보내고 그대로 가지고 계시게 됩니다. 나중에 바로 그 파일임을 보일 수 있습니다.',
  ],
  askAttach: files => `그래도 파일 ${files}개를 보낼까요? [y/N]`,
  askAttachReply: files => `파일 ${files}개를 신고자에게 보낼까요? [y/N]`,
  metadataStays:
    '파일에 담긴 정보(작성자, 회사, 촬영 기기와 위치, 고친 이력)는 지워지지 않고 함께 갑니다. 보내기 전에 살펴보십시오.',

  attaching: (files, size, sent) =>
    `파일 ${files}개, ${size}. 크기로 짐작하지 못하도록 ${sent}로 채워 보냅니다.`,
  sending: '보내는 중',
  saving: '저장 중',
  hashing: '읽는 중',
  amount: (done, total) => `${done} / ${total}`,
  timeLeft: time => `남은 시간 ${time}`,
  goingOn: size => `멈춘 곳에서 이어 보냅니다. 이미 ${size}가 가 있습니다.`,
  broken: '연결이 끊겼습니다. 저절로 다시 시도합니다. 그만두려면 Ctrl-C를 누르십시오.',
  mended: '다시 연결되어 이어 보냅니다.',
  ranOut: '앞서 올리던 것은 기한이 지나 서비스에서 사라졌습니다. 처음부터 다시 보냅니다.',
  canGoOn: file =>
    `보낸 만큼은 서비스에 최대 하루 남아 있습니다. 이어 보내려면 같은 명령을 다시 실행하고, 그만두려면 ${file} 파일을 지우십시오.`,
  leftThere: '보낸 만큼은 하루 안에 서비스에서 지워집니다. --resume-file 을 쓰면 이어 보낼 수 있습니다.',

  title: '파일',
  attached: '첨부됨',
  kept: {
    reporter: '신고자가 보관: 지문만 왔습니다',
    agency: '기관이 보관: 지문만 왔습니다',
    you: '보관: 지문만 보냈습니다',
  },
  untrusted: {
    reporter: [
      '이 파일들은 모르는 사람이 보낸 것입니다. 여는 기기를 공격하거나, 열었다는 사실을 밖에 알려 신고자와 조사를 드러낼 수 있습니다.',
      '네트워크에 이어지지 않은 별도의 기기에서 여십시오. 미리 보기도 여는 것과 같습니다.',
    ],
    agency: [
      '파일은 열릴 때 누가 어디에서 읽는지 밖에 알릴 수 있습니다.',
      '네트워크를 끊고, 남이 들여다보지 않는 기기에서 여십시오. 미리 보기도 여는 것과 같습니다.',
    ],
  },
  saved: path => `저장: ${path}`,
  notSaved: why => `저장하지 않음: ${why}`,
  wrongFile: '메시지에 적힌 파일과 다른 것이 왔습니다',
  sentWith: (attached, kept) =>
    [
      ...(attached > 0 ? [`첨부한 파일 ${attached}개`] : []),
      ...(kept > 0 ? [`지문만 보낸 파일 ${kept}개: 고치지 말고 그대로 보관하십시오`] : []),
    ].join('; '),

  matches: ({ index, day, number, name, attached }) =>
    `${message(index)}의 ${number}번 파일(${name})과 같은 파일입니다 (${attached ? '첨부' : '신고자가 보관'}). ${day}부터 적혀 있었습니다.`,
  noMatch: '이 사건에 적힌 파일 가운데 같은 것이 없습니다.',
}

export const KOREAN_FILE_FAILURES: Readonly<Record<string, string>> = {
  'upload-gone':
    '올리던 것이 서비스에 없습니다. 하루가 지났거나 이미 메시지로 보낸 것입니다. 접수 코드를 보셨다면 먼저 `bongsu status`로 확인하십시오. 같은 명령을 다시 실행하면 처음부터 보냅니다.',
}

export const KOREAN_FILE_PROBLEMS: Partial<Record<ProblemName, string>> = {
  'files-incomplete': '메시지에 적힌 파일이 서비스에 모두 있지 않습니다. 다시 보내 주십시오.',
  'files-too-large':
    '이 서비스가 받는 것보다 큰 파일입니다.\n  더 적거나 작은 파일을 보내거나, 글로 설명해 주십시오.',
  'storage-full': '지금은 파일을 둘 자리가 없습니다.\n  파일 없이 보내거나, 나중에 다시 보내 주십시오.',
  'offset-conflict': '파일을 보내던 자리가 서비스와 맞지 않습니다. 다시 해 주십시오.',
  'checksum-mismatch': '파일이 가는 길에 바뀌었습니다. 다시 보내 주십시오.',
  'range-not-satisfiable': '서비스에 있는 파일이 메시지에 적힌 것보다 짧습니다.',
  'tus-version': '서비스가 이 방식의 올리기를 알지 못합니다.',
}
