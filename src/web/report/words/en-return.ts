// Coming back, in English.
import type { ReceiptCodeMistake } from '../../../protocol/receipt-code-mistake.ts'

function codeMistake(mistake: ReceiptCodeMistake): string {
  switch (mistake.kind) {
    case 'empty':
      return 'Please enter your code.'
    case 'symbol':
      return `Group ${mistake.group} has “${mistake.symbol}”, which no code has. Compare that group with your paper.`
    case 'symbol-count':
      return mistake.found < mistake.expected
        ? `A code has ${mistake.expected} letters and digits. Here are ${mistake.found}: ${mistake.expected - mistake.found} are missing.`
        : `A code has ${mistake.expected} letters and digits. Here are ${mistake.found}: ${mistake.found - mistake.expected} too many.`
    case 'word':
      return mistake.near === null
        ? `Word ${mistake.position}, “${mistake.word}”, is not in the list. Compare it with your paper.`
        : `Word ${mistake.position}, “${mistake.word}”, is not in the list. Is it “${mistake.near}”?`
    case 'word-count':
      return `A code has ${mistake.expected} words. Here are ${mistake.found}.`
    case 'keyboard':
      return 'The keyboard seems to be set to Korean. Set it to English and type the code again.'
    case 'languages':
      return 'Korean and English words are mixed here. A code is all in one language.'
    case 'checksum':
      return mistake.form === 'groups'
        ? 'The length is right, but one character or another is not. Often mixed up: 8 and B, 5 and S, 2 and Z, V and Y.'
        : 'All words exist, but they do not belong together. Is the order right, and is none taken for another?'
  }
}

export const englishReturn = {
  enter: {
    heading: 'Enter your code',
    lead: 'Seven groups of four, or twelve words. It is checked on this device first; the code itself is never sent.',
    label: 'Code',
    help: 'Capitals, spaces and hyphens do not matter. O and 0, I, L and 1 are taken as the same. You may paste it.',
    hide: 'Hide what I type',
    mistake: codeMistake,
    open: 'Open',
    opening: 'Looking…',
    notFound:
      'There is no report under this code here. Either it did not arrive, or the code belongs to another service.',
    failed: 'That did not work just now. Please try again.',
    unproven:
      'The service’s answer does not hold: receipt or agencies are not those of your report. Nothing of it is shown. Try again from another network, and tell the operator by another way.',
  },

  mine: {
    heading: 'Your report',
    received: (day: string) => `Received on ${day}. The signed receipt holds.`,
    withdrawn: (day: string) => `Received on ${day}, and withdrawn by you.`,
    agencies: 'Where it stands',
    waiting: 'Not opened yet',
    waitingText: (day: string) => `It should be opened by ${day}.`,
    overdue: 'Not opened in time',
    overdueText: (day: string) =>
      `It should have been opened by ${day}. You can write again below, or report anew to another agency.`,
    acknowledged: 'Opened',
    acknowledgedText: (day: string) => `Opened on ${day}. The agency has proven it.`,
    feedback: (day: string) => `You should hear what came of it by ${day}.`,
    unopenable: 'Could not be opened',
    unopenableText: (day: string) =>
      `On ${day} the agency found that its key does not open it. Please send a new report.`,
    contradicted: 'Not as the service says',
    contradictedText:
      'What the agencies signed does not agree with the service about whether this agency has your report now. So nothing more is sent to anybody from here.',
    forged: 'Forged',
    forgedText:
      'The record of this agency’s answers does not hold: something was made up, or taken out. Do not rely on it, and write nothing new for now.',
    unshown: 'This part cannot be shown',
    unshownText:
      'Something that this agency recorded cannot be displayed here. The rest of this page is as it should be. Look again later; if it stays, tell the operator by another way.',
    unshownReply: 'A reply that cannot be shown here. It is still there.',
    wished: 'Your wish to withdraw has been passed on.',
    unknownAgency: 'An agency that the list no longer names',
    anotherAgency: 'another agency',
    told: (count: number) => `What it told you (${count})`,
    answerAsked: (until: string | null) =>
      `It asks you for something. Please answer below${until === null ? '' : ` by ${until}`}.`,
    replies: 'Replies',
    noReplies: 'There is no reply yet.',
    noRepliesText: 'That says nothing bad: it takes time.',
    from: (name: string) => `From ${name}`,
    verified: 'signature verified',
    forgedReply: 'Forged reply',
    forgedReplyText: (name: string) =>
      `This claims to come from ${name}, but was not signed by it. Somebody else wrote it. Do not do what it says.`,
    showForged: 'Show it nonetheless',
    replyNumber: (number: number) => `Reply ${number}`,
    seen: (indexes: string) => `They had read what you added as number ${indexes}.`,
    missing: (name: string, numbers: string) =>
      `${name}: reply ${numbers} is not here. You deleted it, or it was lost.`,
    unreadable: (count: number) =>
      `${count} message${count === 1 ? '' : 's'} in your mailbox cannot be read as a reply to your report. It may be junk.`,
    deleteUnreadable: 'Remove it',
    repliesFailed: 'The replies could not be fetched just now.',
    delete: 'Delete this reply',
    deleteSure:
      'Delete for good? It cannot be brought back, and whoever finds your code later will not see it.',
    deleteYes: 'Yes, delete',
    deleteNo: 'Keep it',
    deleted: 'Deleted.',
    refresh: 'Look again',
    write: 'Write more',
    writeLead: 'Answers, news, corrections. Sealed for the agencies that hold your report, as before.',
    writeLabel: 'What would you like to add?',
    writeEmpty: 'Please write something first.',
    writeSend: 'Seal and send',
    writeSending: 'Sealing and sending…',
    writeSent: (index: number, day: string) => `Sent on ${day}, as number ${index}.`,
    writeArrived: 'It had arrived after all. It was not sent twice.',
    writeMaybe:
      'The answer did not come back: it may have arrived, or not. «Try again» looks first, and sends only if it is not there.',
    writeFailed: 'It was not sent. What you wrote is still here.',
    writeChanged: 'Not sent: other agencies than those shown would have received it. Look again first.',
    writeFilesGone: 'It was not sent: the service no longer has the files. «Try again» sends them anew.',
    writeFiles: 'Add files',
    writeRetry: 'Try again',
    followUps: (count: number) =>
      count === 1 ? 'You have added something once.' : `You have added something ${count} times.`,
    withdraw: 'Withdraw the report',
    withdrawLead: 'What it means depends on whether an agency has opened it.',
    withdrawPoints: [
      'Not opened yet: its key is destroyed. The report can never be read there.',
      'Already opened: your signed wish is passed on. The agency has read it, and decides what it must do by law.',
      'The code cannot be used for a new report. Replies stay readable.',
    ],
    withdrawBegin: 'I want to withdraw',
    withdrawSure: 'Withdraw for good? This cannot be undone.',
    withdrawYes: 'Yes, withdraw',
    withdrawNo: 'No, leave it',
    withdrawLook: 'See how it stands',
    withdrawing: 'Withdrawing…',
    outcome: {
      withdrawn: 'Withdrawn. No agency can open the report any more.',
      'wish-recorded': 'It had been opened. Your signed wish is recorded; the agency decides.',
      'partly-withdrawn': 'Withdrawn where it had not been opened. Elsewhere your signed wish is recorded.',
    },
    withdrawFailed:
      'No proper answer came back: the report may be withdrawn or not. Trying again does no harm.',
    dropSure: 'What you wrote to add has not been sent. Going to the first page deletes it.',
    dropNo: 'Keep writing',
    dropYes: 'Delete it and go to the first page',
    end: 'Wipe this page and leave',
  },

  objecting: {
    begin: {
      decision: 'Object to this decision',
      'hand-over-proposed': 'Object to this hand-over',
      'agency-invited': 'Object to this invitation',
      'taken-over': 'Object to its taking over',
    },
    title: 'You object to this',
    effect: {
      decision: 'Somebody at the agency who had no part in the decision looks at it again.',
      'hand-over-proposed':
        'The agency that asked can take that back as long as the other has not taken the case over. It decides.',
      'agency-invited': 'The agency that asked can take that back, or end the joint work. It decides.',
      'taken-over':
        'The agency that has the case now reads this, and decides. The one before no longer does.',
    },
    until: (day: string) => `Objections are taken until ${day}.`,
    readers: (names: string) =>
      `All that hold your report can read it: ${names}. What it is about is marked so that only the agency concerned can tell; do not name an agency that the others need not know of.`,
    label: 'Why do you object?',
    stop: 'Write without objecting',
  },
}
