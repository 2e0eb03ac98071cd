import { answered } from '@rivulet/testkit'
import { describe, expect, test } from 'vitest'
import { acme, request } from '../support/acme.ts'
import { answer, read } from '../support/decoding.ts'

const said = [{ text: 'Hm' }]

describe('an answer', () => {
  test.each([
    ['STOP', 'stop'],
    ['FUNCTION_CALL', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['CONTINUATION', 'length'],
    ['RECITATION', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['LANGUAGE', 'other'],
    ['SOMETHING_NEW', 'other'],
  ])('with the finishReason %s finishes as %s', (reason, expected) => {
    expect(read(answer(said, reason), 'application/json')).toEqual({
      events: [
        { type: 'start', model: 'acme-1', id: 'r1' },
        { type: 'text', text: 'Hm' },
        { type: 'finish', reason: expected },
      ],
    })
  })

  test('is malformed when the model failed to write a call, and the content so far is kept', async () => {
    const body = answer(said, 'MALFORMED_FUNCTION_CALL', { finishMessage: 'why' })
    await expect(answered({ body }, acme).resultOf(request)).rejects.toMatchObject({
      code: 'malformed',
      message: expect.stringContaining('why') as string,
      partial: { text: 'Hm' },
    })
  })

  test('gives calls without an id one that is unique to the answer', () => {
    const parts = [{ functionCall: { name: 'f', args: { x: 1 } } }, { functionCall: { name: 'g' } }]
    expect(read(answer(parts), 'application/json').events.slice(1)).toEqual([
      { type: 'tool-call', id: 'r1_0', name: 'f' },
      { type: 'tool-input', id: 'r1_0', json: '{"x":1}' },
      { type: 'tool-call', id: 'r1_1', name: 'g' },
      { type: 'finish', reason: 'tool-calls' },
    ])
  })

  test.each([
    ['a document without an answer', '{"status":"ok"}', 'malformed'],
    [
      'an answer without its finishReason',
      'data: {"candidates":[{"content":{"parts":[{"text":"Hm"}]}}]}\n\n',
      'truncated',
    ],
  ])('is refused: %s', (_what, body, code) => {
    expect(read(body).failure).toMatchObject({ code })
  })
})
