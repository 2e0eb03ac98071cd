import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Fault, faultCatalogue, type FaultInfo, simulator, type Simulator } from '../../src/index.ts'
import { faultBreaks } from '../../src/faults.ts'
import { requestFor, type Form, forms, vendorForms } from '../forms.ts'
import { read } from '../reader.ts'

/** Every kind with every choice of its options, in every answer format, against a reader that follows the standards. */

let sim: Simulator
beforeAll(async () => {
  sim = await simulator()
})
afterEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

/** Smaller than the defaults, to keep slow and large faults fast. */
const quick: Readonly<Record<string, object>> = {
  'slow-accept': { delayMs: 1 },
  'endless-line': { bytes: 512 * 1024 },
}

/** A reader needs a timeout to end these; each has a separate test. */
const neverEnding = ['stall-before-headers', 'stall-before-first-token', 'stall-mid-stream', 'pings-forever', 'trickle']

/** In plain text a reader cannot detect wrong content, nor tell the end of the body from the end of the answer. */
const undetectableInText = ['close-delimited-cut', 'garbage-text', 'short-content-length']

function variants({ kind, defaults }: FaultInfo): Fault[] {
  const fault = { kind, ...quick[kind] }
  const sets = Object.entries(defaults).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]))
  return [fault, ...sets.flatMap(([name, choices]) => choices.map((choice) => ({ ...fault, [name]: choice })))]
}

const all = faultCatalogue.filter(({ kind }) => !neverEnding.includes(kind) && kind !== 'random').flatMap(variants)

/** The vendors' dialects share the fault code with those above, so one choice of each is enough, and every format. */
const once = all.filter((fault, index) => {
  const isFirst = all.findIndex(({ kind }) => kind === fault.kind) === index
  return isFirst || fault.kind === 'tool-calls' || fault.kind === 'usage'
})

describe.each([
  ...forms.map(([name, form]) => [name, form, all] as const),
  ...vendorForms.map(([name, form]) => [name, form, once] as const),
])('%s', (_name, form: Form, all) => {
  test.each(all.filter((fault) => !faultBreaks(fault, form)))(
    'reads the complete answer in spite of %j',
    async (fault) => {
      sim.fault(form.dialect, fault)
      const { text, calls } = await read(sim, requestFor(sim, form, 'say “a b” 水 🙂!'), form)
      await sim.requests[0]?.done
      expect(text).toBe(sim.requests[0]?.answer)
      expect(sim.requests[0]).toMatchObject({ status: 200, fault: fault.kind, answerTaken: true })
      // An empty text is right only if the answer consists of tool calls.
      if (sim.requests[0]?.answer === '') expect(calls.length).toBeGreaterThan(0)
    },
  )

  const known = all.filter(({ kind }) => form.framing !== 'text' || !undetectableInText.includes(kind))
  const staysOpen = (kind: string): boolean => kind === 'end-mark-then-open'
  test.each(known.filter((fault) => faultBreaks(fault, form) && !staysOpen(fault.kind)))(
    'does not mistake %j for a complete answer',
    async (fault) => {
      sim.fault(form.dialect, fault)
      const found = await read(sim, requestFor(sim, form, 'count to 9'), form).catch((error: unknown) => error)
      await sim.requests[0]?.done
      // Plain text and a body without content are read to their end without an error: there the text differs.
      if (!(found instanceof Error)) expect(found).not.toMatchObject({ text: sim.requests[0]?.answer })
      expect(sim.requests[0]).toMatchObject({ fault: fault.kind, answerTaken: false })
    },
  )
})
