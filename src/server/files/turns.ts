// Parts of one upload are counted one after another. A client may send some before it heard of those ahead of them: each
// waits for its turn here, with its bytes stored already.

export interface Turns {
  /** Call before it is looked up how far the upload is: a part that is stored meanwhile is not missed. */
  expect(upload: string, offset: number): Turn
  /** `upload` has all before `offset`. */
  reached(upload: string, offset: number): void
}

export interface Turn {
  /** Null for the first at its place. Whether those that came before it ended within so many milliseconds. */
  readonly before: ((milliseconds: number) => Promise<boolean>) | null
  /** Whether `offset` was reached within so many milliseconds, by a part that came to this server. */
  come(milliseconds: number): Promise<boolean>
  /** Call once, however it ended. */
  end(): void
}

interface Place {
  readonly waiting: Set<() => void>
  /** Of the last that came: it and all before it have ended. */
  ended: Promise<void>
}

export function createTurns(): Turns {
  const places = new Map<string, Place>()
  const nameOf = (upload: string, offset: number) => `${upload}/${offset}`
  return {
    expect(upload, offset) {
      const name = nameOf(upload, offset)
      const others = places.get(name)
      const place = others ?? { waiting: new Set(), ended: Promise.resolve() }
      places.set(name, place)
      const [reached, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      place.waiting.add(reached.resolve)
      const earlier = place.ended
      place.ended = earlier.then(() => ended.promise)
      return {
        before: others ? milliseconds => isOverWithin(earlier, milliseconds) : null,
        come: milliseconds => isOverWithin(reached.promise, milliseconds),
        end() {
          ended.resolve()
          place.waiting.delete(reached.resolve)
          if (place.waiting.size === 0) places.delete(name)
        },
      }
    },
    reached(upload, offset) {
      for (const resolve of places.get(nameOf(upload, offset))?.waiting ?? []) resolve()
    },
  }
}

function isOverWithin(promise: Promise<void>, milliseconds: number): Promise<boolean> {
  return new Promise(resolve => {
    const late = setTimeout(resolve, milliseconds, false)
    promise.then(() => {
      clearTimeout(late)
      resolve(true)
    })
  })
}
