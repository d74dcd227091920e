// What the program says to people, in English. Korean has the same members.

import type { AgencyStatus, CheckedEvent } from '../../client/index.ts'
import { PROBLEMS, type ProblemName } from '../../contract/problems.ts'
import type { Failure } from '../exit.ts'
import { englishCodeMistake } from './en-code.ts'
import { ENGLISH_FILE_FAILURES, englishFiles } from './en-files.ts'
import { ENGLISH_WORK_FAILURES, englishWork } from './en-work.ts'

type Answered = Pick<AgencyStatus, 'answer' | 'state' | 'overdue' | 'withdrawalWished'> & {
  day: string | null
  /** Of its machine, and of no person yet. */
  byMachine: boolean
}

interface Serving {
  readonly reporterUrl: string
  readonly agencyUrl: string
  readonly deployment: string
  /** Of the demonstration; null where there is none. */
  readonly keyFile: string | null
  /** Commands to try. */
  readonly next: readonly string[]
}

interface Sent {
  readonly names: readonly string[]
  readonly day: string
  readonly code: string
  readonly receiptFile: string | undefined
}

const codeBlock = (code: string) => ['', `    ${code}`, '']
const isProblem = (kind: string): kind is ProblemName => Object.hasOwn(PROBLEMS, kind)
const span = ([first, last]: readonly [number, number]) => (first === last ? `${first}` : `${first}–${last}`)

export const english = {
  askCode: 'Receipt code (not shown while you type): ',
  askPassphrase: 'Passphrase (not shown while you type): ',
  askPassphraseAgain: 'The same passphrase again: ',
  askSend: 'Send the report to them? [y/N]',
  askWithdraw: 'Withdraw the report for good? [y/N]',

  firstUse: (id: string) =>
    `Deployment ${id}\n  taken on trust: nothing was pinned. Compare it with where the operator publishes it, then use --deployment.`,
  demonstration: 'This is a demonstration: nothing that you send here reaches any authority.',
  stale: 'The directory is past its last day. Keys in it may have been replaced since.',
  recommended: (names: readonly string[]) => `The directory recommends: ${names.join(', ')}`,
  excluding: (names: readonly string[]) =>
    `Excluded: ${names.join(', ')}\n  Written inside the sealed report: only the agencies that get it can read that, and their devices refuse to pass\n  it there. What somebody tells by another way, no program can stop.`,

  sent: ({ names, day, code, receiptFile }: Sent) => [
    `Sent on ${day}, sealed for ${names.join(', ')}.`,
    '',
    'Your receipt code, shown this once and kept nowhere:',
    ...codeBlock(code),
    'Write it down on paper. With it, and only with it, you can see how your report stands, read replies,',
    'write more and take the report back. Whoever finds it can read replies and write in your name; the',
    'report itself stays closed to them.',
    ...(receiptFile === undefined ? [] : ['', `The signed receipt is in ${receiptFile}.`]),
  ],
  maybeSent: (code: string) => [
    'No proper answer came back: the report may have arrived or not. If it did, this is its receipt code:',
    ...codeBlock(code),
    'Keep it, and look with `bongsu status`. If nothing is found under it, send the report again.',
  ],
  notSent: 'The report was not sent.',
  notWritten: 'The follow-up was not sent.',
  maybeWritten: 'The follow-up may have arrived or not: `bongsu status` counts those that did.',
  notWithdrawn: 'The report was not withdrawn.',
  maybeWithdrawn:
    'The report may have been withdrawn or not: `bongsu status` tells. Withdrawing it once more does no harm.',
  reportState: (state: 'received' | 'withdrawn', day: string) =>
    state === 'received' ? `Received on ${day}; the receipt holds.` : `Received on ${day}; withdrawn.`,
  agencyAnswer: ({ answer, state, overdue, withdrawalWished, day, byMachine }: Answered) => {
    if (answer === 'forged')
      return 'FORGED: somebody claims an answer that this agency’s devices did not sign.'
    if (state === 'withdrawn') return 'withdrawn; its key was destroyed.'
    const wish = withdrawalWished ? ' Your wish to withdraw is recorded.' : ''
    if (answer === 'acknowledged' && byMachine)
      return `taken in on ${day} by the agency’s machine for its people; none has opened it yet.${wish}`
    if (answer === 'acknowledged') return `opened on ${day}; proven by the agency.${wish}`
    if (answer === 'unopenable') return `could not open it (${day}). Send it again, as a new report.`
    return overdue ? 'not opened within the promised days.' : 'not opened yet.'
  },
  followUpCount: (count: number) => (count === 1 ? '1 follow-up' : `${count} follow-ups`),

  noReplies: 'No replies.',
  forgedReply: 'FORGED: sealed for you, but not signed by a device of this agency for your report.',
  followUpsSeen: (indexes: readonly number[]) => `They had read your follow-up ${indexes.join(', ')}.`,
  missingReplies: (agency: string, gaps: readonly (readonly [number, number])[]) =>
    `${agency}: number ${gaps.map(span).join(', ')} is not here. You deleted it, or it was lost.`,
  unreadable: (ids: readonly string[]) =>
    `Not readable as replies to your report; delete them with --delete ${ids.join(' ')}`,
  deleted: (count: number) => (count === 1 ? 'Deleted.' : `Deleted ${count}.`),
  written: (index: number, names: readonly string[]) =>
    `Sent as follow-up ${index}, sealed for ${names.join(', ')}.`,
  withdrawal: (outcome: 'withdrawn' | 'wish-recorded' | 'partly-withdrawn') =>
    ({
      withdrawn: 'Withdrawn. No agency can open the report any more.',
      'wish-recorded':
        'The report was opened before. Your signed wish to withdraw is recorded; the agency decides.',
      'partly-withdrawn':
        'Withdrawn from the agencies that had not opened it. To the others, your signed wish is recorded.',
    })[outcome],

  noCases: 'No cases.',
  watching: 'Watching. Ctrl-C ends it.',
  waitingForService: 'The service does not answer; waiting for it.',
  urgent: 'URGENT',
  withdrawalWished: 'wishes to withdraw',
  caseState: {
    new: 'new',
    acknowledged: 'acknowledged',
    unopenable: 'unopenable',
    withdrawn: 'withdrawn',
    left: 'another agency’s now',
  },
  caseTitle: (id: string, day: string) => `Case ${id}, received on ${day}`,
  withdrawalState: {
    wished: 'The reporter wishes to withdraw this report; the signature holds.',
    forged: 'The service claims a wish to withdraw, and cannot show the reporter’s signature.',
  },
  followUpTitle: (index: number, day: string) => `Follow-up ${index}, ${day}`,
  notOpened: 'could not be opened by this device',
  kind: 'Kind',
  field: 'Field',
  notFor: 'Must never get this: offer it to none of them, and tell them by no other way',
  acknowledgedNow: 'Acknowledged: the reporter sees that you opened it.',
  acknowledgedBefore: (events: readonly CheckedEvent[]): string =>
    events.some(({ verdict }) => verdict === 'acknowledged')
      ? 'Acknowledged before; nothing new to record.'
      : 'Not acknowledged: --no-record.',
  unopenable: (recorded: boolean) =>
    `This report does not open with the key it was sealed to.${recorded ? ' The reporter sees that.' : ''}`,
  replied: (numbers: readonly number[], file: string) =>
    `Sent as number ${numbers.join(', ')}. The last number is kept in ${file}.`,

  wrote: (file: string) => `Wrote ${file}.`,
  published: (file: string) => `Published ${file}.`,
  receiptLine: (file: string, day: string, leaf: string) => `  ${file}: received on ${day}, leaf ${leaf}`,
  verified: (id: string) => `Deployment ${id}: every signature holds.`,
  rootLine: ({
    version,
    expires,
    threshold,
    keys,
  }: Record<'version' | 'threshold' | 'keys', number> & { expires: string }) =>
    `Root ${version}, ${threshold} of ${keys} keys, until ${expires}.`,
  directoryLine: ({
    version,
    expires,
    demonstration,
  }: {
    version: number
    expires: string
    demonstration: boolean
  }) => `Directory ${version}, until ${expires}${demonstration ? ', a demonstration' : ''}.`,
  noEpoch: 'no epoch key for today: cannot be written to',
  epochUntil: (day: string) => `epoch key until ${day}`,

  backedUp: (folder: string, hasServerKey: boolean) => [
    `Backed up to ${folder}, with everything that was acknowledged before its end.`,
    'To restore it, copy it and start the copy: BONGSU_DATA=COPY. A start uses it up.',
    hasServerKey
      ? 'It holds server.key, with which anyone signs receipts in the service’s name: encrypt it, or move that file elsewhere.'
      : 'The server key is not in it. Back it up apart.',
  ],

  serving: ({ reporterUrl, agencyUrl, deployment, keyFile, next }: Serving) => [
    `Reporters: ${reporterUrl}`,
    `Agencies:  ${agencyUrl}`,
    `Deployment ${deployment}`,
    ...(keyFile === null
      ? []
      : [
          '',
          'A demonstration; its keys are in its data folder. Open in a browser:',
          `  ${reporterUrl}  to report`,
          `  ${agencyUrl}  to read it as the agency, with the key file ${keyFile}`,
          'or try, in another terminal:',
          ...next.map(command => `  ${command}`),
        ]),
    '',
    'Ctrl-C stops it.',
  ],

  files: englishFiles,
  work: englishWork,

  failure: ({ kind, detail, mistake }: Failure): string => {
    if (mistake) return `That is not a receipt code. ${englishCodeMistake(mistake)} Nothing was sent.`
    const ofWork = ENGLISH_WORK_FAILURES[kind]
    if (ofWork) return ofWork(detail)
    const ofProblem = PROBLEM_TEXTS[kind]
    if (ofProblem) return ofProblem
    if (isProblem(kind)) return `${PROBLEMS[kind].title}\n  ${PROBLEMS[kind].remedy}`
    const plain = PLAIN_FAILURES[kind]
    return plain ?? `${DETAILED_FAILURES[kind] ?? DETAILED_FAILURES.fault} (${detail})`
  },
}

/** Where what the API says is for programs. */
const PROBLEM_TEXTS: Readonly<Record<string, string>> = {
  'not-found':
    'There is nothing here for you.\n  Check the code or the case, and the address of the service. What belongs to somebody else gets this same answer.',
}

const PLAIN_FAILURES: Readonly<Record<string, string>> = {
  ...ENGLISH_FILE_FAILURES,
  'no-key':
    'There is no key for this device in that case: it was withdrawn, is another agency’s now, or was not handed on to this device. A colleague whose device opens it hands it on by `bongsu open`.',
  unopenable: 'It does not open with the key it was sealed to.',
  'too-long': 'The text is too long.',
  'code-as-argument':
    'A receipt code was given on the command line. The shell keeps what was typed there, and others may find it: delete that line from its history. The code is asked for, without an argument.',
  interrupted: 'Interrupted.',
  declined: 'Nothing was done.',
}

const DETAILED_FAILURES: Readonly<Record<string, string>> = {
  unreachable: 'The service cannot be reached.',
  'no-proxy': 'No SOCKS proxy answers there; is Tor running? Tor Browser’s is --socks 127.0.0.1:9150.',
  'unexpected-answer': 'What answered does not speak this protocol.',
  unrecognised: 'The service refused without saying why.',
  unproven: 'What the service says does not hold; nothing was taken from it.',
  'bad-input': 'That cannot be used.',
  'bad-document': 'That file is not what it must be.',
  file: 'A file cannot be used.',
  configuration: 'The configuration is not right.',
  fault: 'This program failed; that should not happen.',
}

export type Words = typeof english
