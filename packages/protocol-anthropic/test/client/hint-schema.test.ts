import { isRecord } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { encode } from '../../src/client/encode-request.ts'
import { hintSchema } from '../../src/client/hint-schema.ts'

const schema = {
  type: 'object',
  properties: {
    age: { type: 'integer', minimum: 0, maximum: 150, multipleOf: 1 },
    maximum: { type: ['string', 'null'], minLength: 1, maxLength: 9, pattern: '^x' },
    tags: { type: 'array', minItems: 2, maxItems: 3, items: { type: 'string', enum: ['minimum'] } },
    pet: { anyOf: [{ $ref: '#/$defs/pet' }, { const: { maximum: 1 } }] },
  },
  required: ['age', 'maximum'],
  $defs: { pet: { type: 'object', properties: {}, additionalProperties: true, maxProperties: 2 } },
}

test('a schema that is a hint loses what the API refuses, and nothing else', () => {
  expect(hintSchema(schema)).toEqual({
    type: 'object',
    properties: {
      age: { type: 'integer' },
      maximum: { type: ['string', 'null'], pattern: '^x' },
      tags: { type: 'array', items: { type: 'string', enum: ['minimum'] } },
      pet: { anyOf: [{ $ref: '#/$defs/pet' }, { const: { maximum: 1 } }] },
    },
    required: ['age', 'maximum'],
    $defs: { pet: { type: 'object', properties: {}, additionalProperties: false } },
    additionalProperties: false,
  })
})

test.each([[0], [1]])('at least %i items are allowed', (minItems) => {
  expect(hintSchema({ type: 'array', minItems })).toEqual({ type: 'array', minItems })
})

test('a schema that is more than a hint is sent as it is', () => {
  const sent = (strict?: boolean): unknown => {
    const responseFormat = { name: 'n', schema, ...(strict !== undefined && { strict }) }
    const { body } = encode({ model: 'm', messages: [{ role: 'user', content: 'hi' }], responseFormat })
    return isRecord(body) ? body.output_config : undefined
  }
  const format = (given: unknown): object => ({ format: { type: 'json_schema', schema: given } })
  expect(sent()).toEqual(format(schema))
  expect(sent(true)).toEqual(format(schema))
  expect(sent(false)).toEqual(format(hintSchema(schema)))
})
