import { getEventListeners } from 'node:events'
import { type AttemptReport, ChatError } from '@rivulet/core'
import { type Batches, batchesOf } from '@rivulet/core/provider'
import { ManualClock } from '@rivulet/core/provider'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REQUEST } from './support/members.ts'
import { FULL, grown, type Tagged, type Tree, trees } from './support/trees.ts'

interface Run {
  events: Tagged[]
  error: unknown
  ended: boolean
  reports: AttemptReport[]
  atMs: number
  /** Timers that were still set at its end. */
  pending: number
}

/** For what is asserted of each event: an `expect()` takes longer than the event. */
function must(isSo: boolean, what: string): void {
  if (!isSo) expect.fail(what)
}

/** One call of a tree, to its end or until the reader has enough. */
async function run(
  tree: Tree,
  leaveAt?: number,
  abortAtMs?: number,
): Promise<Run & ReturnType<typeof grown> & { signal: AbortSignal }> {
  const clock = new ManualClock(0)
  const grownTree = grown(tree, clock)
  const abort = new AbortController()
  const seen: Run = { events: [], error: undefined, ended: false, reports: [], atMs: Infinity, pending: 0 }
  const onAttempt = (report: AttemptReport): void => void seen.reports.push(report)
  const batches: Batches = batchesOf(grownTree.root.stream(REQUEST, { signal: abort.signal, onAttempt }))
  const reading = async (): Promise<void> => {
    try {
      for (let read = await batches.next(); read.done !== true; read = await batches.next()) {
        must(read.value.length > 0, 'a batch has events')
        seen.events.push(...(read.value as Tagged[]))
        if (seen.events.length >= (leaveAt ?? Infinity)) {
          batches.close()
          return
        }
      }
      seen.ended = true
    } catch (error) {
      seen.error = error
    }
    seen.atMs = clock.now()
    seen.pending = clock.pending
  }
  if (abortAtMs !== undefined)
    clock.after(abortAtMs, () => {
      abort.abort(new Error('enough'))
    })
  void reading()
  await clock.run()
  return { ...seen, ...grownTree, signal: abort.signal }
}

/** What must hold of the events of one call. */
function check({ events, error, ended }: Run): void {
  let text = ''
  let of: string | undefined
  let mayStart = true
  let finishes = 0
  for (const event of events) {
    must(finishes === 0, 'nothing comes after the finish')
    switch (event.type) {
      case 'start':
        must(mayStart, 'another answer is announced')
        mayStart = false
        of = event.of
        break
      case 'restart':
        text = ''
        mayStart = true
        break
      case 'resume':
        mayStart = true
        break
      case 'text':
        must(event.of === of, `every event is of the answer that has begun: ${event.of} and ${of}`)
        must(!mayStart, 'an answer is announced before its text')
        text += event.text
        must(FULL.startsWith(text), `nothing is repeated or left out: ${JSON.stringify(text)}`)
        break
      case 'finish':
        must(event.of === of, `the finish is of the answer that has begun: ${event.of} and ${of}`)
        finishes++
        break
      default:
        expect.unreachable(event.type)
    }
  }
  if (ended) {
    expect(finishes).toBe(1)
    expect(text).toBe(FULL)
  } else if (error !== undefined) {
    expect(finishes).toBe(0)
  }
}

const hangs = (tree: Tree): boolean => (tree.kind === 'leaf' ? tree.fault?.code === 'hang' : tree.children.some(hangs))

describe('whatever tree of groups, whatever its members do', () => {
  it('there is one finish or one error, nothing mixed, nothing twice, nothing left open', async () => {
    let resumed = 0
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const result = await run(tree)
        check(result)
        if (result.ended && result.events.some(({ type }) => type === 'resume')) resumed++
        if (result.error !== undefined) expect(result.error).toBeInstanceOf(ChatError)
        if (hangs(tree)) return
        expect(result.ended || result.error !== undefined, 'it came to an end').toBe(true)
        expect(result.leaves.map(({ inFlight }) => inFlight)).toEqual(result.leaves.map(() => 0))
        expect(getEventListeners(result.signal, 'abort')).toHaveLength(0)
        expect(result.pending, 'no timer is left').toBe(0)
        if (tree.totalMs !== undefined) expect(result.atMs).toBeLessThanOrEqual(tree.totalMs + 1)
      }),
      { numRuns: 2000 },
    )
    expect(resumed, 'answers were continued').toBeGreaterThan(10)
  })

  it('a member that has failed is not asked again in one call, and each request to a member is reported once', async () => {
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const { leaves, reports } = await run(tree)
        // Only a member that was superseded, or is in a group that was, has another turn: when the winner breaks.
        const superseded = reports.filter(({ outcome }) => outcome === 'superseded' || outcome === 'cancelled')
        for (const { id, requests } of leaves) {
          const about = reports.filter(({ provider, error }) => provider === id && !isOfBreaker(error))
          expect(requests).toBeLessThanOrEqual(1 + superseded.length)
          if (!hangs(tree)) expect(about.length, id).toBe(requests)
        }
        for (const { startedMs, firstTokenMs = 0, totalMs } of reports) {
          expect(startedMs).toBeGreaterThanOrEqual(0)
          expect(totalMs).toBeGreaterThanOrEqual(firstTokenMs)
        }
      }),
      { numRuns: 500 },
    )
  })

  it('the usage at the end is an estimate just when an attempt that spent tokens did not tell how many', async () => {
    let [told, untold] = [0, 0]
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const { events, ended, reports, leaves } = await run(tree)
        const last = events.at(-1)
        if (!ended || last?.type !== 'finish') return
        const isSilent = ({ usage, outcome, firstTokenMs }: AttemptReport): boolean =>
          usage === undefined && (outcome === 'superseded' || firstTokenMs !== undefined)
        const isKnown = !reports.some(isSilent)
        expect(last.usage?.source).toBe(isKnown ? 'reported' : 'estimated')
        // Each answer of a leaf tells one token.
        const ids = new Set(leaves.map(({ id }) => id))
        const tokens = reports.filter(({ provider, usage }) => ids.has(provider) && usage !== undefined).length
        if (isKnown) expect(last.usage?.inputTokens).toBe(tokens)
        else expect(last.usage?.inputTokens).toBeLessThanOrEqual(tokens)
        if (isKnown) told++
        else untold++
      }),
      { numRuns: 500 },
    )
    expect(Math.min(told, untold), 'both were seen').toBeGreaterThan(20)
  })

  it('an abort closes every member and is what the caller gets', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 0, max: 1500 }), async (tree, atMs) => {
        const { leaves, signal, error, ended, events } = await run(tree, undefined, atMs)
        expect(leaves.map(({ inFlight }) => inFlight)).toEqual(leaves.map(() => 0))
        expect(getEventListeners(signal, 'abort')).toHaveLength(0)
        expect(ended || error === signal.reason || error instanceof ChatError).toBe(true)
        check({ events, error, ended, reports: [], atMs, pending: 0 })
      }),
      { numRuns: 500 },
    )
  })

  it('a reader that leaves leaves no member at work', async () => {
    await fc.assert(
      fc.asyncProperty(trees, fc.integer({ min: 1, max: 12 }), async (tree, leaveAt) => {
        const { leaves, signal, events } = await run(tree, leaveAt)
        if (events.length < leaveAt && hangs(tree)) return
        expect(leaves.map(({ inFlight }) => inFlight)).toEqual(leaves.map(() => 0))
        expect(getEventListeners(signal, 'abort')).toHaveLength(0)
      }),
      { numRuns: 500 },
    )
  })
})

const isOfBreaker = (error: ChatError | undefined): boolean => error?.message.includes('circuit open') === true

describe('these laws fail on what breaks them', () => {
  const tagged = (events: object[]): Run => ({
    events: events as Tagged[],
    error: undefined,
    ended: true,
    reports: [],
    atMs: 0,
    pending: 0,
  })
  const start = { type: 'start', of: 'a' }
  const finish = { type: 'finish', of: 'a' }
  const all = { type: 'text', text: FULL, of: 'a' }
  it.each([
    ['two finishes', [start, all, finish, finish]],
    ['none', [start, all]],
    ['an event of a superseded member', [start, { ...all, of: 'b' }, finish]],
    [
      'two answers without an event between them',
      [start, { ...all, text: 'word0' }, { ...start, of: 'b' }, { ...all, of: 'b' }, finish],
    ],
    ['repeated text', [start, { ...all, text: 'word0 word0 ' }, finish]],
    ['text left out', [start, { ...all, text: FULL.slice(0, -3) }, finish]],
  ])('%s', (_, events) => {
    expect(() => {
      check(tagged(events))
    }).toThrow()
  })
  it('and hold of a whole answer', () => {
    check(tagged([start, all, finish]))
  })
})
