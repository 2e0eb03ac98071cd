import { describe, expect, test } from 'vitest'
import { adaptSchema, ANTHROPIC_STRICT, GEMINI_SCHEMA, OPENAI_STRICT, schemaNote } from '../../src/authoring.ts'

const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    age: { type: 'integer', minimum: 0, maximum: 150, multipleOf: 1 },
    maximum: { type: ['string', 'null'], minLength: 1, maxLength: 9, pattern: '^x', format: 'uuid' },
    tags: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'string', enum: ['minimum'] } },
    pet: { oneOf: [{ $ref: '#/$defs/pet' }, { const: { maximum: 1 } }] },
  },
  required: ['age', 'maximum', 'tags', 'pet'],
  $defs: { pet: { type: 'object', properties: {}, additionalProperties: true, maxProperties: 2 } },
}

describe('a schema is adapted', () => {
  test('for Anthropic: limits go, objects are closed, and what looks like a keyword but is data stays', () => {
    expect(adaptSchema(schema, ANTHROPIC_STRICT)).toEqual({
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: {
          age: { type: 'integer' },
          maximum: { type: ['string', 'null'], pattern: '^x', format: 'uuid' },
          tags: { type: 'array', items: { type: 'string', enum: ['minimum'] } },
          pet: { anyOf: [{ $ref: '#/$defs/pet' }, { const: { maximum: 1 } }] },
        },
        required: ['age', 'maximum', 'tags', 'pet'],
        $defs: { pet: { type: 'object', properties: {}, additionalProperties: false } },
        additionalProperties: false,
      },
      dropped: [
        'maxItems',
        'maxLength',
        'maxProperties',
        'maximum',
        'minItems',
        'minLength',
        'minimum',
        'multipleOf',
        'oneOf',
      ],
    })
  })

  test('for OpenAI: an optional property is required and may be null, limits of numbers and lists stay', () => {
    const { schema: adapted, dropped } = adaptSchema(
      {
        type: 'object',
        properties: { a: { type: 'number', minimum: 1 }, b: { type: 'array', maxItems: 2, items: {} } },
        required: ['a'],
      },
      OPENAI_STRICT,
    )
    expect(adapted).toEqual({
      type: 'object',
      properties: {
        a: { type: 'number', minimum: 1 },
        b: { anyOf: [{ type: 'array', maxItems: 2, items: {} }, { type: 'null' }] },
      },
      required: ['a', 'b'],
      additionalProperties: false,
    })
    expect(dropped).toEqual(['required'])
  })

  test('for Gemini: keywords that it passes over stay and are named, and a constant is an enum of one', () => {
    expect(adaptSchema({ type: 'string', pattern: '^x', const: 'xy', title: 'X' }, GEMINI_SCHEMA)).toEqual({
      schema: { type: 'string', pattern: '^x', enum: ['xy'], title: 'X' },
      dropped: ['pattern'],
    })
  })
})

test('a schema that fits already is equal, and nothing is named', () => {
  const closed = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
  for (const rules of [OPENAI_STRICT, ANTHROPIC_STRICT, GEMINI_SCHEMA])
    expect(adaptSchema(closed, rules)).toEqual({ schema: closed, dropped: [] })
  expect(schemaNote([])).toBeUndefined()
})

test('the schema that was given is not changed', () => {
  const given = Object.freeze({ type: 'object', properties: Object.freeze({ a: Object.freeze({ maxLength: 1 }) }) })
  adaptSchema(given, ANTHROPIC_STRICT)
  expect(given).toEqual({ type: 'object', properties: { a: { maxLength: 1 } } })
})

test.each([0, 1])('at least %i items are allowed at Anthropic', (minItems) => {
  expect(adaptSchema({ type: 'array', minItems }, ANTHROPIC_STRICT)).toEqual({
    schema: { type: 'array', minItems },
    dropped: [],
  })
})

test('an object whose names are its own choice can’t be closed without a loss, which is named', () => {
  for (const rules of [OPENAI_STRICT, ANTHROPIC_STRICT]) {
    for (const additionalProperties of [{}, { type: 'number' }]) {
      expect(adaptSchema({ type: 'object', additionalProperties }, rules).dropped).toEqual(['additionalProperties'])
    }
    const open = { type: 'object', properties: { a: {} }, required: ['a'], additionalProperties: {} }
    expect(adaptSchema(open, rules).dropped).toEqual([])
  }
  expect(adaptSchema({ type: 'object', additionalProperties: { type: 'number' } }, GEMINI_SCHEMA).dropped).toEqual([])
})

test('a format that Anthropic does not know is left out and named', () => {
  expect(adaptSchema({ type: 'string', format: 'color' }, ANTHROPIC_STRICT)).toEqual({
    schema: { type: 'string' },
    dropped: ['format'],
  })
  expect(schemaNote(['format'])).toBe('schema: format')
})

test("a stranger's schema that is nested without end is refused before the stack is", () => {
  let deep: Record<string, unknown> = {}
  for (let level = 0; level < 50_000; level++) deep = { items: deep }
  expect(() => adaptSchema(deep, ANTHROPIC_STRICT)).toThrow(expect.objectContaining({ code: 'unsupported' }))
})
