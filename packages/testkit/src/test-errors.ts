import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { answered } from './answered.ts'
import type { Runner } from './test-provider.ts'
import type { Subject } from './law.ts'

/** An error as an endpoint sends it, and what it means. */
export interface RecordedError {
  status: number
  /** Names in lower case. @default none but the content type */
  headers?: Readonly<Record<string, string>> | undefined
  /** Text as it is; anything else as JSON. */
  body: unknown
  /** The code that it means. */
  code: ErrorCode
  /** Words that the message must have. @default any */
  message?: string | undefined
  /** How long the endpoint asks to wait. @default it doesn't */
  retryAfterMs?: number | undefined
}

/** Beside these, what a {@link Subject} has: its provider and its request. */
export interface TestErrorsOptions extends Pick<Subject, 'provider' | 'request'> {
  runner: Runner
  /** What was recorded, or a JSON file of it: `{ "source": …, "date": …, "errors": […] }`. */
  errors: readonly RecordedError[] | URL
}

/**
 * Makes a test of each recorded error: that it becomes a `ChatError` of its code, which names the provider and the status.
 *
 * @throws TypeError when there is no error, or when one is written down wrongly.
 * @example
 * testErrors({
 *   runner: { describe, it },
 *   ...subject,
 *   errors: [{ status: 402, body: { error: { message: 'Insufficient balance' } }, code: 'quota' }],
 * })
 */
export function testErrors({ runner, provider, request, errors }: TestErrorsOptions): void {
  const { describe, it } = runner
  const recorded = errors instanceof URL ? parsed(errors) : errors
  if (recorded.length === 0) throw new TypeError('testErrors: there is no error to describe.')
  describe(`the errors of ${provider({}).info.name}`, () => {
    for (const error of recorded) {
      const sent = typeof error.body === 'string' ? error.body : JSON.stringify(error.body)
      it(`${error.status} is ${error.code}: ${sent}`, async () => {
        const { provider: made, resultOf } = answered({ ...error, body: sent }, provider)
        const thrown: unknown = await resultOf(request).catch((reason: unknown) => reason)
        assert.ok(thrown instanceof ChatError, `expected a ChatError, got ${String(thrown)}`)
        const { code, status, provider: id, retryAfterMs, message } = thrown
        assert.deepEqual(
          { code, status, provider: id, retryAfterMs },
          { code: error.code, status: error.status, provider: made.id, retryAfterMs: error.retryAfterMs },
          message,
        )
        const words = error.message ?? ''
        assert.ok(message.includes(words), `the message is "${message}" and does not have "${words}"`)
      })
    }
  })
}

function parsed(file: URL): readonly RecordedError[] {
  const document: unknown = JSON.parse(readFileSync(file, 'utf8'))
  const errors: unknown = isRecord(document) ? document.errors : undefined
  if (!Array.isArray(errors) || !errors.every(isRecordedError)) {
    throw new TypeError(`testErrors: ${file.pathname} needs "errors", each with "status", "code" and "body".`)
  }
  return errors
}

function isRecordedError(value: unknown): value is RecordedError {
  return isRecord(value) && typeof value.status === 'number' && typeof value.code === 'string' && 'body' in value
}
