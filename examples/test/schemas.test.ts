import { type Chat, chat, pipe, retry, tool } from '@rivulet/core'
import { anthropic } from '@rivulet/provider-anthropic'
import { google } from '@rivulet/provider-google'
import { openai } from '@rivulet/provider-openai'
import { simulator, type Simulator } from '@rivulet/simulator'
import { toJsonSchema, toStandardJsonSchema } from '@valibot/to-json-schema'
import { type } from 'arktype'
import * as v from 'valibot'
import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from 'vitest'
import { z } from 'zod'

interface City {
  city: string
  people: number
}

const zodCity = z.object({ city: z.string(), people: z.number() })
const valibotCity = v.object({ city: v.string(), people: v.number() })
const arktypeCity = type({ city: 'string', people: 'number' })

/** Three libraries, and what each needs to say its JSON Schema. */
const SCHEMAS = {
  zod: { schema: zodCity },
  arktype: { schema: arktypeCity },
  'valibot with parameters': { schema: valibotCity, parameters: { ...toJsonSchema(valibotCity) } },
  'valibot with toStandardJsonSchema()': { schema: toStandardJsonSchema(valibotCity) },
}
const NAMES = Object.keys(SCHEMAS) as (keyof typeof SCHEMAS)[]

const PROPERTIES = { city: { type: 'string' }, people: { type: 'number' } }
/** What the model is told, in place of what is checked. */
const anyCity = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] }
const matches = { type: 'object', properties: PROPERTIES }

let sim: Simulator
let river: Chat
beforeAll(async () => {
  sim = await simulator()
  const provider = openai({ baseUrl: sim.baseUrl('openai'), apiKey: 'any' })
  river = chat(pipe(provider, retry({ backoffMs: 0 })), { model: 'gpt-6.1-terra' })
})
beforeEach(() => {
  sim.clear()
})
afterAll(() => sim.close())

test.for(NAMES)('object(): %s gives the type, sends its JSON Schema, and validates', async (name) => {
  const { object } = await river.object('A city: Oslo.', SCHEMAS[name])
  expectTypeOf(object).toEqualTypeOf<City>()
  expect(object).toEqual({ city: expect.any(String) as string, people: expect.any(Number) as number })
  expect(sim.requests[0]?.body).toMatchObject({ response_format: { json_schema: { schema: matches } } })
})

test('object(): a schema that says more than a vendor enforces is asked for all the same, and validated', async () => {
  const schema = z.object({ people: z.number().int(), name: z.string().min(1), mayor: z.string().optional() })
  const at = (id: 'openai' | 'anthropic' | 'google') => ({ baseUrl: sim.baseUrl(id), apiKey: 'any' })
  for (const provider of [openai(at('openai')), anthropic(at('anthropic')), google(at('google'))]) {
    const { object } = await chat(provider).object('A city: Oslo.', { schema })
    expect(schema.parse(object)).toEqual(object)
  }
})

test.for(NAMES)('a tool: %s gives the type of the arguments, and is sent', async (name) => {
  const seen: City[] = []
  const run = (city: City): string => (seen.push(city), city.city)
  const tools = [tool<City>({ name: 'look_up', description: 'Looks a city up.', ...SCHEMAS[name], run })]
  await river.run('Call the look_up tool for Oslo.', { tools }).result
  expect(seen).toEqual([{ city: 'Oslo', people: expect.any(Number) as number }])
  expect(sim.requests[0]?.body).toMatchObject({ tools: [{ function: { parameters: matches } }] })
})

test('a tool has the type of its schema without being told', () => {
  tool({ name: 'a', schema: zodCity, run: (args) => void expectTypeOf(args).toEqualTypeOf<City>() })
  tool({ name: 'b', schema: valibotCity, run: (args) => void expectTypeOf(args).toEqualTypeOf<City>() })
  tool({ name: 'c', schema: arktypeCity, run: (args) => void expectTypeOf(args).toEqualTypeOf<City>() })
})

const never = 'must be in the sea'

test.for([
  ['zod', { schema: zodCity.refine(() => false, never) }],
  ['arktype', { schema: arktypeCity.narrow((_, context) => context.mustBe('in the sea')) }],
  [
    'valibot',
    {
      schema: v.pipe(
        valibotCity,
        v.check(() => false, never),
      ),
      parameters: { ...toJsonSchema(valibotCity) },
    },
  ],
] as const)('%s: an object that a rule of the library’s refuses is an error with its words', async ([, options]) => {
  const error: unknown = await river.object('A city: Oslo.', options).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'malformed' })
  expect(String(error)).toContain('does not match its schema: must be in the sea')
})

test('the place of what is wrong is named alike', async () => {
  const inner = { zod: z.literal('Rome'), arktype: type("'Rome'"), valibot: v.literal('Rome') }
  const schemas = [
    { schema: z.object({ city: inner.zod }), parameters: anyCity },
    { schema: type({ city: inner.arktype }), parameters: anyCity },
    { schema: v.object({ city: inner.valibot }), parameters: anyCity },
  ] as const
  for (const options of schemas) {
    await expect(river.object<unknown>('A city: Oslo.', options)).rejects.toThrow('its schema: city: ')
  }
})

test('a schema that can’t say its JSON Schema is a mistake that says what to add', async () => {
  await expect(river.object('A city: Oslo.', { schema: valibotCity })).rejects.toThrow(
    'the schema does not say its JSON Schema: give its JSON Schema beside it, as parameters',
  )
  expect(sim.requests).toEqual([])
})
