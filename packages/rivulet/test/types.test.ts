import { deadlines, type ModelName, pipe, type Provider, retry } from '@rivulet/core'
import { simulator } from '@rivulet/simulator'
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest'
import { anthropic, lockchat, openai, openaiCompatible } from '../src/index.ts'

const sim = await simulator()
afterAll(() => sim.close())

const baseUrl = sim.baseUrl('openai')
const request = { model: 'text-embedding-3-small', input: ['a river'] }

/** The names that an editor offers for the model of a request. */
type Offered<P extends Provider> = Parameters<P['stream']>[0]['model']

describe('the type of a factory says', () => {
  test('that it always has embed() and models()', async () => {
    const provider = openai({ apiKey: 'key', baseUrl })
    expect((await provider.embed(request)).vectors).toHaveLength(1)
    expect(await provider.models()).not.toEqual([])
    const compatible = openaiCompatible({ apiKey: 'key', baseUrl })
    expect((await compatible.embed(request)).vectors).toHaveLength(1)
  })

  test('the same through layers', async () => {
    const provider = pipe(openai({ apiKey: 'key', baseUrl }), retry(), deadlines({ totalMs: 60_000 }))
    expect((await provider.embed(request)).vectors).toHaveLength(1)
    expectTypeOf<Offered<typeof provider>>().toEqualTypeOf<Offered<ReturnType<typeof openai>>>()
  })

  test('nothing that it may not have', () => {
    const claude = anthropic({ apiKey: 'key', baseUrl })
    expectTypeOf(claude.models).toBeFunction()
    expectTypeOf(claude.embed).toBeNullable()
    expect(claude.embed).toBeUndefined()
    expectTypeOf(lockchat({ baseUrl })).toEqualTypeOf<Provider>()
    expectTypeOf(pipe(lockchat({ baseUrl }), retry())).toEqualTypeOf<Provider>()
  })

  test('the names of its models, and takes any other', () => {
    expectTypeOf<'gpt-6-luna'>().toExtend<Offered<ReturnType<typeof openai>>>()
    expectTypeOf<Offered<ReturnType<typeof anthropic>>>().not.toEqualTypeOf<string>()
    expectTypeOf<ModelName<'a' | 'b'>>().toEqualTypeOf<'a' | 'b' | (string & {})>()
    const provider = openai({ apiKey: 'key', baseUrl })
    expect(() =>
      provider.stream({ model: 'out-since-yesterday', messages: [{ role: 'user', content: 'Hello' }] }),
    ).not.toThrow()
    expectTypeOf(provider).toExtend<Provider>()
  })
})
