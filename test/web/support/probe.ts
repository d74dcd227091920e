// A page script in place of the form's: hands the engine's loader to a test.
import * as deployment from '../../../src/web/page/deployment.ts'
import { loadEngine } from '../../../src/web/report/load-engine.ts'

declare global {
  var probe: typeof deployment & { readonly loadEngine: typeof loadEngine }
}

globalThis.probe = { ...deployment, loadEngine }
