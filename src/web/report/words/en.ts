// What the form says, in English. Korean has the same members.
import { englishFiles } from './en-files.ts'
import { englishQuestions } from './en-questions.ts'
import { englishReturn } from './en-return.ts'
import { englishSend } from './en-send.ts'

export const english = {
  ...englishFiles,
  ...englishReturn,
  ...englishSend,
  questions: englishQuestions,

  title: 'Information',
  otherLanguage: '한국어',
  leave: 'Leave now',
  leaveHint: 'Pressing Esc twice does the same: what you wrote is wiped and the weather page opens.',
  demonstration: 'Demonstration: nothing reaches an authority.',
  notice: 'Notice',
  back: 'Back',
  next: 'Next',

  start: {
    heading: 'If technology is leaking away,|you can say so here, without your name.',
    lead: 'What you write is sealed on this device. Only the public agencies that you choose can open it; not even those who run this service can read it.',
    report: 'Report',
    reportNote: 'One question a page. Only the first needs an answer. About 10 minutes.',
    look: 'I have a code',
    lookNote: 'See how your report stands, read replies, write more.',
    promises: ['No sign-up', 'No name, no e-mail', 'Nothing saved on this device'],
    danger: 'Is somebody in danger right now?',
    dangerCall: 'Call 112',
    fire: 'or 119',
  },

  address: {
    heading: 'Address of the service',
    lead: 'This file was opened from your device and does not know where to send. Type the address as the operator publishes it.',
    label: 'Address',
    example: 'for example https://report.example.kr',
    wrong:
      'That is not an address. It begins with https:// and ends with the name of the service; nothing follows it.',
    go: 'Use this address',
  },

  before: {
    heading: 'Before you start',
    lead: 'Four things that protect you more than any technology does.',
    points: [
      {
        title: 'Use your own device',
        text: 'A company phone or computer may record what you type and see.',
      },
      {
        title: 'Use your own network',
        text: 'On the company’s Wi-Fi or VPN it shows that this page was visited. Mobile data or home is better.',
      },
      {
        title: 'Not while somebody watches',
        text: 'You can leave at any time: «Leave now» above, or the Esc key twice. What you write is never saved here. The address stays in the browser’s history, so a private window is better.',
      },
      {
        title: 'Better still: Tor Browser',
        text: 'It hides that you were here at all. If the operator has published an .onion address, use that.',
      },
    ],
    onion: 'You are here through a Tor address. Good.',
    danger:
      'If somebody is in danger, call 112 first (police), or 119 (fire and ambulance). What is written here may be read only days later.',
    next: 'I am somewhere safe',
  },

  protect: {
    heading: 'What we protect,|and what not',
    does: 'We protect',
    doesList: [
      {
        short: 'What you write, even from us',
        more: 'It is sealed on this device. Those who run the service, or steal its data, cannot read it.',
      },
      {
        short: 'Who you are: not asked, not stored',
        more: 'No name, no account is asked for, and the service stores no address of yours.',
      },
      {
        short: 'Your report, from other agencies',
        more: 'Agencies that you do not choose cannot tell.',
      },
      { short: 'Replies, by your code', more: 'Only who has your code can read them.' },
    ],
    cannot: 'We cannot protect',
    cannotList: [
      {
        short: 'Words that point to you',
        more: 'The agencies you choose read all of it. What only you know points to you.',
      },
      {
        short: 'That you were here, without Tor',
        more: 'The network, and those who run the service, can see that. With Tor they cannot.',
      },
      {
        short: 'Whom you chose, from the operator',
        more: 'Those who run the service see which agencies a report goes to, on which day, and about how long it and its files are.',
      },
      {
        short: 'A watched device or screen',
        more: 'Spyware, or a company’s own programs, record what is typed and shown.',
      },
      {
        short: 'A page that somebody swapped',
        more: 'Whoever serves this page could change it. «About this page» below says how to check.',
      },
      { short: 'A lost code', more: 'It is kept nowhere, so nobody can bring it back.' },
    ],
    more: 'Touch a line to read more.',
    describe: {
      title: 'Describe technology; do not paste it',
      text: 'Taking out drawings, recipes or code can itself be an offence.',
      how: 'What to write instead',
      more: 'Say what it is, where it is and how you know. Agencies can ask for more.',
    },
    honest: 'Honest mistakes are fine; lies are not protected.',
    next: 'First question',
  },

  step: (at: number, of: number) => `${at} / ${of}`,
  stepSpoken: (at: number, of: number) => `Question ${at} of ${of}`,
  unknown: 'I don’t know',
  unknownNote: 'goes on without an answer',
  needed: 'This one question needs an answer. A sentence or two is enough.',
  required: 'needed',
  optional: 'optional',
  examples: 'Examples',
  chooseOne: 'Choose one, or none',
  chooseMany: 'Choose as many as fit',
  clearChoice: 'Choose none',
  tooLong: (over: string) => `This is too long by ${over} characters. Please shorten it.`,
  toCheck: 'Back to checking',
  wake: {
    label: 'Wake somebody now',
    text: 'Only for what cannot wait for office hours: a departure, a shipment, a deletion within three days. The service itself can see this mark; never the text.',
  },
  danger: {
    title: 'Please call first',
    text: 'If a life is at stake, nothing that is written here is fast enough.',
    police: '112 Police',
    fire: '119 Fire, ambulance',
  },
  connection: {
    loading: 'Getting ready…',
    unreachable: {
      title: 'No connection just now',
      text: 'The service does not answer. Check the network and try again. Whatever you wrote is still here.',
      offline:
        'This device is offline. Whatever you wrote is still here; it goes on as soon as there is a network.',
    },
    unproven: {
      title: 'Stop: this service cannot prove who it is',
      text: 'The list of agencies is not signed as it must be. It may be damaged, or somebody may have put themselves in between. Nothing was sent, and nothing can be sent. Please do not try from this network again; tell the operator by another way.',
    },
    stale: {
      title: 'The list of agencies is out of date',
      text: 'Its signature holds, but its last day has passed. Keys may have been replaced since: a report sealed now might not be opened, or an old key might be in wrong hands. Better to wait a day. If it cannot wait, you may go on.',
      use: 'Go on with the old list',
      using: 'You are using a list of agencies past its last day.',
    },
    broken: {
      title: 'This page could not load all its parts',
      text: 'The part that seals did not load. Check the network and try again; nothing was lost and nothing was sent.',
    },
    notKnown: {
      title: 'There is no service here',
      text: 'What answers at this address does not speak as this service does. Check the address.',
    },
    retry: 'Try again',
  },

  footer: {
    label: 'About this page',
    version: 'Version',
    source: 'Fingerprint of the source',
    deployment: 'Identifier of the deployment',
    pinned: 'fixed in this copy',
    notPinned: 'as the service says; compare it with what the operator publishes',
    check: 'How to check it',
    checkText:
      'The same source always builds the same files. bongsu-web-manifest.json lists the hash of each; build it yourself, or have somebody do so, and compare. You can also save the form as one file, check its hash, and open it from your own disk.',
    manifest: 'List of files and hashes',
    offline: 'The form as one file',
    honest: 'This software was reviewed and tested, but not yet audited by anybody independent.',
    tracking: 'No cookies, no storage, no statistics, nothing from other sites.',
    licence: 'Open source, Apache-2.0. Design after KRDS, the Korean government’s design system.',
  },
}

export type Words = typeof english
