// For whom a report is sealed, and who must never get it.
import { agenciesToday, type Trust } from '../client/index.ts'
import { findAgency, recommendAgencies } from '../protocol/directory.ts'
import { agencyName, nameOf } from './casework/names.ts'
import { Declined, WrongInput } from './exit.ts'
import { confirm } from './input.ts'
import type { Output } from './output.ts'

export interface AddresseeOptions {
  readonly to?: readonly string[]
  readonly notFor?: readonly string[]
  readonly kind?: string
  readonly field?: string
  readonly yes?: boolean
}

export interface Addressees {
  readonly agencies: readonly string[]
  readonly notFor: readonly string[]
}

const idsIn = (entries: readonly string[] = []) => [
  ...new Set(entries.flatMap(entry => entry.split(',')).filter(Boolean)),
]

/** Says what an exclusion does, and asks where the directory recommends. Throws `InvalidInput`, `Declined`. */
export async function chooseAddressees(
  asked: AddresseeOptions,
  trust: Trust,
  output: Output,
): Promise<Addressees> {
  const notFor = exclusions(asked, trust)
  const named = idsIn(asked.to)
  requireKnown(named, trust)
  const both = named.filter(id => notFor.includes(id))
  if (both.length > 0) throw new WrongInput('to-and-not-for', both.join(', '))
  if (notFor.length > 0) {
    output.remark(output.words.excluding(notFor.map(id => agencyName(trust.directory, id, output.lang))))
  }
  return { agencies: named.length > 0 ? named : await recommended(asked, notFor, trust, output), notFor }
}

/** Of the directory, also ones that nobody can write to today: a slip of the pen would exclude nobody. */
function exclusions({ notFor }: AddresseeOptions, { directory }: Trust): string[] {
  const ids = idsIn(notFor)
  const unknown = ids.filter(id => !findAgency(directory, id))
  if (unknown.length > 0) throw noSuchAgency(unknown, directory.agencies)
  return ids
}

function requireKnown(named: readonly string[], trust: Trust): void {
  const known = agenciesToday(trust)
  const unknown = named.filter(id => !known.some(agency => agency.id === id))
  if (unknown.length > 0) throw noSuchAgency(unknown, known)
}

const noSuchAgency = (unknown: readonly string[], known: readonly { readonly id: string }[]) =>
  new WrongInput('no-such-agency', unknown.join(', '), known.map(({ id }) => id).join(', '))

async function recommended(
  { kind, field, yes }: AddresseeOptions,
  notFor: readonly string[],
  trust: Trust,
  { words, lang, remark }: Output,
): Promise<readonly string[]> {
  const answers = { ...(kind === undefined ? {} : { kind }), ...(field === undefined ? {} : { field }) }
  const ids = recommendAgencies(trust.directory, answers, trust.today).filter(id => !notFor.includes(id))
  if (ids.length === 0) throw new WrongInput('none-recommended')
  const agencies = agenciesToday(trust).filter(({ id }) => ids.includes(id))
  remark(words.recommended(agencies.map(agency => `${nameOf(agency, agency.id, lang)} (${agency.id})`)))
  if (!yes && !(await confirm(words.askSend))) throw new Declined()
  return ids
}
