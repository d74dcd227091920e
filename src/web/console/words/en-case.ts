// One case, in English.
import type { Unproven } from '../../../client/failure.ts'
import type { IdentifyingKind } from '../identifying.ts'
import type { WarningKind } from '../text-warnings.ts'

const unproven: Readonly<Record<Unproven, string>> = {
  deployment: 'It is of another deployment.',
  directory: 'The directory does not verify.',
  statement: 'The epoch keys’ statement does not verify.',
  receipt: 'The receipt does not verify.',
  agencies: 'The agencies do not verify.',
  case: 'Its messages do not belong together.',
  chain: 'Its history is broken: entries are missing, were added or were changed.',
  'device-list': 'The device list does not verify.',
  'own-certificate': 'This device’s certificate does not verify.',
  file: 'the file is not the one that the message lists: do not use what was saved of it',
}

const warnings: Readonly<Record<WarningKind, { name: string; advice: string }>> = {
  link: {
    name: 'Link or address',
    advice: 'Do not follow it from this machine: whoever made it learns who looked, and when.',
  },
  direction: {
    name: 'Turns the reading direction',
    advice: 'What was written is not in the order in which it would be shown. The marks stand as ‹U+…›.',
  },
  control: { name: 'Control characters', advice: 'They do nothing here; they stand as ‹U+…›.' },
  invisible: {
    name: 'Invisible characters',
    advice: 'They may hide words or mark the text. They stand as ‹U+…›.',
  },
  'look-alike': {
    name: 'Look-alike letters',
    advice:
      'One word in letters of two scripts: it may pass for another name. Do not search for it by sight.',
  },
  'piled-marks': { name: 'Piled marks', advice: 'Many marks on one letter, to cover the lines around it.' },
  'long-line': { name: 'Very long line', advice: 'More than 2,000 characters without a break.' },
}

const identifying: Readonly<Record<IdentifyingKind, string>> = {
  who: 'who the reporter is',
  name: 'a name',
  contact: 'telephone, e-mail or messenger',
  workplace: 'workplace or team',
  position: 'position or duties',
  number: 'a personal number',
  person: 'age, birthday or sex',
  address: 'an address',
  meeting: 'meeting in person',
}

export const englishCase = {
  label: (shown: string) => `Case ${shown}`,
  received: (day: string) => `received ${day}`,
  backToList: 'Back to the list',
  refresh: 'Look again',
  busy: {
    opening: 'Opening …',
    acknowledging: 'Acknowledging …',
    recording: 'Recording …',
    acting: 'Signing …',
  },
  tabs: {
    report: 'Report',
    talk: 'Conversation',
    work: 'Handling',
    history: 'History',
    technical: 'Technical',
  },
  tabsLabel: 'Parts of the case',
  declare: {
    heading: 'Before you open it',
    lead: 'Whoever has a part in the matter does not open it. Not even to look whether they have one.',
    grounds: [
      'I, my spouse or kin are not accused, harmed or named, as far as I can know.',
      'I do not work for, and have not worked for or advised, a company that I know to be concerned.',
      'I am no witness or expert in it, and nobody’s representative.',
      'If it turns out otherwise when I read it, I stop at once, and hand the case to a colleague.',
    ],
    confirm: 'I have no part in this case, as far as I know.',
    confirmNote:
      'It is not recorded: this page keeps it until it is locked. Your agency’s own rules on recusal apply beside it.',
    happens: 'What opening does',
    happensList: [
      'The sealed report is fetched and decrypted here. Nothing of it is stored.',
      'The reporter does not learn of it. That takes a second step, «Acknowledge», which comes after.',
    ],
    open: 'Open the case',
    confirmFirst: 'Say first that you have no part in it.',
    conflictHeading: 'If you have a part in it',
    conflictText:
      'It is recorded with this device’s signature, without a reason. Nothing is decrypted, and this device does nothing more with the case until a supervisor finds that there is no conflict.',
    conflict: 'Declare a conflict of interest',
  },
  barred: {
    heading: {
      conflict: 'This device declared a conflict of interest',
      recused: 'This device was taken off the case',
    },
    text: 'Nothing of the case is decrypted here. Colleagues go on with it.',
  },
  acknowledge: {
    heading: 'Not acknowledged yet',
    tells: 'Acknowledging tells the reporter, with a signature that can be checked:',
    tellsList: (agency: string) => [
      `that ${agency} has opened the report, and on which day;`,
      'by which device it was signed: its number and role, never your name.',
    ],
    also: 'It also hands the keys to your agency’s other devices, so that colleagues can read. It cannot be taken back, and after it the reporter can no longer withdraw by destroying your key: only wish it.',
    go: 'Acknowledge',
    handOn: 'Colleagues cannot read all of it yet',
    handOnText: 'This device has keys of later messages that other devices lack.',
    handOnGo: 'Hand the keys on',
  },
  unopenable: {
    heading: 'This report does not open',
    text: 'A key of your agency was sealed with it, and opens nothing. The sealed text was damaged, or was made so on purpose. It is not your mistake, and nothing can be read out of it.',
    tells:
      'Recording it tells the reporter that your agency could not open the report, and on which day, so that it is sent again. It cannot be taken back.',
    go: 'Record that it does not open',
    recorded: 'Recorded: the reporter sees that it could not be opened, and is asked to send it again.',
  },
  noKey: {
    heading: 'This device has no key for it',
    intake:
      'The epoch seed that it was sealed to is not in this key file. Use the device that made this week’s epoch keys, or its sealed copy.',
    other:
      'A colleague with an intake device must open and acknowledge it first. It appears here by itself then.',
  },
  withdrawn: {
    heading: 'Withdrawn',
    text: 'The reporter has withdrawn it before your agency opened it, and your agency’s key is destroyed. Nobody can read it any more.',
  },
  notFound: {
    heading: 'No such case',
    text: 'The service knows no case of your agency by this number.',
  },
  unproven: {
    heading: 'This case does not verify',
    text: 'Do not act on it, and acknowledge nothing. Write down the number and what stands here, compare with a colleague, and tell whoever runs the service.',
    subjects: unproven,
  },
  wish: {
    wished: 'The reporter wishes to withdraw',
    wishedText:
      'Signed by the key that owns the report. The agency decides what becomes of the case; say so in a reply.',
    forged: 'A wish to withdraw that nobody signed',
    forgedText:
      'The service says that the reporter wishes to withdraw, and cannot show a signature. Do not act on it; tell whoever runs the service.',
  },
  report: {
    writtenIn: { ko: 'Written with the Korean form', en: 'Written with the English form' },
    print: 'Print',
    printed: (day: string) => `Printed ${day}. Whoever holds this paper can read it: keep it locked away.`,
    unknown: 'The form wrote something that this version does not know. Here it is as it came:',
    unknownCode: 'a code that this version does not know',
    cut: (shown: string, all: string) => `The first ${shown} of ${all} characters`,
    showAll: 'Show all of it',
    warnings,
    warningsLabel: 'What is odd in this text',
    places: (count: string) => (count === '1' ? '1 place' : `${count} places`),
    moreWarnings: (count: string) => `and ${count} more`,
    asWritten: 'Shown as it was written. Nothing in it acts; what cannot be seen stands as ‹U+…›.',
  },
  talk: {
    label: 'Conversation',
    reportCame: 'The report came',
    followUp: (index: number) => `Follow-up ${index}`,
    seenNothing: 'Written before the reporter had seen anything of yours',
    seenUpTo: (entry: number) => `The reporter had seen the history up to entry ${entry}`,
    seenOther:
      'The reporter saw a history that is not this one: the service has shown two. Tell whoever runs it.',
    unreadableNoKey:
      'This device has no key for it, or it does not open. A colleague with an intake device must open it first.',
    yourReply: 'Reply',
    repliesNote:
      'Replies are sealed for the reporter alone. Those of colleagues, and those that you sent before you unlocked, are not shown here.',
    by: (role: string, id: string) => `${role} device ${id}`,
    thisDevice: 'this device',
    state: {
      waiting: 'Waits for its turn',
      sending: (sent: number, parts: number) =>
        parts > 1 ? `Sending, ${sent} of ${parts} parts` : 'Sending',
      sent: 'With the service. It cannot tell whether it was read.',
      failed: 'Not sent',
    },
    number: (first: number, parts: number) =>
      parts > 1 ? `no. ${first}–${first + parts - 1}` : `no. ${first}`,
    resend: 'Send again',
    resendNote: 'The same sealed letter goes out: it cannot arrive twice.',
    first: 'Acknowledge the case before you answer: a reply shows that it was opened.',
    write: 'Reply',
    writeHelp:
      'Sealed for the reporter alone. Ask for facts, never for who saw them. The draft stays in this page’s memory until it is locked.',
    template: 'Begin with',
    templateLanguage: { ko: 'Korean', en: 'English' },
    reporterWrites: { ko: 'The reporter used the Korean form.', en: 'The reporter used the English form.' },
    send: 'Send the reply',
    sendAnyway: 'Send it all the same',
    change: 'Change it',
    asksTitle: 'This may ask who the reporter is',
    mentionsTitle: 'Look again at these words',
    asksText:
      'Whoever answers it gives up being unknown. Ask about what happened instead: what, roughly when, seen or heard.',
    mentionsText: 'They may be about somebody else. If they are about the reporter, leave them out.',
    sure: 'Send it although it may ask who the reporter is?',
    otherLanguage: (used: string) =>
      `The reporter used the ${used} form; this reply looks to be in another language.`,
    languageNames: { ko: 'Korean', en: 'English' },
    identifying,
    colleague:
      'A colleague has changed this case while you were here. What they did is shown; your draft is as it was.',
  },
  history: {
    label: 'History',
    sound:
      'The history verifies: every entry follows from the one before, and each was signed by a device of your agency.',
    forgedTitle: 'Entries that no device of your agency signed',
    forgedText:
      'Do not rely on the case’s state. Leave everything as it is, show it to a colleague, and tell whoever runs the service: somebody has written into this case.',
    brokenTitle: 'The history is broken',
    brokenText:
      'Entries are missing, were added or were changed. Nothing of the case is to be relied on. Acknowledge and answer nothing, write the head down, and tell whoever runs the service.',
    unchecked:
      'This report was not opened, so one thing could not be checked: whether who acknowledged it had opened it.',
    empty: 'No entry yet: nobody of your agency has acknowledged it.',
    entry: (index: number) => `Entry ${index}`,
    what: {
      acknowledged: 'Opened and acknowledged',
      'handed-on': 'Keys handed on to colleagues',
      unopenable: 'Recorded that it does not open',
      forged: 'Does not verify',
      step: 'A step of the case',
    },
    forgedEntry: 'Not signed by a device of your agency, or tagged by somebody who never opened the report.',
    keys: (count: number) => (count === 1 ? '1 key for a device' : `${count} keys for devices`),
    noDay: 'no day that could be read',
    nobody: 'nobody whom the signatures name',
    told: 'told to the reporter',
    inside: 'inside the agency',
    between: 'between the two agencies',
    unread: 'Something was said with it that this device cannot read.',
    reason: 'Reason',
    answer: (agency: string) => `Answer of ${agency}`,
    offer: (agency: string) => `${agency} asks your agency`,
    forgedAnswer:
      'Shown as this agency’s answer, and not signed by one of its devices. Do not act on it; ask the agency by another way, and tell whoever runs the service.',
    names: {
      agency: (name: string) => name,
      device: (id: string) => `device ${id}`,
      message: (index: string) => `follow-up ${index}`,
    },
    head: 'Head of the history',
    headHelp: 'Compare it with a colleague’s: the same head is the same history.',
  },
  technical: {
    label: 'Technical',
    lead: 'Everything that was checked, for whoever wants to check it again. Hexadecimal; nothing of it is secret.',
    message: (index: number) => (index === 0 ? 'Report' : `Follow-up ${index}`),
    event: (index: number) => `Entry ${index} of the history`,
    case: 'Case',
    fields: {
      case: 'Case id',
      reportId: 'Report id',
      digest: 'Digest',
      head: 'Head of the chain',
      deployment: 'Deployment',
      index: 'Thread index',
      bucket: 'Padded size',
      commitment: 'Commitment',
      bodyLength: 'Sealed length',
      sealedTo: 'Sealed to epoch key',
      seenHead: 'Head that its writer saw',
      header: 'Header',
      core: 'Core',
      tag: 'Tag',
      signature: 'Signature',
      previous: 'Head before',
      certificateHash: 'Hash of the certificate',
      certificate: 'Certificate',
      wraps: 'Keys that travel with it',
    },
    held: {
      commitment: 'The commitment holds the content key, and the digest is of these bytes.',
      sealed: 'Not opened: only its outside was checked.',
    },
  },
}
