// Readers, checking, sending and the code, in English.
import type { FindingKind } from '../scan-patterns.ts'

const findings: Record<FindingKind, { label: string; advice: string }> = {
  name: { label: 'A name', advice: 'If the name is not needed, say «a colleague» or «somebody in charge».' },
  phone: { label: 'A phone number', advice: 'Whose is it? Yours, or one that only you know, points to you.' },
  email: { label: 'An e-mail address', advice: 'Leave it out unless it is the point. Yours names you.' },
  'resident-number': { label: 'A resident number', advice: 'Please leave it out. Nobody needs it here.' },
  'employee-number': { label: 'An employee number', advice: 'Leave it out: it is a name in digits.' },
  'only-us': {
    label: 'So few that it points to you',
    advice: 'If only a handful could know, the company can count. «Several people know» is enough.',
  },
  'exact-time': {
    label: 'A time to the minute',
    advice: 'Compared with door logs it can point to you. «In the afternoon» is enough.',
  },
  'exact-date': { label: 'An exact day', advice: 'If the day does not matter, «mid-March» is safer.' },
  plate: { label: 'A car’s number', advice: 'Leave it out unless it is the point, and never your own.' },
  address: {
    label: 'A web address',
    advice: 'Links to inner systems may be made out for one person. Describe the page instead.',
  },
  path: {
    label: 'A file’s name or place',
    advice: 'Some companies mark file names for each person. Describe what is in it.',
  },
}

export const englishSend = {
  readers: {
    heading: 'Who may read it?',
    lead: 'Suggested from your answers, worked out on this device. Add or remove as you like: one to four agencies.',
    leadNone: 'Nothing could be suggested from your answers. Please choose one to four agencies.',
    recommended: 'Suggested',
    refuse: 'Not this one',
    refused: 'Ruled out. It gets nothing, and cannot tell that there is a report.',
    ruledOut: {
      title: 'What ruling an agency out does',
      text: 'It is written inside the sealed report. The agencies that get the report are told by their own devices never to pass it there: a hand-over or an invitation to it is refused. Only they can read whom you ruled out; this service cannot. What a person tells by another way, no device can stop.',
    },
    allow: 'Take that back',
    chosen: (count: number) => `${count} of at most 4 chosen`,
    full: 'Four are chosen. Remove one to add another.',
    tooFew: 'Choose at least one agency.',
    note: 'Agencies do not learn who else was chosen. Whoever runs the service can see which agencies a report went to. Nothing has been sent yet.',
    territory: (name: string) => `For: ${name}`,
    powers: {
      'criminal-investigation': 'Can investigate crimes',
      'administrative-investigation': 'Can inspect firms',
      'fact-finding': 'Gathers facts, passes on to investigators',
      support: 'Helps small firms',
    } as Readonly<Record<string, string>>,
  },

  check: {
    heading: 'Read it once more',
    lead: 'Look with the eyes of somebody in the company: would they know who wrote this?',
    scanned: 'This page has looked, on your device only, for words that could point to you.',
    found: (count: number) => (count === 1 ? '1 place to look at' : `${count} places to look at`),
    clean: 'Nothing stood out. That is no guarantee: only you know what others know.',
    keep: 'You may leave everything as it is. Nothing is blocked.',
    findings,
    replace: (by: string) => `Say “${by}” instead`,
    replaced: 'Replaced.',
    change: 'Change',
    changeOf: (title: string) => `Change: ${title}`,
    unanswered: 'no answer',
    readers: 'Who may read it',
    ruledOut: 'Must never get it',
    urgent: 'Somebody is to be woken now.',
    tooLong: 'All answers together are too long to be sealed. Please shorten the longest.',
    before: {
      title: 'Before you send',
      text: 'You will get a code, shown once. It is your only way back, and nobody can recover it: not we, not the agencies. Have paper and a pen ready.',
    },
    send: 'Seal and send',
  },

  send: {
    heading: 'Sealing and sending',
    stopped: 'Not finished yet',
    steps: {
      prepare: 'Preparing keys',
      files: 'Sealing and sending the files',
      seal: 'Sealing for the chosen agencies',
      work: 'A small sum that keeps floods away',
      send: 'Sending',
    },
    done: 'done',
    now: 'now',
    waiting: 'No answer yet. Trying again with the same sealed bytes…',
    stay: 'Please leave this page open.',
    abort: 'Stop; do not send',
    maybe: {
      title: 'The answer did not come back',
      text: 'Your report may have arrived, or not. Trying again sends exactly the same sealed report: if it has arrived, it is not counted twice.',
      offline: 'This device is offline. As soon as it has a network, try again.',
      code: 'Show me the code already',
      codeText:
        'In case you must go now: if the report has arrived, this is its code. You can try it under «I have a code».',
    },
    refused: {
      title: 'The service did not take it',
      text: 'Nothing was received. It can be sealed afresh and sent again.',
      unclear:
        'It was not taken this time. What was sent before may have arrived. Write the code down first, and look under “I have a code”. Seal it afresh only if nothing is there.',
      busy: 'The service has too much to do right now. Wait a minute and try again.',
      again: 'Seal afresh and send',
    },
    unproven: {
      title: 'The receipt does not hold',
      text: 'Something answered, but could not prove that your report was received. Note the code, and look later from another network.',
    },
    tooLong: 'The report is too long to be sealed. Please go back and shorten it.',
    retry: 'Send the same again',
    backToCheck: 'Back to checking',
  },

  code: {
    heading: 'It has been sent.|This is your code.',
    lead: 'It is shown this once. Write it on paper now.',
    never: 'No one can recover it. Without it you cannot read replies, write more or take the report back.',
    forms: 'Shown as',
    groups: 'Letters and digits',
    wordsKo: 'Twelve Korean words',
    wordsEn: 'Twelve English words',
    spoken: 'Your code',
    copy: 'Copy',
    copied:
      'Copied. The clipboard may be shared with your other devices: paste it, then copy something else.',
    notCopied: 'Copying is not allowed here. Please write it down.',
    print: 'Print, large',
    printed: 'Not on a company printer: it may keep what it prints.',
    save: 'Save as a text file',
    saved: (name: string) =>
      `Saved as ${name}. The file holds the code and nothing else. Anybody who opens it has your code.`,
    fileName: 'notes.txt',
    keep: 'Whoever finds the code can read replies and write in your name. The report itself stays closed to them.',
    written: 'I have written it down',
    confirmHeading: 'Do you have it?',
    confirmLead: 'Look at your paper and type these two back. Then we know that you will find your way.',
    group: (at: number) => `Group ${at}`,
    word: (at: number) => `Word ${at}`,
    wrong: (at: number) =>
      `Number ${at} is not the same. Compare it with your paper, or look at the code again.`,
    again: 'Show the code again',
    confirm: 'That is it',
  },

  done: {
    heading: 'Thank you.|That took courage.',
    received: (day: string) => `Received and signed for on ${day}.`,
    to: 'Sealed for',
    nextHeading: 'What happens next',
    acknowledged: (day: string) =>
      `By ${day} each agency should have opened it. You can then see that here, proven.`,
    feedback: (day: string) => `By ${day} you should hear what came of it.`,
    look: (day: string) =>
      `Look in again around ${day}, and after that once a week or so. Agencies may ask something; if questions stay without an answer twice, they may close the case.`,
    tell: 'You need not tell anybody that you reported.',
    receipt: 'Save the signed receipt',
    receiptNote:
      'It proves that a report was received on that day, and opens nothing. It names this service, so keep it only where nobody looks. You do not need it.',
    receiptName: 'confirmation.txt',
    never: 'Once more: no one can recover the code. Keep the paper safe.',
    end: 'Wipe this page and leave',
    startAgain: 'To the first page',
  },
}
