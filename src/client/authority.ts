// Publishing signed documents. There is no account for this: the signatures are the authority.
import { putDevices, putDirectory, putStatement } from '../contract/directory.ts'
import { call, type Service } from './http.ts'

/** The whole root chain, from the first, and the directory that its last root allows. */
export async function publishDirectory(
  service: Service,
  documents: { readonly roots: readonly string[]; readonly directory: string },
): Promise<void> {
  const { roots, directory } = documents
  await call(service, putDirectory, { body: { roots: [...roots], directory } })
}

export async function publishStatement(service: Service, agency: string, statement: string): Promise<void> {
  await call(service, putStatement, { params: { agency }, body: { statement } })
}

export async function publishDevices(service: Service, agency: string, devices: string): Promise<void> {
  await call(service, putDevices, { params: { agency }, body: { devices } })
}
