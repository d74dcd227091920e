// 접수 코드에서 틀린 곳, 한국어. 보이지 않게 입력한 것은 다시 보여 주지 않고 자리만 알립니다.
import type { ReceiptCodeMistake } from '../../protocol/receipt-code-mistake.ts'

export function koreanCodeMistake(mistake: ReceiptCodeMistake): string {
  switch (mistake.kind) {
    case 'empty':
      return '입력된 것이 없습니다.'
    case 'symbol':
      return `${mistake.group}번째 묶음에 코드에 쓰이지 않는 글자가 있습니다. 종이와 비교해 주십시오.`
    case 'symbol-count':
      return `코드는 ${mistake.expected}자인데 ${mistake.found}자입니다.`
    case 'word':
      return `${mistake.position}번째 낱말이 목록에 없습니다. 종이와 비교해 주십시오.`
    case 'word-count':
      return `코드는 낱말 ${mistake.expected}개인데 ${mistake.found}개입니다.`
    case 'keyboard':
      return '한글 자모가 섞여 있습니다. 자판이 한글 상태인 듯합니다. 영문으로 바꾸어 다시 입력해 주십시오.'
    case 'languages':
      return '한국어와 영어 낱말이 섞여 있습니다. 코드는 한 언어로만 되어 있습니다.'
    case 'checksum':
      return mistake.form === 'groups'
        ? '길이는 맞지만 틀린 글자가 있습니다. 8과 B, 5와 S, 2와 Z, V와 Y를 자주 헷갈립니다.'
        : '모두 있는 낱말이지만 서로 맞지 않습니다. 순서가 맞는지, 다른 낱말과 바뀌지 않았는지 봐 주십시오.'
  }
}
