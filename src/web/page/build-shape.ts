// What the build writes into the page about itself.

export interface ScriptFile {
  readonly src: string
  /** Subresource Integrity. */
  readonly integrity: string
}

export interface BuildInfo {
  readonly version: string
  /** SHA-256 over all that the form is built from, hex: the same sources give the same value, and the same files. */
  readonly source: string
  /** Whom this copy talks to; null: the server that it came from, or one that is typed. */
  readonly service: string | null
  /** base64url; null: not pinned. */
  readonly deployment: string | null
  /** Null in the file that opens from disk, which carries its engine. */
  readonly engines: { readonly wasm: ScriptFile; readonly plain: ScriptFile } | null
  /** What turns a PDF into pictures, loaded where somebody asks for that; null where there is none. */
  readonly pdf: ScriptFile | null
}
