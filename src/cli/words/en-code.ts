// What is wrong with a receipt code, in English. Places only: what was typed unseen is not shown.
import type { ReceiptCodeMistake } from '../../protocol/receipt-code-mistake.ts'

export function englishCodeMistake(mistake: ReceiptCodeMistake): string {
  switch (mistake.kind) {
    case 'empty':
      return 'Nothing came in.'
    case 'symbol':
      return `Group ${mistake.group} has a character that no code has. Compare that group with your paper.`
    case 'symbol-count':
      return `A code has ${mistake.expected} letters and digits; here are ${mistake.found}.`
    case 'word':
      return `Word ${mistake.position} is in no list. Compare it with your paper.`
    case 'word-count':
      return `A code has ${mistake.expected} words; here are ${mistake.found}.`
    case 'keyboard':
      return 'Hangul letters are in it, as when the keyboard is set to Korean: set it to English and type it again.'
    case 'languages':
      return 'Korean and English words are mixed; a code is all in one language.'
    case 'checksum':
      return mistake.form === 'groups'
        ? 'The length is right, but one character or another is not. Often mixed up: 8 and B, 5 and S, 2 and Z, V and Y.'
        : 'All words exist, but they do not belong together. Is the order right, and is none taken for another?'
  }
}
