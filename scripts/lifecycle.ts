// Writes docs/lifecycle.md from the table.
import { writeFileSync } from 'node:fs'
import { buildLifecycleDocument } from './lifecycle-document.ts'

writeFileSync(new URL('../docs/lifecycle.md', import.meta.url), buildLifecycleDocument())
