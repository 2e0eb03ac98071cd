import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faultCatalogue, type FaultInfo, simulator, type Simulator } from '../../src/index.ts'
import { faultBreaks } from '../../src/faults.ts'
import { asking, type Form, forms, formsOfToday } from '../forms.ts'
import { read } from '../reader.ts'

/** Every kind with every choice of its options, in every form of answer, before a reader that keeps to the standards. */

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

/** Smaller than the defaults, where only the size or the time of a fault would cost time. */
const quick: Readonly<Record<string, object>> = {
  'slow-accept': { delayMs: 1 },
  'endless-line': { bytes: 512 * 1024 },
}

/** A reader needs a clock to be rid of these; each has a test of its own. */
const endless = ['stall-before-headers', 'stall-before-first-token', 'stall-mid-stream', 'pings-forever', 'trickle']

/** In bare text nothing tells a wrong word from a right one, nor the end of the body from the end of the answer. */
const cannotBeKnown = ['close-delimited-cut', 'garbage-text', 'short-content-length']

function variants({ kind, defaults }: FaultInfo): Fault[] {
  const fault = { kind, ...quick[kind] }
  const sets = Object.entries(defaults).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  return [fault, ...sets.flatMap(([name, choices]) => choices.map((choice) => ({ ...fault, [name]: choice })))]
}

const all = faultCatalogue.filter(({ kind }) => !endless.includes(kind) && kind !== 'random').flatMap(variants)

/** The dialects of today share the faults with those above: one choice of each, and every spelling. */
const once = all.filter((fault, index) => {
  const isFirst = all.findIndex(({ kind }) => kind === fault.kind) === index
  return isFirst || fault.kind === 'tool-calls' || fault.kind === 'usage'
})

describe.each([
  ...forms.map(([name, form]) => [name, form, all] as const),
  ...formsOfToday.map(([name, form]) => [name, form, once] as const),
])('%s', (_name, form: Form, all) => {
  test.each(all.filter((fault) => !faultBreaks(fault, form)))('gets its answer whole in spite of %j', async (fault) => {
    sim.fault(form.dialect, fault)
    const { text, calls } = await read(sim, asking(sim, form, 'say “a b” 水 🙂!'), form)
    await sim.requests[0]?.done
    expect(text).toBe(sim.requests[0]?.answer)
    expect(sim.requests[0]).toMatchObject({ status: 200, fault: fault.kind, answerTaken: true })
    // A reader that leaves at the end mark has taken all there was.
    if (sim.requests[0]?.answer === '') expect(calls.length).toBeGreaterThan(0)
  })

  const known = all.filter(({ kind }) => form.framing !== 'text' || !cannotBeKnown.includes(kind))
  const held = (kind: string): boolean => kind === 'end-mark-then-open'
  test.each(known.filter((fault) => faultBreaks(fault, form) && !held(fault.kind)))(
    'does not mistake %j for an answer',
    async (fault) => {
      sim.fault(form.dialect, fault)
      const found = await read(sim, asking(sim, form, 'count to 9'), form).catch((error: unknown) => error)
      await sim.requests[0]?.done
      // Bare text and a body without content are read to their end: there the text tells.
      if (!(found instanceof Error)) expect(found).not.toMatchObject({ text: sim.requests[0]?.answer })
      expect(sim.requests[0]).toMatchObject({ fault: fault.kind, answerTaken: false })
    },
  )
})
