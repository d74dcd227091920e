// Devices, keys and the first use, in English.
export interface EnrolPlace {
  readonly server: string
  readonly deployment: string
  readonly today: string
  readonly inAYear: string
  /** Where a command is run, in the reader's language. */
  readonly where: Readonly<Record<'here' | 'keeper', string>>
}

export interface EnrolStep {
  readonly title: string
  readonly text: string
  /** `here`: on this device; `keeper`: on the machine with the agency's identity key. */
  readonly where: 'here' | 'keeper' | 'browser'
  /** Lines for a terminal. */
  readonly commands: (at: EnrolPlace) => readonly string[]
}

const enrolSteps: readonly EnrolStep[] = [
  {
    title: 'Make this device’s keys',
    text: 'On this machine, in a folder of your own. You choose the passphrase; the secrets never leave the file. request.json is public.',
    where: 'here',
    commands: ({ deployment }) => [
      `npx bongsu authority new-device intake.key.json --agency AGENCY --deployment ${deployment} --sealed > request.json`,
    ],
  },
  {
    title: 'Have the certificate signed',
    text: 'Give request.json to the keeper of your agency’s identity key, and read the device’s number to each other: bongsu authority public shows it. For an investigator: --role investigator --scopes cases.',
    where: 'keeper',
    commands: ({ deployment, today, inAYear }) => [
      `npx bongsu authority certificate --request request.json --identity agency.key.json --deployment ${deployment} --role intake --scopes intake,cases --from ${today} --until ${inAYear} --out intake.note`,
    ],
  },
  {
    title: 'Put the certificate into the key file',
    text: 'The keeper returns intake.note.',
    where: 'here',
    commands: () => ['npx bongsu authority install intake.key.json --certificate intake.note'],
  },
  {
    title: 'Publish that the device counts',
    text: 'The keeper adds it to the agency’s device list. An intake device also makes epoch keys, without which nobody can write to the agency; the keeper publishes those too. For the first device of an agency: --number 1, without --previous.',
    where: 'keeper',
    commands: ({ server, deployment, today, where }) => [
      `# ${where.keeper}`,
      `npx bongsu authority device-list --agency AGENCY --number 2 --previous devices-1.note --certificate intake.note --identity agency.key.json --deployment ${deployment} --out devices-2.note`,
      `npx bongsu authority publish --agency AGENCY --devices devices-2.note --server ${server}`,
      `# ${where.here}`,
      `npx bongsu authority new-epochs intake.key.json --from ${today} --count 4 > epochs.json`,
      `# ${where.keeper}`,
      `npx bongsu authority statement --agency AGENCY --number 1 --epochs epochs.json --identity agency.key.json --deployment ${deployment} --out statement-1.note`,
      `npx bongsu authority publish --agency AGENCY --statement statement-1.note --server ${server}`,
    ],
  },
  {
    title: 'Unlock',
    text: 'Choose intake.key.json on the page before, type the passphrase, and the cases appear. Keep a sealed copy of the file in a safe: without it, reports under its epochs open nowhere. Never use one key file on two machines.',
    where: 'browser',
    commands: () => [],
  },
]

export const englishKeys = {
  devices: {
    heading: 'Devices and keys',
    loading: 'Reading the published lists …',
    own: 'This device',
    validUntil: (day: string, days: number) =>
      days < 0
        ? `Its certificate ended on ${day}.`
        : `Its certificate is valid until ${day}: ${days === 0 ? 'today is its last day' : days === 1 ? 'one day left' : `${days} days left`}.`,
    renewTitle: 'Renew the certificate now',
    renewText:
      'Ask the keeper of your agency’s identity key to sign this device’s request again, install it, and have a new device list published. From the day after the last one, the service refuses this device.',
    renewCommands: [
      'npx bongsu authority public intake.key.json > request.json',
      'npx bongsu authority install intake.key.json --certificate intake.note',
    ],
    sealed: 'The key file is sealed by a passphrase.',
    plain: 'The key file is not sealed: whoever copies it can open reports.',
    list: 'The agency’s devices',
    version: (version: number) => `Device list no. ${version}, as published and verified`,
    id: 'Device',
    role: 'Role',
    scopes: 'May',
    from: 'From',
    until: 'Until',
    state: 'State',
    states: {
      active: 'Valid',
      ending: 'Ends soon',
      early: 'Not yet',
      expired: 'Expired',
      revoked: 'Revoked',
    },
    scope: {
      intake: 'receive reports',
      cases: 'read and answer',
      status: 'see the list',
      pickup: 'hand keys on',
    },
    ownMark: 'this device',
    unknown: 'A device that nobody here knows? Have it revoked at once: the keeper of the identity key can.',
    epochs: 'Epoch keys',
    epochsText:
      'Reporters seal to the newest. A week for sealing, two more in which what is on its way still comes.',
    reachable: (day: string) => `Reporters can write to your agency until ${day}.`,
    unreachable: 'Nobody can write to your agency now: there is no epoch key for today.',
    renewalTitle: 'New epoch keys are due',
    renewalText:
      'Make them on the intake device, and have the keeper of the identity key publish a statement. Without them nobody can write to the agency.',
    renewalCommands: ['npx bongsu authority new-epochs intake.key.json --from DAY --count 4 > epochs.json'],
    key: 'Key',
    sealsUntil: 'Sealed to until',
    acceptedUntil: 'Taken until',
    epochStates: { future: 'To come', current: 'In use', closing: 'Runs out', ended: 'Ended' },
    held: 'seed in this key file',
    notHeld: 'seed elsewhere',
    unpublished: 'not published',
    todo: 'To do',
    todos: {
      nothing: '–',
      keep: 'Keep the seed',
      'open-first': (count: number) => (count === 1 ? 'Open 1 case first' : `Open ${count} cases first`),
      destroy: 'Destroy the seed now',
    },
    destroyTitle: 'Before a seed is destroyed',
    destroySteps: [
      'Every case of its days is opened on an intake device, or recorded as one that does not open. The table says which are left.',
      'Each is acknowledged: that hands the content keys to the other devices. Follow-ups too: look for «Hand the keys on».',
      'Somebody else than you opens one of them on another device, to see that it works.',
      'Then remove the entry of this epoch from the key file and from every copy: there is no command for it yet. Until then the epoch protects nothing: a stolen file opens it.',
    ],
    openCase: (shown: string) => `Show case ${shown}`,
    more: (count: number) => `and ${count} more`,
  },
  enrol: {
    heading: 'How a device is enrolled',
    lead: 'Once, in five steps, by two people: you, and the keeper of your agency’s identity key. The commands run in a terminal, in the folder of this program.',
    where: {
      here: 'On this device',
      keeper: 'With the keeper of the identity key',
      browser: 'In this browser',
    },
    steps: enrolSteps,
    demoTitle: 'A demonstration?',
    demoText:
      'Its keys are already there, unsealed, in the data folder of whoever started it. Choose one of these files and leave the passphrase empty:',
    demoFiles: [
      ['data/demo/nis-intake.key.json', 'receives reports first: begin with it'],
      ['data/demo/nis-investigator.key.json', 'reads what intake has acknowledged'],
      ['data/demo/police-intake.key.json', 'another agency: sees its own cases only'],
    ],
    deployment: 'Deployment',
    deploymentUnknown:
      'DEPLOYMENT is what the service printed when it started; compare it with what is published.',
    back: 'Back to unlocking',
    done: 'I have the key file: unlock',
  },
}
