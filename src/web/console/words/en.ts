// What the console says, in English; its other language has the same shape.
import type { ServiceTrouble } from '../trouble.ts'
import type { UnlockProblem } from '../unlocking.ts'
import { englishCase } from './en-case.ts'
import { englishFiles } from './en-files.ts'
import { englishKeys } from './en-keys.ts'
import { englishWork } from './en-work.ts'

export interface Said {
  readonly title: string
  readonly text: string
}

const unlockProblems: Readonly<Record<UnlockProblem, Said>> = {
  'passphrase-needed': {
    title: 'This key file is sealed.',
    text: 'Type the passphrase that it was sealed with.',
  },
  'passphrase-wrong': {
    title: 'This passphrase does not open the file.',
    text: 'Look at capitals and at the keyboard’s language, and try again. Nobody can look the passphrase up or reset it: if it is lost, this device is enrolled anew.',
  },
  'file-damaged': {
    title: 'The key file is damaged.',
    text: 'It was cut off or changed. Take the sealed copy that you keep, and have nobody else open the damaged one.',
  },
  'not-a-key-file': {
    title: 'This is not a key file.',
    text: 'Choose the file that «bongsu authority new-device» wrote, for example intake.key.json.',
  },
  'not-a-device-key': {
    title: 'This key belongs to no device.',
    text: 'It signs documents (root, directory or identity). Keep it away from machines with a browser, and choose this device’s own key file.',
  },
  'certificate-missing': {
    title: 'This device has no certificate yet.',
    text: 'When the keeper of your agency’s identity key has returned it, put it into the key file: bongsu authority install.',
  },
  'certificate-wrong': {
    title: 'The certificate in this key file does not hold.',
    text: 'Your agency’s identity key did not sign it, or it has a new identity key since. Ask its keeper for a new certificate.',
  },
  'certificate-early': {
    title: 'The certificate is not valid yet.',
    text: 'Its first day has not come. If it should have, look at this computer’s date.',
  },
  'certificate-expired': {
    title: 'The certificate has expired.',
    text: 'Ask the keeper of your agency’s identity key for a new one, install it, and come back. Nothing in the cases is lost.',
  },
  'other-deployment': {
    title: 'This key belongs to another deployment.',
    text: 'The service at this address is not the one that this device was enrolled with. Look at the address before you try again; do not go on if you are unsure.',
  },
  'agency-unknown': {
    title: 'The directory does not name your agency.',
    text: 'It may have ended or been renamed. Ask whoever signs the directory.',
  },
  'scope-missing': {
    title: 'This device may see no case.',
    text: 'Its certificate gives it no scope. Ask the keeper of the identity key for one with the scope that you need.',
  },
  'directory-expired': {
    title: 'The directory has expired.',
    text: 'Whoever signs it must publish a new one. Until then a key may have been revoked without anybody here knowing: go on only if a report cannot wait.',
  },
  'file-unreadable': {
    title: 'The file could not be read.',
    text: 'It may have been moved, or its medium taken out. Choose it again.',
  },
  'engine-missing': {
    title: 'A part of this page did not load.',
    text: 'Try again. If it stays so, load the page anew.',
  },
  away: {
    title: 'The service does not answer.',
    text: 'The key was not the reason. Look at the network and try again.',
  },
  refused: {
    title: 'The service does not accept this device any more.',
    text: 'It was revoked, or it has expired. Talk to the keeper of your agency’s identity key before you do anything else with this machine.',
  },
  outdated: {
    title: 'This page and the service do not understand each other.',
    text: 'One of them is of another version. Load the page anew.',
  },
  unproven: {
    title: 'What the service says does not verify.',
    text: 'Do not go on. Tell whoever runs the service, by another way than this one.',
  },
  broken: {
    title: 'Something went wrong in this page.',
    text: 'It is a mistake of ours. Load the page anew; if it comes again, tell whoever runs the service.',
  },
}

const troubles: Readonly<Record<ServiceTrouble, string>> = {
  away: 'The service does not answer.',
  refused: 'The service does not accept this device.',
  outdated: 'This page and the service are of different versions: load the page anew.',
  unproven: 'What the service says does not verify. Do not rely on it.',
  broken: 'Something went wrong in this page.',
}

export const english = {
  title: 'Bongsu · agency',
  otherLanguage: '한국어',
  notice: 'Notice',
  close: 'Close',
  retry: 'Try again',
  retryNow: 'Try now',
  reload: 'Load the page anew',
  troubles,
  unlock: {
    heading: 'Unlock',
    lead: 'With this device’s key file. It is read here, on this machine, and goes nowhere.',
    file: 'Key file',
    choose: 'Choose the file …',
    change: 'Choose another …',
    noFile: 'No file chosen yet',
    passphrase: 'Passphrase',
    passphraseHelp: 'Leave it empty for a file that is not sealed, as in a demonstration.',
    show: 'Show the passphrase',
    go: 'Unlock',
    busy: 'Unlocking … this takes a few seconds on purpose',
    fileFirst: 'Choose the key file first.',
    facts: [
      'Nothing that is decrypted is stored. Locking, leaving or loading the page anew clears it.',
      'The page locks itself after ten minutes without a key or a pointer.',
      'What you do to a case is signed by this device and shows in the case’s history.',
    ],
    first: 'First time on this device?',
    enrol: 'How a device is enrolled',
    goOnStale: 'Open with the expired directory all the same',
    problems: unlockProblems,
    reasons: {
      idle: 'Locked: nobody used the page for ten minutes. Drafts that were not sent are gone.',
      locked: 'Locked. Nothing of the cases is left on this page.',
      refused:
        'The service does not accept this device any more: it was revoked, or its certificate has ended. The page was locked at once. Talk to the keeper of your agency’s identity key.',
    },
    check: 'Before you type a passphrase, check this page',
    version: 'Version',
    source: 'Sources',
    manifest: 'What this page is built from (hashes)',
    service: 'Service',
  },
  frame: {
    cases: 'Cases',
    devices: 'Devices and keys',
    keys: 'Keyboard',
    lock: 'Lock',
    main: 'Main',
    demonstration: 'A demonstration: nothing here comes from real reporters or reaches any authority.',
    stale: 'The directory has expired. Keys may have changed since: do not rely on what was published.',
    plainKey: 'This device’s key file is not sealed. Seal it with a passphrase before real reports come.',
    ending: (days: number) =>
      days === 1
        ? 'This device’s certificate ends tomorrow.'
        : days <= 0
          ? 'This device’s certificate ends today.'
          : `This device’s certificate ends in ${days} days.`,
    endingMore: 'What to do',
    roles: {
      intake: 'intake',
      investigator: 'investigator',
      supervisor: 'supervisor',
      auditor: 'auditor',
      machine: 'machine',
    },
  },
  connection: {
    live: 'Live',
    loading: (count: string) => `Loading … ${count} so far`,
    away: 'Service away',
    awayText: (since: string, seconds: number) =>
      `No answer since ${since}. What you see may be old. Trying again ${seconds > 0 ? `in ${seconds} s` : 'now'}; drafts stay.`,
    ended: 'Not live',
    outdatedTitle: 'The service has changed: this page is too old for it',
    outdatedText:
      'Load the page anew, and unlock again. Copy drafts that were not sent first: they are lost with the page.',
    unprovenTitle: 'Stop: what the service says does not verify',
    unprovenText:
      'Somebody may stand between this page and the service, or the service was changed. Acknowledge and answer nothing. Tell whoever runs it, by telephone or in person.',
    brokenTitle: 'This page has stopped working',
    brokenText:
      'It is a mistake of ours. Load the page anew, and unlock again. Drafts are lost with the page.',
  },
  idle: {
    title: 'Nobody there?',
    text: (seconds: number) =>
      `The page locks in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}. Drafts that were not sent are lost.`,
    stay: 'Stay unlocked',
  },
  keys: {
    heading: 'Keyboard',
    list: [
      ['j, ↓', 'next case'],
      ['k, ↑', 'case before'],
      ['Home, End, Page ↑ ↓', 'through the list'],
      ['Enter', 'open the case'],
      ['Esc', 'back to the list'],
      ['/', 'search by case number'],
      ['1 … 5', 'report, conversation, handling, history, technical'],
      ['r', 'write a reply'],
      ['g', 'cases or devices'],
      ['?', 'this page'],
    ],
    off: 'Single-key shortcuts',
    offHelp: 'Off for whoever speaks to the computer. Enter, arrows and Esc stay.',
  },
  inbox: {
    heading: 'Cases',
    list: 'Cases',
    search: 'Case number',
    searchHint: 'part of it is enough',
    filters: 'Filter',
    filtersOn: (count: number) => `Filter (${count})`,
    states: 'State',
    urgent: 'Wake somebody now',
    wished: 'Withdrawal wished',
    dues: 'Due',
    dueFilters: { any: 'all', soon: 'due within 7 days or overdue', overdue: 'overdue' },
    days: 'Day of receipt',
    from: 'from',
    to: 'to',
    sizes: 'Size',
    clear: 'Clear filters',
    order: 'Order',
    orders: {
      urgency: 'Urgency',
      due: 'Due day',
      activity: 'Last activity',
      day: 'Day of receipt',
      size: 'Size',
      state: 'State',
    },
    descending: 'Descending',
    ascending: 'Ascending',
    counted: (shown: string, all: string) => (shown === all ? `${all} cases` : `${shown} of ${all} cases`),
    empty: 'No case yet.',
    emptyText: 'What reporters seal for your agency appears here by itself.',
    noMatch: 'No case matches.',
    arrived: (count: number) => (count === 1 ? 'One new case.' : `${count} new cases.`),
    state: {
      new: 'New',
      acknowledged: 'Opened',
      unopenable: 'Does not open',
      withdrawn: 'Withdrawn',
      left: 'With another agency',
    },
    urgentBadge: 'Wake now',
    wishedBadge: 'Withdrawal wished',
    followUps: (count: number) => (count === 1 ? '1 follow-up' : `${count} follow-ups`),
    due: (days: number) =>
      days < 0
        ? `${-days} ${days === -1 ? 'day' : 'days'} late`
        : days === 0
          ? 'open today'
          : `open within ${days} ${days === 1 ? 'day' : 'days'}`,
    dueDay: (day: string, left: number) =>
      left < 0
        ? `overdue by ${-left} ${left === -1 ? 'day' : 'days'}`
        : left === 0
          ? 'due today'
          : `due ${day}`,
    offered: 'Offered to you',
    changed: (time: string) => `changed ${time}`,
    pick: 'Choose a case',
    pickText: 'With the arrow keys and Enter, or a click. Nothing is fetched or decrypted before you say so.',
  },
  case: englishCase,
  work: englishWork,
  files: englishFiles,
  devices: englishKeys.devices,
  enrol: englishKeys.enrol,
}

export type Words = typeof english
