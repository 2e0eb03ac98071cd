import { expect, test } from 'vitest'
import { reasonWord } from '../../src/dialect/reason-word.ts'

test.each([undefined, null, 1, {}, '', ' ', 'null', 'NULL', 'none', 'undefined', 'FINISH_REASON_UNSPECIFIED'])(
  '%j is not a reason',
  (received) => {
    expect(reasonWord(received)).toBeUndefined()
  },
)

test.each([
  ['stop', 'stop'],
  [' STOP ', 'stop'],
  ['MAX_TOKENS', 'max_tokens'],
  ['length: 7', 'length'],
  ['stop :</s>', 'stop'],
  ['constructor', 'constructor'],
  ['nonesuch', 'nonesuch'],
  ['abortive', 'abortive'],
  ['errors', 'errors'],
])('%j is read as %s', (received, word) => {
  expect(reasonWord(received)).toBe(word)
})

test.each([
  ['MALFORMED_FUNCTION_CALL', 'malformed'],
  ['MALFORMED_RESPONSE', 'malformed'],
  ['function_call_filter: MALFORMED_FUNCTION_CALL', 'malformed'],
  ['UNEXPECTED_TOOL_CALL', 'malformed'],
  ['TOO_MANY_TOOL_CALLS', 'malformed'],
  ['MISSING_THOUGHT_SIGNATURE', 'malformed'],
  ['tool_use_failed', 'malformed'],
  ['error', 'overloaded'],
  ['ERROR', 'overloaded'],
  ['network_error', 'overloaded'],
  ['engine_failure', 'overloaded'],
  ['failed', 'overloaded'],
  ['abort', 'overloaded'],
  ['aborted', 'overloaded'],
  ['cancelled', 'overloaded'],
  ['canceled', 'overloaded'],
])('%s fails as %s, and may be tried again', (received, code) => {
  expect(() => reasonWord(received)).toThrow(expect.objectContaining({ code, retryable: true }))
})

test('the message of a failure names the reason, and repeats its explanation', () => {
  expect(() => reasonWord('MALFORMED_FUNCTION_CALL', 'print(x)')).toThrow(
    /ended the answer with "?MALFORMED_FUNCTION_CALL"?: print\(x\)$/,
  )
  expect(() => reasonWord('error', '')).toThrow(/ended the answer with "?error"?$/)
})
