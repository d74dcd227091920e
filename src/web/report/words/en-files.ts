// Files, in English.
import type { Roughly } from '../remaining.ts'

const several = (count: number, one: string, many: string) => (count === 1 ? one : `${count} ${many}`)

export const englishFiles = {
  files: {
    heading: 'Files',
    law: {
      title: 'First: describe the technology; do not send it',
      text: 'Sending drawings, recipes, test data or source code can itself be an offence, even in order to report. Describe such a file in words, or keep it and let only its fingerprint go along: an agency can ask for the file later, lawfully.',
      lawful: 'Only what you lawfully have already. Copy nothing more, and break into nothing.',
    },
    way: ['Choose', 'Clean (not here yet)', 'Seal and send'],
    wayLabel: 'What happens to files',
    clean: {
      title: 'What is inside a file can name you',
      text: 'Who wrote it, where a photo was taken, comments, older versions. Cleaning is not built into this page yet: a file goes as it is, and so does its name.',
      how: 'What to do about it',
      more: 'If that could point to you, clean the file first with a program that you trust, or keep it. Some companies mark copies for each person: then describe it instead.',
    },
    choose: 'Choose files',
    chooseMore: 'Choose more files',
    drop: 'or drop them here',
    camera: 'Take a photo',
    untouched: 'They are not opened, and nothing is sent, before you send.',
    list: 'Chosen files',
    fate: 'What should happen to it?',
    keep: 'Keep it; only its fingerprint goes along',
    send: 'Send the file, sealed',
    fresh: 'Goes along, sealed: a photo just taken here may be nowhere else.',
    keepHelp:
      'A fingerprint is a number that only this file has (SHA-256); name and size go with it. It proves later that the file is the same. So leave the file as it is: do not save it anew.',
    remove: 'Remove',
    removeOf: (name: string) => `Remove: ${name}`,
    added: (count: number) => several(count, '1 file added.', 'files added.'),
    removed: (name: string) => `Removed: ${name}`,
    twice: (count: number) =>
      several(count, '1 file was in the list already.', 'files were in the list already.'),
    tooMany: 'A message has room for 32 files. The others were not added.',
    folder: 'Folders cannot be added. Please choose the files in them.',
    totals: (sent: number, size: string, kept: number) =>
      [
        sent === 0 ? 'No file is sent' : `${several(sent, '1 file is sent', 'files are sent')}, ${size}`,
        ...(kept === 0 ? [] : [several(kept, '1 is kept by you', 'are kept by you')]),
      ].join('; '),
    seen: (size: string) =>
      `The service and the network see that files come and a rough size: up to ${size}. Not which, and not how many.`,
    unseen: 'The service and the network see nothing of fingerprints.',
    limit: (size: string) => `Up to ${size} together, and up to 32 files.`,
    noFiles: 'This service takes no files. Fingerprints can go along.',
    tooLarge: (size: string) =>
      `These files together are too large to send: there is room for ${size}. Keep some of them, or remove them.`,
    cannotSend: 'This service takes no files. Please keep them: only fingerprints can go along.',
    goesAlong: 'is sent',
    staysHere: 'kept; only its fingerprint',
    nameAdvice: 'The name goes along with the file, or with its fingerprint.',
  },

  upload: {
    hash: 'Taking fingerprints',
    prepare: 'Preparing',
    send: 'Sealing and sending files',
    hashed: (done: string, length: string) => `${done} of ${length} read`,
    sent: (done: string, length: string) => `${done} of ${length} sent`,
    filled: 'Filled up to one of few sizes, so that the exact one stays hidden.',
    left: ({ unit, count }: Roughly) =>
      ({
        moment: 'less than a minute left',
        minutes: `about ${several(count, 'a minute', 'minutes')} left`,
        hours: `about ${several(count, 'an hour', 'hours')} left`,
      })[unit],
    spoken: (percent: number) => `${percent} percent sent`,
    pause: 'Pause',
    goOn: 'Go on',
    paused: 'Paused. Nothing is lost. It can wait for some hours, not for a day.',
    lost: 'Connection lost. Trying again; nothing is lost.',
    cancel: 'Stop; do not send',
    trouble: {
      lost: {
        title: 'The connection has not come back',
        text: 'Nothing is lost. What has arrived waits for some hours; it goes on from there, by itself once the network is back.',
      },
      unreadable: {
        title: 'A file cannot be read',
        text: (name: string) =>
          `«${name}» was changed, moved or deleted since you chose it, or may not be read. Remove it from the list, or choose it anew.`,
      },
      'too-large': {
        title: 'The service does not take so much',
        text: 'Keep some of the files, or remove them. Your words can go without them.',
      },
      full: {
        title: 'The service has no room for files just now',
        text: 'Try again later, or send your words and fingerprints now and the files another day.',
      },
      expired: {
        title: 'It took too long',
        text: 'The service keeps a beginning for a day. The files have to be sent from the start.',
      },
      failed: {
        title: 'The files could not be sent',
        text: 'Nothing of your report was sent. Trying again begins anew.',
      },
    },
    retry: 'Try again',
    change: 'Change the files',
    whole: 'Your message is sealed and sent once the files are there as a whole.',
  },

  replyFiles: {
    heading: 'Files with this reply',
    untrusted:
      'A file can do harm, whoever sends it. Do not open it on a company device, and do not allow it to «enable content» or «macros». Wherever you save it, others who use the device can find it.',
    save: 'Save',
    saveOf: (name: string) => `Save: ${name}`,
    saving: (done: string, size: string) => `${done} of ${size} fetched`,
    stop: 'Stop',
    saved: (name: string) => `Saved: ${name}`,
    stopped: 'Stopped. Nothing was saved.',
    failed: 'The connection failed. Nothing was saved; try again.',
    wrong: 'What came is not the file that the agency sealed. Nothing was saved.',
    gone: 'This file is not there any more.',
    tooLarge: (size: string) =>
      `This browser cannot save a file of more than ${size}. Open your report in Chrome or Edge on a computer.`,
    cannotWrite: 'It could not be written there. Nothing was saved.',
    fingerprint: 'Only its fingerprint was sent:',
  },

  keptFiles: {
    title: 'Files that you keep',
    text: 'Leave them exactly as they are. These are the fingerprints (SHA-256) that went along:',
  },
}
