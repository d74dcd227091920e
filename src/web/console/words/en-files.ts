// Files of a case, in English.
import type { FileTrouble } from '../file-trouble.ts'
import type { PdfEnd } from '../pdf-pages.ts'
import type { ServiceTrouble } from '../trouble.ts'

type OwnTrouble = Exclude<FileTrouble, ServiceTrouble>

const troubles: Readonly<Record<OwnTrouble, string>> = {
  unverified:
    'This is not the file that the message lists. Nothing of it was kept. Do not act on it, and tell whoever runs the service.',
  gone: 'The service has these files no more: the report was withdrawn, or they were deleted.',
  disk: 'The file could not be written on this machine. Nothing of it is left.',
  changed: 'A chosen file cannot be read any more, or was changed. Take the reply back, and choose it again.',
  'too-large': 'The files are larger together than this service takes with one message.',
  'storage-full': 'The service has no room for files now. Try again later, or send the reply without them.',
  'names-too-long': 'The names of the files are so long that no room is left for the text. Shorten them.',
}

const pdf: Readonly<Record<Exclude<PdfEnd, 'end'>, string>> = {
  locked: 'A password opens this PDF: it is not shown here. Save it.',
  broken:
    'This PDF cannot be read here: it is damaged, or made in a way that this page does not know. Save it.',
  'not-loaded': 'The part of this page that shows PDFs did not load. Close the preview and try again.',
}

export const englishFiles = {
  heading: (count: number) => (count === 1 ? '1 file' : `${count} files`),
  of: (message: number) => (message === 0 ? 'Files of the report' : `Files of follow-up ${message}`),
  lead: 'Names, types and contents are those of the sender. The fingerprint is SHA-256, as sha256sum gives it.',
  label: (number: number) => `File ${number}`,
  name: (number: number) => `Name of file ${number}`,
  type: 'Type, as claimed',
  noType: 'none given',
  size: 'Size',
  bytes: (exact: string) => `${exact} bytes`,
  sha256: 'SHA-256',
  where: 'Where it is',
  attached: 'Attached',
  kept: 'Kept by the reporter: only its fingerprint is here',
  look: 'Preview',
  lookAt: (number: number) => `Preview of file ${number}`,
  close: 'Close the preview',
  closeOf: (number: number) => `Close the preview of file ${number}`,
  save: 'Save …',
  saveOf: (number: number) => `Save file ${number} …`,
  tooLargeToLook: (limit: string) => `Larger than ${limit}: not shown here.`,
  tooLargeToSave: (limit: string) =>
    `This browser saves files of up to ${limit}. Larger ones: with Chrome or Edge on a desktop, or with the command line.`,
  reading: (number: number) => `File ${number} is being fetched, opened and checked.`,
  saving: (number: number) => `File ${number} is being fetched, opened, checked and saved.`,
  progress: (read: string, size: string) => `${read} of ${size}`,
  progressOf: (number: number) => `How much of file ${number} has come`,
  cancel: 'Stop',
  cancelOf: (number: number) => `Stop file ${number}`,
  saved: (number: number) => `File ${number} was checked whole, and saved.`,
  warning: {
    title: 'Files of strangers',
    lead: 'Before you look at or save the first one:',
    points: [
      'A file can be made to attack whoever opens it. The preview shows pictures and text, and runs nothing; what you save is as it came.',
      'Open saved files only on a machine that is meant for it: without a network, without your agency’s data.',
      'A file may say who the reporter is: its properties, its name, a mark in a copy. Pass nothing on before that is looked at.',
      'Copies on this machine are yours to keep safe and to delete.',
    ],
    goOn: 'I know: go on',
    leave: 'Leave it',
  },
  preview: {
    of: (number: number) => `Preview of file ${number}`,
    picture: (number: number, width: string, height: string) =>
      `Picture in file ${number}, ${width} × ${height} pixels`,
    pictureNote: (width: string, height: string) =>
      `${width} × ${height} pixels. Only the picture itself: properties of the file are not shown.`,
    smaller: 'Shown smaller than it is.',
    notDecoded: 'This browser cannot decode the picture: it is damaged, or not what it begins as. Save it.',
    text: {
      'utf-8': 'As text (UTF-8).',
      'utf-16': 'As text (UTF-16).',
      'euc-kr': 'As text in the older Korean encoding (EUC-KR, CP949).',
    },
    textCut: (shown: string, all: string) => `The first ${shown} of ${all}.`,
    emptyText: 'The file is empty.',
    unknown: 'Neither a picture, nor text, nor a PDF that is shown here: it can be saved.',
    tooManyPixels: 'The picture has more pixels than this page decodes for a stranger. It can be saved.',
    pdfNote:
      'Pages as pictures. Links, scripts, comments, filled-in forms and enclosed files are not shown; fonts that the file does not bring are replaced.',
    pdfReading: 'Pages are being drawn …',
    pdfPage: (number: number, of: number) => `Page ${number} of ${of}`,
    pdfShown: (shown: number, of: number) =>
      shown < of ? `The first ${shown} of ${of} pages.` : of === 1 ? '1 page.' : `All ${of} pages.`,
    pdf,
  },
  compare: {
    heading: 'Compare a file',
    lead: 'Choose a file on this machine: its SHA-256 is computed here and compared with every fingerprint of this case, attached and kept. The file goes nowhere.',
    file: 'File to compare',
    choose: 'Choose the file …',
    another: 'Choose another …',
    computing: 'Computing the fingerprint.',
    progressOf: 'How much of the file was read',
    matches: (count: number) =>
      count === 1
        ? 'It is the same as one file of this case:'
        : `It is the same as ${count} files of this case:`,
    match: (message: number, number: number) =>
      message === 0 ? `Report, file ${number}` : `Follow-up ${message}, file ${number}`,
    none: 'No file of this case has this fingerprint. One byte of difference is enough for that.',
    failed: 'The file could not be read to its end.',
  },
  reply: {
    label: 'Files to send along',
    help: 'Sealed for the reporter alone, up to 32 files. Properties of your files, and their names, can say who you are. Leaving the case forgets what was chosen.',
    choose: 'Attach files …',
    remove: (name: string) => `Take out: ${name}`,
    removeShort: 'Take out',
    total: (count: number, size: string) => `${count === 1 ? '1 file' : `${count} files`}, ${size} together`,
    notAttached: {
      'too-many': 'More than 32 files do not fit one reply: the last ones that were chosen are not attached.',
      'too-large': 'More than 2 GiB does not fit one reply: the last ones that were chosen are not attached.',
    },
    uploading: 'Files are on their way',
    paused: 'Paused',
    isBroken: 'The service does not answer; it is tried again.',
    progress: (sent: string, length: string) => `${sent} of ${length}, sealed and filled up`,
    progressOf: 'How much of the files the service has',
    pause: 'Pause',
    goOn: 'Go on',
    takeBack: 'Take the reply back',
    takeBackNote: 'Text and files are a draft again.',
  },
  troubles,
}
