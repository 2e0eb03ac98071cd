import { ChatError, pipe, remote, retry, runTools } from '@rivulet/core'
import { TOOLS } from './tools.js'

/**
 * @typedef {import('./conversation.js').Failure} Failure
 * @typedef {import('./record.js').AnswerEvent} AnswerEvent
 */

/**
 * Asks the server of this page. A lost connection is made again, and what comes then replaces what came before: the server may
 * have been started anew meanwhile.
 *
 * @param {{
 *   id: string,
 *   choice: import('./conversation.js').Choice,
 *   messages: import('@rivulet/core').Message[],
 *   settings: import('./conversation.js').Settings,
 *   session: string,
 * }} asked `id`: names the report of the answer; `session`: the conversation
 * @param {{ signal: AbortSignal, onRetry: () => void }} options
 * @returns {AsyncIterable<AnswerEvent>}
 */
export function ask({ id, choice, messages, settings, session }, { signal, onRetry }) {
  const { provider, model } = choice
  const query = new URLSearchParams({ answer: id, ...(provider !== undefined && { provider }) })
  let again = 0
  /** @param {ChatError} error */
  const isAlone = (error) => isOwn(error) || (provider !== undefined && error.attempts === undefined)
  const route = pipe(
    remote(`/api/chat?${query}`),
    retry({
      attempts: 6,
      maxBackoffMs: 4_000,
      totalMs: 20_000,
      onBreak: 'restart',
      // What a group says, it has dealt with: its members have been asked. A provider that is asked alone is asked once more.
      retryWhen: (error) => isOffline(error) || (isAlone(error) && error.retryable && again++ === 0),
      onRetry: (error) => {
        if (isOffline(error)) onRetry()
      },
    }),
  )
  const { temperature, topP, maxTokens, tools } = settings
  const request = {
    model,
    messages,
    session,
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { topP }),
    ...(maxTokens !== undefined && { maxTokens }),
  }
  return tools ? runTools(route, { request, tools: TOOLS, signal }) : route.stream(request, { signal })
}

/**
 * Whether the connection to the server of this page has failed, and not one of the providers.
 *
 * @param {ChatError} error
 */
const isOwn = ({ provider }) => provider === 'remote'

/** @param {ChatError} error */
const isOffline = (error) => isOwn(error) && error.code === 'network'

/**
 * What is kept of a failure.
 *
 * @param {unknown} error
 * @returns {Failure}
 */
export function failureOf(error) {
  if (!(error instanceof ChatError)) return { code: 'other', message: String(error) }
  const { code, message, retryAfterMs, attempts } = error
  if (isOffline(error)) return { code: 'offline', message: 'The server of this page cannot be reached.' }
  return {
    code,
    message,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(attempts && {
      attempts: attempts.map((attempt) => ({
        ...(attempt.provider !== undefined && { provider: attempt.provider }),
        message: attempt.message,
      })),
    }),
  }
}
