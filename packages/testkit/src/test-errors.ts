import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord } from '@rivulet/core/provider'
import { answered } from './answered.ts'
import type { Runner } from './test-provider.ts'
import type { Subject } from './law.ts'

/** An error as an endpoint sends it, and its meaning. */
export interface RecordedError {
  status: number
  /** Names in lower case. @default none but the content type */
  headers?: Readonly<Record<string, string>> | undefined
  /** Text as it is; anything else as JSON. */
  body: unknown
  /** The code of the `ChatError`. */
  code: ErrorCode
  /** Words that the message must contain. @default any */
  message?: string | undefined
  /** How long the endpoint asks to wait, in milliseconds. @default it does not ask */
  retryAfterMs?: number | undefined
}

/** These, and from a {@link Subject}: its provider and its request. */
export interface TestErrorsOptions extends Pick<Subject, 'provider' | 'request'> {
  runner: Runner
  /** The recorded errors, or a JSON file of them: `{ "source": …, "date": …, "errors": […] }`. */
  errors: readonly RecordedError[] | URL
}

/**
 * Makes a test of each recorded error: it becomes a `ChatError` with its code, the provider and the status.
 *
 * @throws TypeError when there are no errors, or when a file has another form.
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
  if (recorded.length === 0) throw new TypeError('testErrors: errors is empty.')
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
        assert.ok(message.includes(words), `the message "${message}" does not contain "${words}"`)
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
