// What the program says of files, in English. Korean has the same members.

interface Matched {
  readonly index: number
  readonly day: string
  readonly number: number
  readonly name: string
  readonly attached: boolean
}

const count = (files: number) => (files === 1 ? '1 file' : `${files} files`)
const message = (index: number) => (index === 0 ? 'the report' : `follow-up ${index}`)

export const englishFiles = {
  offence: [
    'Taking out drawings, recipes or code can itself be an offence. Describe technology instead, or name a file with --keep:',
    'then its name, size and fingerprint are sent, the file stays with you, and can be shown later to be the one.',
  ],
  askAttach: (files: number) => `Send the ${count(files)} all the same? [y/N]`,
  askAttachReply: (files: number) => `Send the ${count(files)} to the reporter? [y/N]`,
  metadataStays:
    'What a file says about itself stays in it: author, company, camera, place, earlier versions. Look before you send.',

  attaching: (files: number, size: string, sent: string) =>
    `${count(files)}, ${size}; ${sent} are sent, rounded up so that the size tells little.`,
  sending: 'Sending',
  saving: 'Saving',
  hashing: 'Reading',
  amount: (done: string, total: string) => `${done} of ${total}`,
  timeLeft: (time: string) => `${time} left`,
  goingOn: (size: string) => `Going on where it stopped: ${size} are there already.`,
  broken: 'The connection broke. It is tried again by itself; Ctrl-C ends it.',
  mended: 'Connected again; going on.',
  ranOut: 'The earlier upload has run out at the service. It begins again.',
  canGoOn: (file: string) =>
    `What was sent waits at the service, for a day at most. To go on, run the same command again; to give it up, delete ${file}.`,
  leftThere:
    'What was sent is deleted at the service within a day. With --resume-file it could be gone on with.',

  title: 'Files',
  attached: 'attached',
  kept: {
    reporter: 'kept by the reporter: only the fingerprint was sent',
    agency: 'kept by the agency: only the fingerprint was sent',
    you: 'kept: only the fingerprint was sent',
  },
  untrusted: {
    reporter: [
      'These files are a stranger’s. They may attack the machine that opens them, or call home and so give the reporter or',
      'your work away. Open them on a machine set apart, without a network. A preview opens a file, too.',
    ],
    agency: [
      'A file may call home when it is opened, and so tell who reads it and where. Open these without a network, on a device',
      'that nobody watches. A preview opens a file, too.',
    ],
  },
  saved: (path: string) => `saved as ${path}`,
  notSaved: (why: string) => `NOT SAVED: ${why}`,
  wrongFile: 'what came is not the file that the message lists',
  sentWith: (attached: number, kept: number) =>
    [
      ...(attached > 0 ? [`${count(attached)} attached`] : []),
      ...(kept > 0 ? [`${count(kept)} listed by fingerprint: keep as they are`] : []),
    ].join('; '),

  matches: ({ index, day, number, name, attached }: Matched) =>
    `The same file as ${number}. ${name} of ${message(index)}, ${attached ? 'attached' : 'kept by the reporter'}; listed since ${day}.`,
  noMatch: 'None of the files that this case lists.',
}

export type FileWords = typeof englishFiles

export const ENGLISH_FILE_FAILURES: Readonly<Record<string, string>> = {
  'upload-gone':
    'The upload is gone at the service: a day passed, or its message was sent after all. If you saw a receipt code, look with `bongsu status` first. Run again, the command begins anew.',
}
