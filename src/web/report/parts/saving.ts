import { offer } from '../../page/save-file.ts'

/** Hands a text to whoever saves files on this device. */
export const saveText = (name: string, text: string): void =>
  offer(name, new Blob([text], { type: 'text/plain;charset=utf-8' }))
