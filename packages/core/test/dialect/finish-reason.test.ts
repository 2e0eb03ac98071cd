import { expect, test } from 'vitest'
import { readFinishReason } from '../../src/dialect/finish-reason.ts'

test.each([
  ['stop', 'stop'],
  ['STOP', 'stop'],
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['eos', 'stop'],
  ['eos_token', 'stop'],
  ['COMPLETE', 'stop'],
  ['completed', 'stop'],
  ['end', 'stop'],
  ['finish', 'stop'],
  ['finished', 'stop'],
  ['done', 'stop'],
  ['stop: 7', 'stop'],
  [' stop ', 'stop'],
  ['length', 'length'],
  ['max_length', 'length'],
  ['max_tokens', 'length'],
  ['MAX_TOKENS', 'length'],
  ['max_output_tokens', 'length'],
  ['max_completion_tokens', 'length'],
  ['max_new_tokens', 'length'],
  ['token_limit', 'length'],
  ['context_length', 'length'],
  ['model_length', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['context_window_exceeded', 'length'],
  ['context_length_exceeded', 'length'],
  ['CONTINUATION', 'length'],
  ['tool_calls', 'tool-calls'],
  ['tool_call', 'tool-calls'],
  ['toolCalls', 'tool-calls'],
  ['tool-calls', 'tool-calls'],
  ['tool_use', 'tool-calls'],
  ['function_call', 'tool-calls'],
  ['FUNCTION_CALLS', 'tool-calls'],
  ['content_filter', 'content-filter'],
  ['content_filtered', 'content-filter'],
  ['blocked', 'content-filter'],
  ['sensitive', 'content-filter'],
  ['refusal', 'content-filter'],
  ['moderation', 'content-filter'],
  ['guardrail_intervened', 'content-filter'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['OTHER', 'other'],
  ['banana', 'other'],
  ['constructor', 'other'],
  ['pause_turn', 'other'],
  ['unfinished', 'other'],
  ['done_7', 'other'],
  ['wavelength', 'other'],
  ['length_7', 'other'],
  ['unblocked', 'other'],
  ['safety_7', 'other'],
  ['error_free', 'other'],
  ['not_malformed', 'other'],
  ['a_missing_thought_signature', 'other'],
  ['missing_thought_signature_7', 'other'],
  ['unexpected_tool_call_7', 'other'],
  ['unexpected_call', 'other'],
  ['tool_use_failed_over', 'other'],
  ['an_insufficient_system_resource', 'other'],
  ['insufficient_system_resource_7', 'other'],
  ['timeout_7', 'other'],
  ['not_cancelled', 'other'],
  ['cancelled_7', 'other'],
])('%j means %s', (received, reason) => {
  expect(readFinishReason(received)).toBe(reason)
})

test.each(['', ' ', '\n', 'null', 'NULL', 'none', 'None', 'undefined', 'FINISH_REASON_UNSPECIFIED', ': 7'])(
  '%j is no reason',
  (received) => {
    expect(readFinishReason(received)).toBeUndefined()
  },
)

test.each([null, undefined, false, 0, {}, []])('%j is no reason: only a string is one', (received) => {
  expect(readFinishReason(received)).toBeUndefined()
})

test.each([
  ['error', 'overloaded'],
  ['network_error', 'overloaded'],
  ['internal_exception', 'overloaded'],
  ['abort', 'overloaded'],
  ['aborted', 'overloaded'],
  ['failed', 'overloaded'],
  ['failure', 'overloaded'],
  ['timeout', 'overloaded'],
  ['upstream_timeout', 'overloaded'],
  ['engine_overloaded', 'overloaded'],
  ['interrupted', 'overloaded'],
  ['disconnect', 'overloaded'],
  ['disconnected', 'overloaded'],
  ['preempted', 'overloaded'],
  ['canceled', 'overloaded'],
  ['cancelled', 'overloaded'],
  ['insufficient_system_resource', 'overloaded'],
  ['error: 7', 'overloaded'],
  ['other: upstream error', 'overloaded'],
  ['MALFORMED_FUNCTION_CALL', 'malformed'],
  ['function_call_filter: MALFORMED_FUNCTION_CALL', 'malformed'],
  ['MALFORMED_RESPONSE', 'malformed'],
  ['MISSING_THOUGHT_SIGNATURE', 'malformed'],
  ['UNEXPECTED_TOOL_CALL', 'malformed'],
  ['TOO_MANY_TOOL_CALLS', 'malformed'],
  ['invalid_tool_call', 'malformed'],
  ['tool_use_failed', 'malformed'],
  ['tool_call_failed', 'malformed'],
])('%j is a failure of the endpoint: %s', (received, code) => {
  const message = `the endpoint ended the answer with "${received}"`
  expect(() => readFinishReason(received)).toThrow(expect.objectContaining({ code, message, retryable: true }))
})

test.each([
  ['print(x)', ': print(x)'],
  ['', ''],
  [7, ''],
])('the explanation %j of a failure follows its reason', (explanation, end) => {
  const message = `the endpoint ended the answer with "error"${end}`
  expect(() => readFinishReason('error', explanation)).toThrow(expect.objectContaining({ message }))
})

test('a reason of more than 200 characters is not shown', () => {
  const longest = `${'x'.repeat(194)} error`
  expect(() => readFinishReason(longest)).toThrow(`the endpoint ended the answer with "${longest}"`)
  expect(readFinishReason(`x${longest}`)).toBe('other')
})
