import { describe, expect, test } from 'vitest'
import { sample } from '../src/answers/sample.ts'
import type { Schema } from '../src/answers/json-schema.ts'
import { random } from '../src/random.ts'

const made = (schema: Schema, prompt = 'hello') => sample(schema, { prompt, random: random('test') })

describe('a sample of a schema', () => {
  test('has every property, nested and in lists', () => {
    const item = { type: 'object', properties: { id: { type: 'integer' }, ok: { type: 'boolean' } }, required: ['id'] }
    expect(
      made({ type: 'object', properties: { items: { type: 'array', items: item }, note: { type: 'null' } } }),
    ).toEqual({
      items: [
        { id: expect.any(Number) as number, ok: expect.any(Boolean) as boolean },
        { id: expect.any(Number) as number, ok: expect.any(Boolean) as boolean },
      ],
      note: null,
    })
  })

  test.each<[Schema, (value: unknown) => boolean]>([
    [{ const: 7 }, (value) => value === 7],
    [{ enum: ['a', 'b'] }, (value) => value === 'a' || value === 'b'],
    [{ type: ['null', 'string'] }, (value) => typeof value === 'string'],
    [{ type: 'integer', minimum: 100 }, (value) => Number.isInteger(value) && Number(value) >= 100],
    [{ type: 'number', exclusiveMaximum: 0 }, (value) => Number(value) < 0],
    [{ type: 'integer', multipleOf: 5, minimum: 11, maximum: 19 }, (value) => value === 15],
    [{ type: 'number', multipleOf: 0.1, minimum: 0.25, maximum: 0.35 }, (value) => value === 0.3],
    [{ type: 'string', minLength: 30 }, (value) => String(value).length === 30],
    [{ type: 'string', maxLength: 2 }, (value) => String(value).length === 2],
    [{ type: 'string', format: 'email' }, (value) => String(value).includes('@')],
    [{ type: 'string', pattern: '^[A-Z]{3}-\\d+$' }, (value) => /^[A-Z]{3}-\d+$/.test(String(value))],
    [{ type: 'array', items: { type: 'string' }, minItems: 4 }, (value) => Array.isArray(value) && value.length === 4],
    [{ type: 'array', items: { const: 1 }, uniqueItems: true }, (value) => JSON.stringify(value) === '[1]'],
    [{ type: 'array', maxItems: 0 }, (value) => JSON.stringify(value) === '[]'],
    [{ anyOf: [{ type: 'null' }, { type: 'boolean' }] }, (value) => typeof value === 'boolean'],
    [
      { type: 'OBJECT', properties: { a: { type: 'INTEGER' } } },
      (value) => Number.isInteger((value as { a: unknown }).a),
    ],
  ])('satisfies %j', (schema, isValid) => {
    expect(isValid(made(schema))).toBe(true)
  })

  test('follows references, merges allOf and terminates', () => {
    const node = {
      type: 'object',
      properties: { name: { type: 'string' }, next: { $ref: '#/$defs/node' } },
      required: ['name'],
    }
    expect(JSON.stringify(made({ $ref: '#/$defs/node', $defs: { node } })).match(/"name"/g)).toHaveLength(5)
    expect(made({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } })).toBeTypeOf('string')
    const all = { allOf: [{ properties: { a: { const: 1 } } }, { properties: { b: { const: 2 } }, required: ['b'] }] }
    expect(made(all)).toEqual({ a: 1, b: 2 })
  })

  test('ends where the schema does not', () => {
    const child = { $ref: '#' }
    const endless = { type: 'object', properties: { a: child, b: child }, required: ['a', 'b'] }
    expect(JSON.stringify(made(endless)).length).toBeLessThan(1_000_000)
  })

  test('uses the prompt where it can', () => {
    const schema = {
      properties: { city: { type: 'string' }, unit: { enum: ['celsius', 'kelvin'] }, query: { type: 'string' } },
    }
    expect(made(schema, 'the weather in New York in kelvin')).toEqual({
      city: 'New York',
      unit: 'kelvin',
      query: 'the weather in New York in kelvin',
    })
  })

  test('is deterministic', () => {
    const schema = { properties: { name: { type: 'string' }, count: { type: 'integer' } } }
    expect(made(schema)).toEqual(made(schema))
  })
})
