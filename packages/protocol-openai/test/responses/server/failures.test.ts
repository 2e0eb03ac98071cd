import { ChatError, type ErrorCode } from '@rivulet/core'
import { CODES } from '@rivulet/core/provider'
import { expect, test } from 'vitest'
import { responsesServer } from '../../../src/index.ts'

/**
 * The codes of a `response.failed` after which Codex 0.171.0 asks no more; after any other it asks five times again. Measured on
 * 2026-11-28. It knows more, and has words of its own for them.
 *
 * @see https://github.com/openai/codex/blob/main/codex-rs/codex-api/src/sse/responses.rs
 */
const FINAL = [
  'content_policy_violation',
  'context_length_exceeded',
  'insufficient_quota',
  'invalid_prompt',
  'model_not_found',
]

test.each(Object.keys(CODES) as ErrorCode[])(
  '%s in a stream: an agent asks again if that may help, and only then',
  (code) => {
    const writer = responsesServer()
      .read({ path: '/v1/responses', body: JSON.stringify({ model: 'm', input: 'a', stream: true }) })
      .answer({ id: 'resp_1', created: 1, model: 'm' })
    const begun = writer.write([
      { type: 'start', provider: 'acme', model: 'm' },
      { type: 'text', text: 'Half' },
    ])
    const failed = (begun + writer.fail(new ChatError(code, 'these words'))).split('event: response.failed\ndata: ')[1]
    const { response } = JSON.parse(failed ?? '') as { response: { error: { code: string; message: string } } }
    expect(response.error.message).toBe('these words')
    // To a client, a group whose members all failed is one server that failed.
    expect(FINAL.includes(response.error.code)).toBe(!CODES[code].retryable && code !== 'exhausted')
  },
)
