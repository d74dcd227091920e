declare module 'pdfjs-dist/cmaps/*' {
  const bytes: Uint8Array
  // biome-ignore lint/style/noDefaultExport: the bundler makes one of such a file.
  export default bytes
}
declare module 'pdfjs-dist/wasm/*' {
  const bytes: Uint8Array
  // biome-ignore lint/style/noDefaultExport: the bundler makes one of such a file.
  export default bytes
}
declare module 'pdfjs-dist/legacy/build/pdf.worker.mjs'
