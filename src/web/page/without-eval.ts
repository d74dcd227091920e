// zod compiles its schemas with `new Function` where it can, and asks by trying; the page's policy forbids both.
import { config } from 'zod'

config({ jitless: true })
