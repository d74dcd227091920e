// The first page of the reporter's form. scripts/build-web.ts adds the engines, integrity and policy.
import { join } from 'node:path'
import { defineConfig } from 'vite'

export default defineConfig({
  root: join(import.meta.dirname, 'src/web/report'),
  // Relative: the form may be served below a path, or from elsewhere.
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
      output: {
        codeSplitting: false,
        entryFileNames: 'assets/form.js',
        assetFileNames: 'assets/[name]-[hash][extname]',
      },
    },
  },
})
