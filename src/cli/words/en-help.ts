// What help says beside the commands and their options, in English.
import type { ExitCode } from '../exit.ts'

export const ENGLISH_EXITS: Readonly<Record<ExitCode, string>> = {
  0: 'done',
  1: 'the service refused, or there is nothing for you',
  2: `wrong usage, bad input, or you said no, or the reporter did (an excluded agency); nothing was sent
(where a receipt code is shown, it was, and there was no room for the receipt or for what was printed)`,
  3: 'the service cannot be reached or asks to come back later, or what answered is no such service',
  4: 'something does not hold: a signature, a receipt, an acknowledgement, a sealed text',
  5: 'a fault in this program',
  6: "not now, or not by this device: the case's state, the device's role, a key that a colleague has, a day's limit",
  130: 'interrupted',
}
