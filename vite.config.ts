// The first page of the reporter's form or of the agencies' console: scripts/web says which folder is its root, and
// adds the engines, integrity and policy.
import { defineConfig } from 'vite'

export default defineConfig({
  // Relative: a page may be served below a path, or from elsewhere.
  base: './',
  publicDir: false,
  envDir: false,
  logLevel: 'warn',
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome120', 'firefox115', 'safari17'],
    // Nothing becomes a data: URL that the policy would have to allow.
    assetsInlineLimit: 0,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: {
      // How long its parts take on a slow machine is nobody's mistake.
      checks: { bundlerTimings: false },
      output: {
        codeSplitting: false,
        entryFileNames: 'assets/page.js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
})
