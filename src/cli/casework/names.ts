// Agencies, devices, actions and codes in words.
import { type Agency, findAgency, type VerifiedDirectory } from '../../protocol/directory.ts'
import { type Action, codeWords, rowsOf } from '../../protocol/lifecycle.ts'
import type { Language } from '../config.ts'
import { neutralise } from '../terminal.ts'

export const nameOf = (agency: Pick<Agency, 'names'> | null, id: string, lang: Language): string =>
  neutralise(agency?.names[lang] ?? id)

export const agencyName = (directory: VerifiedDirectory, id: string, lang: Language): string =>
  nameOf(findAgency(directory, id), id, lang)

/** The first eight digits: enough to tell the devices of one agency apart. */
export const shortDevice = (deviceId: string): string => deviceId.slice(0, 8)

/** As the table has it; `again` where it was done before. */
export function actionLabel(action: Action, lang: Language, again = false): string {
  const rows = rowsOf(action)
  const row = rows.find(one => again && one.again) ?? rows[0]
  return row?.label[lang] ?? action
}

/** In words; what this version does not know is shown as it is. */
export function codeLabel(action: Action, code: string, lang: Language): string {
  return codeWords(action, code)?.[lang] ?? neutralise(code)
}
