// Whatever happens to a case: sequences of actions at random.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { rowIn } from '../../src/protocol/lifecycle.ts'
import { allowedActions, type Choice } from '../../src/protocol/lifecycle-guards.ts'
import { STATES } from '../../src/protocol/lifecycle-phases.ts'
import {
  type Actor,
  applyEvent,
  type CaseEvent,
  type CaseState,
  newCase,
  type Parameters,
} from '../../src/protocol/lifecycle-state.ts'
import { did, EVERYBODY, nis } from './lifecycle-people.ts'
import { refusal } from './support.ts'

const AGENCIES = ['nis', 'police', 'sme-office', 'customs']

/** What an action asks for, said rightly, where there is something right to say. */
function saidRightly(
  { action, codes, names }: Choice,
  state: CaseState,
  who: Actor,
  pick: number,
): Parameters {
  const of = <T>(list: readonly T[]): T | undefined => list[pick % list.length]
  const code = codes ? of(codes) : undefined
  const isTaken = (agency: string) =>
    agency === state.holder || (action === 'agency-invited' && state.joined.includes(agency))
  const agency = of(action === 'joint-ended' ? state.joined : AGENCIES.filter(one => !isTaken(one)))
  const others = EVERYBODY.filter(one => one.agency === who.agency && one.device !== who.device)
  const isIn = (list: CaseState['recused'], { device }: Actor) =>
    list.some(one => one.device === device && one.agency === who.agency)
  const device = of(
    others.filter(one =>
      action === 'conflict-cleared' ? isIn(state.conflicts, one) : !isIn(state.recused, one),
    ),
  )?.device
  return {
    ...(code === undefined ? {} : { code }),
    ...(names === 'agency' && agency !== undefined ? { agency } : {}),
    ...(names === 'device' && device !== undefined ? { device } : {}),
    ...(names === 'message' ? { message: state.lastMessage + 1 + (pick % 2) } : {}),
  }
}

/** Walks at random along what is open; `visit` sees each state with all that led there. */
function walk(
  picks: readonly number[],
  visit: (state: CaseState, history: readonly CaseEvent[]) => void,
): void {
  let state = newCase('nis')
  const history: CaseEvent[] = []
  visit(state, history)
  for (const pick of picks) {
    const open = EVERYBODY.flatMap(who =>
      allowedActions(state, who)
        .filter(({ obstacle }) => !obstacle)
        .map(choice => ({ who, choice })),
    )
    // Most of what is open changes little: every other step is one that moves the case.
    const moving = open.filter(
      ({ choice }) => choice.twoPeople || rowIn(choice.action, state.state)?.to !== 'same',
    )
    const from = pick % 2 === 0 || moving.length === 0 ? open : moving
    const { who, choice } = from[(pick >> 1) % from.length] ?? {}
    if (!who || !choice) return
    const event = did(who, choice.action, saidRightly(choice, state, who, pick))
    if (refusal(() => applyEvent(state, event)) !== 'accepted') continue
    state = applyEvent(state, event)
    history.push(event)
    visit(state, history)
  }
}

const walks = fc.array(fc.nat(1_000_000), { maxLength: 60 })

test('an event is accepted exactly where its action is open to its device, and says what is asked', () => {
  fc.assert(
    fc.property(walks, fc.nat(1000), (picks, pick) => {
      walk(picks, state => {
        for (const who of EVERYBODY) {
          for (const choice of allowedActions(state, who)) {
            const event = did(who, choice.action, saidRightly(choice, state, who, pick))
            const isMissing = choice.names !== null && event[choice.names] === undefined
            const expected = choice.obstacle === null && !isMissing ? 'accepted' : 'bad-chain'
            const found = refusal(() => applyEvent(state, event))
            if (found !== expected)
              throw new Error(`${choice.action} by ${who.role} of ${who.agency}: ${found}`)
          }
        }
      })
    }),
    { numRuns: 25 },
  )
})

test('an event that says too little, too much or something else is refused', () => {
  const wrong: readonly Parameters[] = [
    { code: 'no-such-code' },
    { code: '__proto__' },
    { code: 'toString' },
    { agency: 'nis' },
    { agency: 'Not an agency' },
    { device: 'no-device' },
    { device: 'f'.repeat(31) },
    { message: 0 },
    { message: 1.5 },
  ]
  fc.assert(
    fc.property(walks, fc.nat(1000), (picks, pick) => {
      walk(picks, state => {
        const who = EVERYBODY[pick % EVERYBODY.length] ?? nis.supervisor
        for (const choice of allowedActions(state, who).filter(({ obstacle }) => !obstacle)) {
          const right = saidRightly(choice, state, who, pick)
          for (const change of wrong) {
            expect(refusal(() => applyEvent(state, did(who, choice.action, { ...right, ...change })))).toBe(
              'bad-chain',
            )
          }
          for (const name of Object.keys(right) as (keyof Parameters)[]) {
            const { [name]: _, ...less } = right
            expect(refusal(() => applyEvent(state, did(who, choice.action, less)))).toBe('bad-chain')
          }
        }
      })
    }),
    { numRuns: 10 },
  )
})

test('whatever happens, duties stay separate', () => {
  const reached = new Set<string>()
  const isBy = (event: CaseEvent, other: CaseEvent) =>
    event.by.device === other.by.device && event.by.agency === other.by.agency
  fc.assert(
    fc.property(walks, picks => {
      walk(picks, (state, history) => {
        reached.add(state.state)
        const last = history.at(-1)
        if (!last) return
        const before = history.slice(0, -1)
        expect(last.by.role).not.toBe('auditor')
        if (
          ['closed', 'objection-rejected', 'reopened', 'recused', 'conflict-cleared'].includes(last.action)
        ) {
          expect(last.by.role).toBe('supervisor')
        }
        if (last.action === 'closed') {
          const outcome = before.findLast(({ action }) => action === 'outcome-reported')
          expect(outcome && isBy(outcome, last)).toBe(false)
        }
        if (last.action === 'confirmed') {
          const proposal = before.findLast(
            ({ action }) => action === 'out-of-scope' || action === 'redirected',
          )
          expect(proposal && isBy(proposal, last)).toBe(false)
          expect(state.decision?.by).toHaveLength(2)
        }
        const stepping = before.findLast(
          event =>
            (event.action === 'conflict-declared' && isBy(event, last)) ||
            (event.device === last.by.device && event.by.agency === last.by.agency),
        )
        if (stepping && stepping.action !== 'conflict-cleared') {
          expect(['acknowledged', 'unopenable']).toContain(last.action)
        }
      })
    }),
    { numRuns: 300 },
  )
  expect([...reached].sort()).toEqual(Object.keys(STATES).sort())
})

test('whatever happens, a case keeps in itself: one holder, one matter at a time', () => {
  fc.assert(
    fc.property(walks, picks => {
      walk(picks, state => {
        expect(state.joined).not.toContain(state.holder)
        expect(new Set(state.joined).size).toBe(state.joined.length)
        expect(state.joined).not.toContain(state.invited)
        // What one waits for, and what is decided meanwhile, are never open at once.
        const isWaiting = state.request || state.proposed !== null || state.invited !== null
        if (isWaiting) expect(state.pending).toBeNull()
        if (isWaiting) expect(STATES[state.state].phase).toMatch(/^(assess|address)$/)
        expect(state.request && state.proposed !== null).toBe(false)
        expect(state.decision !== null).toBe(STATES[state.state].phase === 'conclude')
      })
    }),
    { numRuns: 100 },
  )
})
