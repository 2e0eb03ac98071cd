import { describe, expect, test } from 'vitest'
import { type Fault, faultsThatBreak, simulator } from '../../src/index.ts'
import { send, start } from '../client.ts'
import { requestFor, type Form, forms } from '../forms.ts'

const brief = ['empty-200', 'truncate', 'html-200', 'status']

/** The faults that were applied to a series of requests. */
async function appliedFaults(
  form: Form,
  seed: number,
  fault: Partial<Fault>,
  count = 14,
): Promise<(string | undefined)[]> {
  await using sim = await simulator({ seed })
  sim.fault(form.dialect, { kind: 'random', kinds: brief, ...fault })
  for (let round = 0; round < count; round++) await send(sim, requestFor(sim, form))
  await Promise.all(sim.requests.map(({ done }) => done))
  for (const { fault: kind, answerTaken } of sim.requests) expect(answerTaken).toBe(kind === undefined)
  return sim.requests.map(({ fault: kind }) => kind)
}

describe.each(forms)('%s', (_name, form: Form) => {
  test('random applies faults by chance, and the same seed draws the same ones', async () => {
    const first = await appliedFaults(form, 1, { probability: 0.5 })
    expect(await appliedFaults(form, 1, { probability: 0.5 })).toEqual(first)
    expect(await appliedFaults(form, 2, { probability: 0.5 })).not.toEqual(first)
    expect(await appliedFaults(form, 1, { probability: 0.5, seed: 7 })).toEqual(
      await appliedFaults(form, 1, { probability: 0.5, seed: 7 }),
    )
    const struck = first.filter((kind) => kind !== undefined)
    expect(struck.length).toBeGreaterThan(1)
    expect(struck.length).toBeLessThan(14)
    expect(new Set(struck).size).toBeGreaterThan(1)
    expect(brief).toEqual(expect.arrayContaining(struck))
  })

  test('random never applies a fault with probability 0, always with 1', async () => {
    expect(await appliedFaults(form, 1, { probability: 0 }, 8)).toEqual(Array.from({ length: 8 }, () => undefined))
    expect((await appliedFaults(form, 1, {}, 8)).every((kind) => kind !== undefined)).toBe(true)
  })
})

test('random chooses among the kinds that break the answer by default', async () => {
  await using sim = await simulator()
  sim.fault('lockchat', 'random')
  const [, form] = forms[0] ?? []
  if (form === undefined) throw new Error('No answer format is defined.')
  const kinds = new Set<string>()
  for (let round = 1; round <= 30; round++) {
    const request = start(sim, requestFor(sim, form))
    request.on('error', () => undefined)
    // Disconnect as soon as the fault has been chosen; its effect is not tested here.
    await expect.poll(() => sim.requests[round - 1]?.fault, { interval: 2 }).toBeDefined()
    request.destroy()
    await sim.requests[round - 1]?.done
    kinds.add(sim.requests[round - 1]?.fault ?? '')
  }
  expect(kinds.size).toBeGreaterThan(8)
  expect(faultsThatBreak.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]))
})

test('random rejects kinds that it cannot choose', async () => {
  await using sim = await simulator()
  const set = (kinds: string[]) => () => {
    sim.fault('lockchat', { kind: 'random', kinds })
  }
  expect(set(['trucate'])).toThrow('The fault "random" cannot choose "trucate"; did you mean "truncate"?')
  expect(set(['random'])).toThrow('cannot choose "random"')
  expect(set([])).toThrow('does not accept kinds: []')
})
