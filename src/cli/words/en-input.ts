// What is wrong with what a reporter gave, in English: for programs and developers, too.

export const englishInput = {
  'no-text-named': () => 'which text? Name a file, or - for standard input',
  'empty-text': () => 'the text is empty',
  'text-too-large': path => `${path}: too large`,
  'not-utf8': path => `${path}: not UTF-8 text`,
  'input-taken': () => 'standard input cannot hold both text and code',
  'no-code-given': () => 'the receipt code: give it with --code-file',
  'nobody-to-ask': () => 'there is nobody to ask: say --yes',

  'to-and-not-for': ids => `${ids}: both --to and --not-for`,
  'no-such-agency': (ids, known) => `no such agency: ${ids} (there are: ${known})`,
  'none-recommended': () => 'no agency is left that the directory recommends: name some with --to',
  'object-to-stranger': id => `--object: ${id} has nothing to do with this report`,
  'nothing-to-object': id => `--object: ${id} did nothing that can be objected to now`,
  'save-and-delete': () => '--save or --delete, one after the other',
  'no-reply-id': text => `not the id of a reply: ${text}`,
  'roots-and-directory': () => '--roots and --directory: both or none',

  'not-a-file': path => `${path}: not a file`,
  'file-changed': path => `${path} changed while it was read`,
  'too-many-files': (most, count) => `a message has at most ${most} files, not ${count}`,
  'files-too-large': () => 'the attached files have more than 2 GiB together',
  'name-taken': folder => `${folder}: too many files of one name`,
  'resume-without-files': () => '--resume-file is for the files of --attach',
  'resume-of-another': path => `${path}: it is of another message, or of another deployment`,
  'resume-other-files': path => `${path}: the upload has other files, or they had another size`,
  'no-resume-file': path => `${path}: not a file of an upload`,
  'others-may-read': path => `${path}: others may read it; chmod 600 it first`,
  'upload-taken': path => `${path}: another command goes on with this upload; if none does, delete that file`,
} satisfies Readonly<Record<string, InputText>>

/** Of at most two things: a path, ids, numbers. */
export type InputText = (about: string, more: string) => string

export type WrongInputKind = keyof typeof englishInput
