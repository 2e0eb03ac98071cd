import type { ErrorCode } from '@rivulet/core'
import { answered, testErrors } from '@rivulet/testkit'
import { describe, expect, it, test } from 'vitest'
import { subject } from './subject.ts'

const { provider, request } = subject

/**
 * Errors, each with what it means.
 *
 * @see https://docs.ollama.com/api/errors (2026-11-20)
 */
const ERRORS: [status: number, message: string, code: ErrorCode, inside?: ErrorCode][] = [
  [400, '"gemma3:4b" does not support tools', 'bad-request', 'overloaded'],
  [400, '"llama3.2:3b" does not support thinking', 'bad-request', 'overloaded'],
  [401, 'unauthorized', 'auth'],
  [403, 'access to this model is disabled', 'auth', 'overloaded'],
  [404, "model 'llama9' not found", 'not-found'],
  [429, 'you have reached your hourly usage limit', 'rate-limited', 'overloaded'],
  [500, 'model requires more system memory (5.6 GiB) than is available (2.1 GiB)', 'overloaded'],
  [502, 'the cloud model cannot be reached', 'overloaded'],
  [503, 'server busy, please try again. maximum pending requests exceeded', 'overloaded'],
]

const recorded = ERRORS.map(([status, message, code]) => ({ status, body: { error: message }, code, message }))

testErrors({ runner: { describe, it }, ...subject, errors: recorded })

test.each(ERRORS)(
  'the error %i "%s" has no status inside an answer, and is what its words say',
  async (_status, error, code, inside = code) => {
    const body = `{"message":{"content":"Half"},"done":false}\n${JSON.stringify({ error })}\n`
    const { resultOf } = answered({ contentType: 'application/x-ndjson', body }, provider)
    await expect(resultOf(request)).rejects.toMatchObject({ code: inside, partial: { text: 'Half' } })
  },
)
