// 다시 왔을 때, 한국어.
import type { ReceiptCodeMistake } from '../../../protocol/receipt-code-mistake.ts'
import type { englishReturn } from './en-return.ts'

function codeMistake(mistake: ReceiptCodeMistake): string {
  switch (mistake.kind) {
    case 'empty':
      return '접수 코드를 입력해 주세요.'
    case 'symbol':
      return `${mistake.group}번째 묶음에 코드에 쓰이지 않는 글자가 있습니다: «${mistake.symbol}». 종이와 비교해 주세요.`
    case 'symbol-count':
      return mistake.found < mistake.expected
        ? `코드는 ${mistake.expected}자인데 ${mistake.found}자입니다. ${mistake.expected - mistake.found}자가 모자랍니다.`
        : `코드는 ${mistake.expected}자인데 ${mistake.found}자입니다. ${mistake.found - mistake.expected}자가 많습니다.`
    case 'word':
      return mistake.near === null
        ? `${mistake.position}번째 낱말이 목록에 없습니다: «${mistake.word}». 종이와 비교해 주세요.`
        : `${mistake.position}번째 낱말이 목록에 없습니다: «${mistake.word}». 혹시 «${mistake.near}»입니까?`
    case 'word-count':
      return `코드는 낱말 ${mistake.expected}개인데 ${mistake.found}개입니다.`
    case 'keyboard':
      return '자판이 한글 상태인 듯합니다. 영문으로 바꾸어 다시 입력해 주세요.'
    case 'languages':
      return '한국어와 영어 낱말이 섞여 있습니다. 코드는 한 언어로만 되어 있습니다.'
    case 'checksum':
      return mistake.form === 'groups'
        ? '길이는 맞지만 틀린 글자가 있습니다. 8과 B, 5와 S, 2와 Z, V와 Y를 자주 헷갈립니다.'
        : '모두 있는 낱말이지만 서로 맞지 않습니다. 순서가 맞는지, 다른 낱말과 바뀌지 않았는지 봐 주세요.'
  }
}

export const koreanReturn: typeof englishReturn = {
  enter: {
    heading: '접수 코드를 입력해 주세요',
    lead: '네 글자씩 일곱 묶음, 또는 낱말 열두 개입니다. 먼저 이 기기에서 확인하며, 코드 자체는 보내지 않습니다.',
    label: '접수 코드',
    help: '대소문자, 띄어쓰기, 붙임표는 상관없습니다. O와 0, I와 L과 1은 같은 것으로 봅니다. 붙여 넣어도 됩니다.',
    hide: '입력하는 글자 가리기',
    mistake: codeMistake,
    open: '열기',
    opening: '찾는 중입니다…',
    notFound: '이 코드로 접수된 신고가 여기에는 없습니다. 도착하지 않았거나 다른 서비스의 코드입니다.',
    failed: '지금은 되지 않습니다. 다시 해 주세요.',
    unproven:
      '서비스의 응답이 맞지 않습니다. 접수증이나 받은 기관이 이 신고의 것과 다릅니다. 그래서 아무것도 보여 드리지 않습니다. 다른 통신망에서 다시 해 보시고, 다른 방법으로 운영 기관에 알려 주세요.',
  },

  mine: {
    heading: '나의 신고',
    received: day => `${day}에 접수되었습니다. 서명된 접수증이 유효합니다.`,
    withdrawn: day => `${day}에 접수되었고, 철회하셨습니다.`,
    agencies: '처리 상황',
    waiting: '아직 열지 않음',
    waitingText: day => `${day}까지 열어 보아야 합니다.`,
    overdue: '기한 안에 열지 않음',
    overdueText: day =>
      `${day}까지 열어 보았어야 합니다. 아래에서 덧붙이거나, 다른 기관에 새로 알리실 수 있습니다.`,
    acknowledged: '열어 봄',
    acknowledgedText: day => `${day}에 열어 보았습니다. 기관이 증명했습니다.`,
    feedback: day => `${day}까지 처리 결과를 알려 드려야 합니다.`,
    unopenable: '열지 못함',
    unopenableText: day => `${day}에 기관의 열쇠로 열리지 않는다고 알려 왔습니다. 새로 신고해 주세요.`,
    contradicted: '서비스의 말과 다름',
    contradictedText:
      '이 기관이 지금 신고를 맡고 있는지에 대해 서비스의 말이 기관들이 서명한 기록과 다릅니다. 그래서 여기서는 누구에게도 더 보내지 않습니다.',
    forged: '위조',
    forgedText:
      '이 기관의 응답 기록이 맞지 않습니다. 누군가 지어냈거나 빼낸 것이 있습니다. 믿지 마시고, 지금은 새로 쓰지 마세요.',
    unshown: '이 부분은 보여 드릴 수 없습니다',
    unshownText:
      '이 기관이 남긴 기록 가운데 여기서 표시할 수 없는 것이 있습니다. 이 화면의 다른 부분은 그대로 보셔도 됩니다. 나중에 다시 확인해 보시고, 계속되면 다른 방법으로 운영자에게 알려 주세요.',
    unshownReply: '여기서 보여 드릴 수 없는 회신이 있습니다. 지워지지는 않았습니다.',
    wished: '철회 희망이 전달되었습니다.',
    unknownAgency: '명부에 더는 없는 기관',
    anotherAgency: '다른 기관',
    told: count => `이 기관이 알려 온 것 (${count}건)`,
    answerAsked: until =>
      `이 기관이 물어 온 것이 있습니다. ${until === null ? '' : `${until}까지 `}아래에서 답해 주세요.`,
    replies: '회신',
    noReplies: '아직 회신이 없습니다.',
    noRepliesText: '나쁜 소식이라는 뜻은 아닙니다. 시간이 걸립니다.',
    from: name => `${name}에서`,
    verified: '서명 확인됨',
    forgedReply: '위조된 회신',
    forgedReplyText: name =>
      `${name}에서 온 것처럼 꾸몄지만 그 기관이 서명하지 않았습니다. 다른 누군가가 썼습니다. 시키는 대로 하지 마세요.`,
    showForged: '그래도 보기',
    replyNumber: number => `회신 ${number}번`,
    seen: indexes => `덧붙이신 ${indexes}번까지 읽고 쓴 회신입니다.`,
    missing: (name, numbers) => `${name}: 회신 ${numbers}번이 없습니다. 직접 지우셨거나, 사라진 것입니다.`,
    unreadable: count =>
      `우편함에 이 신고의 회신으로 읽을 수 없는 것이 ${count}건 있습니다. 쓸모없는 것일 수 있습니다.`,
    deleteUnreadable: '지우기',
    repliesFailed: '지금은 회신을 가져오지 못했습니다.',
    delete: '이 회신 지우기',
    deleteSure: '완전히 지울까요? 되돌릴 수 없고, 나중에 코드를 주운 사람도 보지 못합니다.',
    deleteYes: '네, 지웁니다',
    deleteNo: '그대로 두기',
    deleted: '지웠습니다.',
    refresh: '다시 확인',
    write: '덧붙이기',
    writeLead: '답변, 새 소식, 고칠 것을 써 주세요. 처음과 같이, 신고를 가진 기관만 열 수 있게 봉인합니다.',
    writeLabel: '무엇을 덧붙이시겠습니까?',
    writeEmpty: '먼저 내용을 써 주세요.',
    writeSend: '봉인하여 보내기',
    writeSending: '봉인하여 보내는 중입니다…',
    writeSent: (index, day) => `${day}에 ${index}번으로 보냈습니다.`,
    writeArrived: '이미 도착해 있었습니다. 두 번 보내지 않았습니다.',
    writeMaybe:
      '답이 돌아오지 않았습니다. 도착했을 수도, 아닐 수도 있습니다. «다시 하기»는 먼저 확인하고, 없을 때만 보냅니다.',
    writeFailed: '보내지 못했습니다. 쓰신 글은 그대로 있습니다.',
    writeChanged: '보내지 않았습니다. 보이는 곳과 다른 기관이 받게 될 뻔했습니다. 먼저 다시 확인해 주세요.',
    writeFilesGone:
      '보내지 못했습니다. 서비스에 파일이 남아 있지 않습니다. «다시 하기»를 누르면 파일을 새로 보냅니다.',
    writeFiles: '파일 더하기',
    writeRetry: '다시 하기',
    followUps: count => `지금까지 ${count}번 덧붙이셨습니다.`,
    withdraw: '신고 철회',
    withdrawLead: '기관이 이미 열어 보았는지에 따라 뜻이 다릅니다.',
    withdrawPoints: [
      '아직 열지 않은 기관: 열쇠를 없앱니다. 그 기관은 영영 읽을 수 없습니다.',
      '이미 열어 본 기관: 서명된 철회 희망을 전합니다. 기관은 이미 읽었고, 법에 따라 어떻게 할지 결정합니다.',
      '이 코드로 새로 신고할 수는 없습니다. 회신은 계속 읽을 수 있습니다.',
    ],
    withdrawBegin: '철회하려고 합니다',
    withdrawSure: '정말 철회할까요? 되돌릴 수 없습니다.',
    withdrawYes: '네, 철회합니다',
    withdrawNo: '아니요, 그대로 둡니다',
    withdrawLook: '처리 상황 보기',
    withdrawing: '철회하는 중입니다…',
    outcome: {
      withdrawn: '철회했습니다. 이제 어느 기관도 신고를 열 수 없습니다.',
      'wish-recorded': '이미 열어 본 신고입니다. 서명된 철회 희망을 남겼고, 처리는 기관이 결정합니다.',
      'partly-withdrawn': '아직 열지 않은 기관에서는 철회했습니다. 열어 본 기관에는 철회 희망을 남겼습니다.',
    },
    withdrawFailed:
      '제대로 된 응답을 받지 못했습니다. 철회되었을 수도, 아닐 수도 있습니다. 다시 해도 괜찮습니다.',
    dropSure: '덧붙이려고 쓰신 것을 아직 보내지 않았습니다. 첫 화면으로 가면 지워집니다.',
    dropNo: '계속 쓰기',
    dropYes: '지우고 첫 화면으로',
    end: '모두 지우고 나가기',
  },

  objecting: {
    begin: {
      decision: '이 결정에 이의 제기',
      'hand-over-proposed': '이 이송에 이의 제기',
      'agency-invited': '이 공동 조사 제안에 이의 제기',
      'taken-over': '넘겨받은 것에 이의 제기',
    },
    title: '다음에 이의를 제기합니다',
    effect: {
      decision: '그 결정에 관여하지 않은 사람이 다시 살펴봅니다.',
      'hand-over-proposed':
        '제안한 기관은 상대 기관이 사건을 넘겨받기 전까지 제안을 거둘 수 있습니다. 거둘지는 그 기관이 정합니다.',
      'agency-invited':
        '제안한 기관은 제안을 거두거나 공동 조사를 끝낼 수 있습니다. 어떻게 할지는 그 기관이 정합니다.',
      'taken-over': '지금 사건을 맡은 기관이 읽고 정합니다. 앞서 맡았던 기관은 읽지 못합니다.',
    },
    until: day => `${day}까지 이의를 받습니다.`,
    readers: names =>
      `신고를 가진 기관은 모두 이 글을 읽을 수 있습니다: ${names}. 무엇에 대한 이의인지는 해당 기관만 알아볼 수 있게 표시됩니다. 다른 기관이 몰라도 되는 기관의 이름은 쓰지 마세요.`,
    label: '왜 이의를 제기하십니까?',
    stop: '이의 없이 쓰기',
  },
}
