import { customType } from 'drizzle-orm/pg-core'

/** bytea, as pg gives it: a Buffer, which is a Uint8Array. */
export const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' })
