import { AISDKError, APICallError } from '@ai-sdk/provider'
import { ChatError, type ErrorCode } from '@rivulet/core'
import { isRecord, parseJson, readErrorBody, retryAfterMs } from '@rivulet/core/provider'

/** What is known of the answer when it fails. */
interface Failing {
  /** The provider's id. */
  id: string
  hasContent: boolean
}

/** The AI SDK's errors that are not of an HTTP exchange, by their names, which do not depend on a version. */
const NAMES: Readonly<Record<string, ErrorCode>> = {
  AI_LoadAPIKeyError: 'auth',
  AI_LoadSettingError: 'auth',
  AI_NoSuchModelError: 'not-found',
  AI_NoSuchProviderReferenceError: 'unsupported',
  AI_UnsupportedFunctionalityError: 'unsupported',
  AI_InvalidPromptError: 'bad-request',
  AI_InvalidArgumentError: 'bad-request',
  AI_EmptyResponseBodyError: 'malformed',
  AI_InvalidResponseDataError: 'malformed',
  AI_JSONParseError: 'malformed',
  AI_TypeValidationError: 'malformed',
  AI_NoContentGeneratedError: 'malformed',
  TimeoutError: 'timeout',
}

/** A failure of an AI SDK model, which may throw or report anything, as a `ChatError` with the failure as its cause. */
export function chatError(error: unknown, failing: Failing): ChatError {
  const own = causes(error).find((each) => each instanceof ChatError)
  if (own !== undefined) return own
  const { id: provider } = failing
  const details = { provider, cause: error }
  const status = statusOf(error)
  if (status !== undefined && status >= 400) {
    const { code, message } = readErrorBody(status, bodyOf(error))
    const words = message === '' ? messageOf(error) : message
    const waitMs = APICallError.isInstance(error) ? retryAfterMs(error.responseHeaders ?? {}) : undefined
    return new ChatError(code, `${provider}: HTTP ${status}: ${words}`, { ...details, status, retryAfterMs: waitMs })
  }
  if (error instanceof Error) {
    // The cause says most: an error of an answer may be caused by its connection.
    const named = causes(error).findLast((each) => each instanceof Error && Object.hasOwn(NAMES, each.name))
    const code = named instanceof Error ? NAMES[named.name] : undefined
    // With a status, an answer has begun, and its connection broke.
    const usual = status !== undefined || failing.hasContent ? 'truncated' : 'network'
    return new ChatError(code ?? usual, `${provider}: ${messageOf(error)}`, details)
  }
  const { code, message } = readErrorBody(undefined, error)
  return new ChatError(code, `${provider}: the model reports: ${message}`, details)
}

/** An error and its causes, at most six: one may be its own cause. */
function causes(error: unknown): unknown[] {
  const chain: unknown[] = []
  for (let each = error; isRecord(each) && chain.length < 6; each = each.cause) chain.push(each)
  return chain
}

function statusOf(error: unknown): number | undefined {
  const status = isRecord(error) ? error.statusCode : undefined
  return typeof status === 'number' ? status : undefined
}

function bodyOf(error: unknown): unknown {
  if (!APICallError.isInstance(error)) return error
  const { responseBody: text = '' } = error
  // A page says no more than its status does.
  return /^\s*</.test(text) ? '' : (parseJson(text) ?? text)
}

/** An error's message with those of its causes: `fetch failed` alone does not help. */
function messageOf(error: unknown): string {
  const messages = causes(error).map((each) =>
    each instanceof Error || AISDKError.isInstance(each) ? each.message : '',
  )
  return [...new Set(messages)].filter((message) => message !== '').join(': ')
}
