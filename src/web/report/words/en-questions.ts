// The questions, in English.

export interface QuestionWords {
  readonly title: string
  readonly help: string
  readonly examples: readonly string[]
  /** By code; for technology fields the protocol’s own labels are shown. */
  readonly choices: Readonly<Record<string, string>>
  /** Of the text field, where choices stand above it. */
  readonly textLabel: string
}

const NONE: string[] = []

export const englishQuestions = {
  what: {
    title: 'What happened,|or is about to happen?',
    help: 'Write it as you would tell somebody you trust. Order and style do not matter.',
    examples: [
      'Someone who leaves next month has been copying process documents to a private drive at weekends.',
      'A foreign customer asks for parts that match our principal’s confidential drawings exactly.',
      'Joint research ended, but the other side keeps our test data and has used it in its own project.',
    ],
    choices: {},
    textLabel: 'What happened',
  },
  when: {
    title: 'How soon must somebody act?',
    help: 'A rough answer is better than an exact one: an exact time can point to you.',
    examples: ['Since spring, mostly at weekends', 'They fly out at the end of this month, I heard'],
    choices: {
      U0: 'Somebody is in danger',
      U1: 'Within about three days: departure, shipment, contract or deletion',
      U2: 'It is going on now',
      U3: 'It has happened; traces may vanish',
      U4: 'It is past, or only signs',
    },
    textLabel: 'When was it, or when will it be?',
  },
  kind: {
    title: 'Which comes closest?',
    help: 'This helps to suggest the right agency. It need not be exact.',
    examples: NONE,
    choices: {
      K01: 'Somebody left, or is leaving, and took material along',
      K02: 'Somebody who works there takes or passes it on',
      K03: 'People are poached, bribed or paid for “advice”',
      K04: 'A false job, a shell firm or a front laboratory',
      K05: 'Through a supplier, subcontractor or customer',
      K06: 'In joint research, an alliance or a joint venture',
      K07: 'A foreign takeover or investment',
      K08: 'Hacking, malware or a stolen account',
      K09: 'Theft, photographing or breaking in',
      K10: 'Export or transfer without a permit, or under a false one',
      K11: 'They do not return or delete it, or keep copies',
      K12: 'A broker brings the sides together',
      K13: 'Papers from a lawsuit, permit or audit are used for something else',
      K14: 'It lies open by carelessness or a wrong setting',
      K15: 'Reprisals after somebody reported',
      K90: 'Something else',
    },
    textLabel: '',
  },
  field: {
    title: 'What kind of technology is it?',
    help: 'The broad field is enough. Do not describe the secret itself.',
    examples: NONE,
    choices: {},
    textLabel: '',
  },
  who: {
    title: 'Who may have it, and where is it going?',
    help: 'Names of firms and people may be written here: only the agencies you choose can read it.',
    examples: ['A new company abroad that pays him through a relative', 'A competitor two towns away'],
    choices: { domestic: 'Somebody in Korea', abroad: 'Somebody abroad' },
    textLabel: 'Who, and where to?',
  },
  source: {
    title: 'How do you know?',
    help: 'What you saw and what you were told weigh differently. Saying which is which makes you more credible.',
    examples: ['I saw it twice myself; the date of departure I only heard from colleagues.'],
    choices: {
      saw: 'I saw or heard it myself',
      told: 'Somebody told me',
      document: 'From a document or message',
      record: 'From a log or system',
      guess: 'I put two and two together',
    },
    textLabel: 'Anything about it?',
  },
  evidence: {
    title: 'Is there anything that shows it?',
    help: 'It is no problem if there is not. Do not put yourself in danger to get something.',
    examples: [
      'The renamed files are in a folder that many can open.',
      'I have a message that was sent to me.',
    ],
    choices: {
      have: 'I lawfully have something',
      lawful: 'I know where something is',
      hash: 'I can give a file’s fingerprint (hash) only',
      none: 'I have nothing',
    },
    textLabel: 'What is it, and where?',
  },
  told: {
    title: 'Have you told anybody?',
    help: 'So that an agency does not ask in a place where it would point to you.',
    examples: ['I told my team leader in passing; nothing came of it.'],
    choices: {
      nobody: 'Nobody',
      company: 'Somebody in the company',
      agency: 'Another agency',
      near: 'Family or a friend',
    },
    textLabel: 'Whom, and what came of it?',
  },
  excluded: {
    title: 'Who must not learn of this?',
    help: 'A person, a department, an association, an office. Agencies themselves can be ruled out on a later page.',
    examples: ['His relative is in charge of security. Please do not ask the company first.'],
    choices: {},
    textLabel: 'Who must not learn of this',
  },
  fear: {
    title: 'Is there something you are afraid of?',
    help: 'It is normal to be afraid. It tells an agency what to be careful with.',
    examples: ['I rent a company flat.', 'They know who works on Saturdays.'],
    choices: {
      'found-out': 'That it comes out who I am',
      job: 'Losing work or being passed over',
      people: 'Being shut out by people around me',
      law: 'Being sued, or a secrecy agreement',
      safety: 'My safety, or my family’s',
      none: 'Nothing in particular',
    },
    textLabel: 'What should they be careful with?',
  },
  contact: {
    title: 'How may they answer you?',
    help: 'Replies wait here, under your code. You need give no phone number and no e-mail.',
    examples: NONE,
    choices: {
      here: 'Only here, under my code',
      later: 'Here for now; I may say later who I am',
      lawyer: 'Through a lawyer whom I name below',
    },
    textLabel: 'Anything to bear in mind?',
  },
} satisfies Record<string, QuestionWords>
