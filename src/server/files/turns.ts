// Parts of one upload are counted one after another. A client may send some before it heard of those ahead of them: each
// waits for its turn here, with its bytes stored already.

export interface Turns {
  /** Call before it is looked up how far the upload is: a part that is stored meanwhile is not missed. */
  expect(upload: string, offset: number): Turn
  /** `upload` has all before `offset`. */
  reached(upload: string, offset: number): void
}

export interface Turn {
  /** Resolves once `offset` is reached by a part that came to this server, and after `milliseconds` in any case. */
  come(milliseconds: number): Promise<void>
  /** Call once, however it ended. */
  end(): void
}

export function createTurns(): Turns {
  const waiting = new Map<string, Set<() => void>>()
  const nameOf = (upload: string, offset: number) => `${upload}/${offset}`
  return {
    expect(upload, offset) {
      const name = nameOf(upload, offset)
      const { promise, resolve } = Promise.withResolvers<void>()
      const others = waiting.get(name) ?? new Set()
      waiting.set(name, others.add(resolve))
      let late: NodeJS.Timeout | undefined
      return {
        come: milliseconds =>
          new Promise(goOn => {
            late = setTimeout(goOn, milliseconds)
            promise.then(goOn)
          }),
        end() {
          clearTimeout(late)
          others.delete(resolve)
          if (others.size === 0) waiting.delete(name)
        },
      }
    },
    reached(upload, offset) {
      for (const resolve of waiting.get(nameOf(upload, offset)) ?? []) resolve()
    },
  }
}
