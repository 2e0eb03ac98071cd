import { describe, expect, test } from 'vitest'
import { type Fault, faultsThatBreak, simulator } from '../../src/index.ts'
import { send, start } from '../client.ts'
import { asking, type Form, forms } from '../forms.ts'

const brief = ['empty-200', 'truncate', 'html-200', 'status']

/** The faults that a row of requests met. */
async function met(form: Form, seed: number, fault: Partial<Fault>, count = 14): Promise<(string | undefined)[]> {
  await using sim = await simulator({ seed })
  sim.fault(form.dialect, { kind: 'random', kinds: brief, ...fault })
  for (let round = 0; round < count; round++) await send(sim, asking(sim, form))
  await Promise.all(sim.requests.map(({ done }) => done))
  for (const { fault: kind, answerTaken } of sim.requests) expect(answerTaken).toBe(kind === undefined)
  return sim.requests.map(({ fault: kind }) => kind)
}

describe.each(forms)('%s', (_name, form: Form) => {
  test('random strikes by chance, and the same seed throws the same', async () => {
    const first = await met(form, 1, { probability: 0.5 })
    expect(await met(form, 1, { probability: 0.5 })).toEqual(first)
    expect(await met(form, 2, { probability: 0.5 })).not.toEqual(first)
    expect(await met(form, 1, { probability: 0.5, seed: 7 })).toEqual(await met(form, 1, { probability: 0.5, seed: 7 }))
    const struck = first.filter((kind) => kind !== undefined)
    expect(struck.length).toBeGreaterThan(1)
    expect(struck.length).toBeLessThan(14)
    expect(new Set(struck).size).toBeGreaterThan(1)
    expect(brief).toEqual(expect.arrayContaining(struck))
  })

  test('random never strikes with 0, always with 1', async () => {
    expect(await met(form, 1, { probability: 0 }, 8)).toEqual(Array.from({ length: 8 }, () => undefined))
    expect((await met(form, 1, {}, 8)).every((kind) => kind !== undefined)).toBe(true)
  })
})

test('random strikes with one that breaks the answer, left to itself', async () => {
  await using sim = await simulator()
  sim.fault('lockchat', 'random')
  const [, form] = forms[0] ?? []
  if (form === undefined) throw new Error('There is no form of answer')
  const kinds = new Set<string>()
  for (let round = 1; round <= 30; round++) {
    const request = start(sim, asking(sim, form))
    request.on('error', () => undefined)
    // The client leaves as soon as the fault has been chosen: what it does is not asked here.
    await expect.poll(() => sim.requests[round - 1]?.fault, { interval: 2 }).toBeDefined()
    request.destroy()
    await sim.requests[round - 1]?.done
    kinds.add(sim.requests[round - 1]?.fault ?? '')
  }
  expect(kinds.size).toBeGreaterThan(8)
  expect(faultsThatBreak.map(({ kind }) => kind)).toEqual(expect.arrayContaining([...kinds]))
})

test('random refuses kinds that it cannot choose', async () => {
  await using sim = await simulator()
  const set = (kinds: string[]) => () => {
    sim.fault('lockchat', { kind: 'random', kinds })
  }
  expect(set(['trucate'])).toThrow('The fault "random" cannot choose "trucate", did you mean "truncate"?')
  expect(set(['random'])).toThrow('cannot choose "random"')
  expect(set([])).toThrow('cannot use kinds: []')
})
