import { APICallError } from '@ai-sdk/provider'
import { ChatError, type Provider } from '@rivulet/core'

/** What is asked, for an error. */
export interface Asked {
  provider: Provider
  modelId: string
}

/**
 * A failure as `ai` reads it: with the `ChatError` as its cause. A caller's mistake and the reason of an abort stay what they
 * are.
 *
 * @param isRetryable Whether `ai` may ask again: not where attempts have been made, which its own would multiply.
 */
export function apiError(error: unknown, { provider, modelId }: Asked, isRetryable: boolean): unknown {
  if (!(error instanceof ChatError)) return error
  const { code, message, status, retryAfterMs, attempts } = error
  return new APICallError({
    message,
    url: provider.info.url,
    // The conversation is not repeated in an error, which may be logged.
    requestBodyValues: { model: modelId },
    ...(status !== undefined && { statusCode: status }),
    ...(retryAfterMs !== undefined && { responseHeaders: { 'retry-after-ms': String(retryAfterMs) } }),
    isRetryable: isRetryable && error.retryable,
    cause: error,
    data: {
      code,
      provider: error.provider ?? provider.id,
      ...(attempts && { attempts: attempts.map(attemptOf) }),
    },
  })
}

const attemptOf = ({ provider, code, message }: ChatError): object => ({ provider, code, message })
