// Which service this page talks to, and which deployment it must be.
import { buildInfo } from './build-info.ts'

/** The form as a single file, opened from disk: it has no server of its own. */
export const isOffline = (): boolean => buildInfo().engines === null

/** The address that was built into this copy; null where there is none. */
export const carriedServiceUrl = (): string | null => buildInfo().service

/** The deployment id, base64url, that was built into this copy: pin it. Null where there is none. */
export const carriedDeployment = (): string | null => buildInfo().deployment

/** Null only in a file from disk that carries no address: then somebody must type one. */
export const serviceUrl = (): string | null => carriedServiceUrl() ?? (isOffline() ? null : location.origin)
