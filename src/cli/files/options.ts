// The options of commands that send files, and what their help says of them.
import type { Command } from 'commander'
import type { Language } from '../config.ts'
import { KOREAN_ABOUT_FILES } from '../words/ko-help.ts'

const ABOUT = `
Files are sealed on this machine and sent in parts of 1 MiB; their names are inside the sealed message. A connection that
breaks is waited for, and the upload goes on by itself. What a file says about itself (author, company, place of a photo,
editing history) stays in it.

With --resume-file an upload can go on even after this command was ended: run it again with the same files and the same
STATE, within a day. STATE is written before a part is sent for the first time (mode 0600), and removed when the message is
sent or the upload is gone. It holds the key, names and sizes of the attached files, not the receipt code: while it exists,
whoever gets it and the ciphertext can read these files, and a copy made meanwhile stays good. Deleting is all that is done
to it; what the disk keeps of it, it keeps. Without the option nothing is written to the disk.`

const ABOUT_KEPT = `

Taking out technology itself can be an offence: describe it, or list a file with --keep. Such a file stays where it is; its
name, size and SHA-256 go into the sealed message, and show later that it is the one. Keep it as it is: the smallest change makes
it another file.`

/** Of reporters. */
export const withFileOptions = (command: Command, language: Language): Command =>
  withAttachOption(command)
    .option('--keep <file...>', 'send its name, size and fingerprint only; the file stays with you')
    .option(...RESUME_OPTION)
    .addHelpText('after', language === 'ko' ? KOREAN_ABOUT_FILES : ABOUT + ABOUT_KEPT)

/** Of agencies. */
export const withReplyFileOptions = (command: Command): Command =>
  withAttachOption(command)
    .option(...RESUME_OPTION)
    .addHelpText('after', ABOUT)

const withAttachOption = (command: Command): Command =>
  command.option(
    '--attach <file...>',
    'seal files and send them with the message; 32 at most, 2 GiB together',
  )

const RESUME_OPTION = [
  '--resume-file <state>',
  'go on with an upload after this command was ended: see below',
] as const
