// What somebody at a screen can find and do, in whatever browser: as much of Playwright's page as the walks use.

export type Role = 'button' | 'checkbox' | 'heading' | 'listbox' | 'option' | 'radio' | 'tab' | 'tablist'

export interface NamedLike {
  readonly name?: string | RegExp
  readonly exact?: boolean
}

export interface Finding {
  locator(css: string, options?: { hasText?: string | RegExp }): Found
  getByRole(role: Role, options?: NamedLike): Found
  getByText(text: string | RegExp, options?: { exact?: boolean }): Found
  getByLabel(text: string | RegExp): Found
}

/** Found anew by every call. What acts waits until there is one that can be acted on. */
export interface Found extends Finding {
  first(): Found
  last(): Found
  nth(index: number): Found
  filter(options: { hasText: string | RegExp }): Found
  waitFor(options?: { state?: 'attached' | 'detached' | 'visible' | 'hidden' }): Promise<void>
  click(): Promise<void>
  check(): Promise<void>
  fill(text: string): Promise<void>
  focus(): Promise<void>
  /** Of a field for files that a selector of its own finds. */
  setInputFiles(files: string | readonly TestFile[]): Promise<void>
  count(): Promise<number>
  isVisible(): Promise<boolean>
  isDisabled(): Promise<boolean>
  textContent(): Promise<string | null>
  allTextContents(): Promise<string[]>
  inputValue(): Promise<string>
  getAttribute(name: string): Promise<string | null>
}

export interface TestFile {
  readonly name: string
  readonly mimeType: string
  readonly buffer: Buffer
}

export interface Screen extends Finding {
  readonly keyboard: {
    press(key: string): Promise<void>
    type(text: string): Promise<void>
  }
}
