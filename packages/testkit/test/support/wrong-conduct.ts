import { type ChatError, type Clock, pipe, retry } from '@rivulet/core'
import { type Wrong, withMistake } from './broken.ts'
import { mini } from './mini.ts'
import * as wrong from './wrong.ts'

const ABORTS = /abort .*: (before|while|in the middle)/

/** A clock that stands still: a busy machine has no effect on retries. */
const STILL: Clock = {
  now: () => 0,
  after(_ms, run) {
    const turn = setImmediate(run)
    return () => {
      clearImmediate(turn)
    }
  },
}

/** Providers that decode an answer correctly, and are wrong elsewhere. */
export const wrongConduct: Wrong = {
  'gives errors without their cause': [
    wrong.rethrowing((error) => wrong.copyOf(error, { cause: undefined })),
    [/failure to connect/],
  ],
  'retries on its own': [
    (options) => pipe(mini(options), retry({ attempts: 2, clock: STILL })),
    [
      /before the response head is a network error/,
      /status means, and the request is sent once/,
      /kept-alive/,
      /never answered is a timeout/,
      /a response head and then silence/,
      /comments are not content/,
      /keeps its body back/,
    ],
  ],
  'calls every refusal overloaded': [
    wrong.rethrowing((error) => (error.status === 429 ? wrong.copyOf(error, { code: 'overloaded' }) : error)),
    [/status means/, /keeps its body back/],
  ],
  'forgets Retry-After': [
    wrong.rethrowing((error: ChatError) => {
      delete error.retryAfterMs
      return error
    }),
    [/Retry-After/, /keeps its body back/],
  ],
  'reads error bodies to their end': [
    wrong.overTransport((response) =>
      response.status === 200 ? response : { ...response, body: wrong.inOnePiece(response.body) },
    ),
    [/endless error body/],
  ],
  'waits for the whole body of an error': [
    wrong.overTransport(async (response) => {
      if (response.status === 200) return response
      return { ...response, body: ReadableStream.from([Buffer.concat(await Array.fromAsync(response.body))]) }
    }),
    [/keeps its body back/, /endless error body/],
  ],
  'ends a page as an empty answer': [
    wrong.swallowing(({ message }) => /HTML page|without a body/.test(message)),
    [/a page or an empty body/, /short success: the connection closes/],
  ],
  'ignores errors in an answer': [
    withMistake('ignores errors'),
    [/error document/, /error before any content/, /error after content/, /error event in words/],
  ],
  'drops the content so far': [
    wrong.rethrowing((error: ChatError) => {
      delete error.partial
      return error
    }),
    [
      /error after content/,
      /never a short success/,
      /content and then silence/,
      /trickle/,
      /comments are not content/,
      /arguments break off/,
      /says nothing ends no answer/,
      /then a broken connection/,
      /error event in words/,
    ],
  ],
  'ignores an abort': [wrong.ignoringAbort, [ABORTS]],
  'replaces the reason of an abort': [wrong.otherReason, [ABORTS]],
  'heeds an abort after the end': [wrong.abortsLate, [/abort .* after the end/]],
  'drops the content so far when it is aborted': [wrong.replacingSignal, [/abort .* in the middle/]],
  'keeps its listeners': [wrong.keepingListeners, [/leave no listener/]],
  'gives up too early': [
    ({ deadlines, ...options }) => {
      if (deadlines === undefined) return mini(options)
      const halves = Object.entries(deadlines).map(
        ([name, of]) => [name, typeof of === 'number' ? of / 2 : of] as const,
      )
      return mini({ ...options, deadlines: Object.fromEntries(halves) })
    },
    [/at its deadline/, /trickle/, /comments are not content/],
  ],
  'takes a comment for content': [
    wrong.overTransport((response) => ({ ...response, body: wrong.commentsAsContent(response.body) })),
    [/comments are not content/, /reason and then silence/],
  ],
  'follows redirects': [wrong.followsRedirects, [/redirect is not followed/]],
  'answers one request only': [
    wrong.answersOnce,
    [/two answers in a row/, /unrequested answer/, /kept-alive/, /equal requests/],
  ],
  'never closes': [wrong.neverCloses, [/a reader that leaves/, /slows the sender/, /nothing is sent before/]],
  'reads ahead without a bound': [
    wrong.overTransport((response) => ({ ...response, body: wrong.readAhead(response.body) })),
    [/slows the sender/],
  ],
  'mutates the request': [wrong.mutating, [/never mutated/]],
  'counts its requests': [withMistake('counts its requests'), [/equal requests/]],
  'spreads the request': [withMistake('spreads the request'), [/equal requests/]],
  'sends before it is read': [wrong.eager, [/nothing is sent before/]],
  'sends two requests': [
    wrong.overTransport(async (response, again) => {
      if (response.status === 200) void (await again()).body[Symbol.asyncIterator]().return?.()
      return response
    }),
    [
      /one call is one request/,
      /content and then silence/,
      /trickle/,
      /comments are not content/,
      /reason and then silence/,
      /two answers in a row/,
      /kept-alive/,
    ],
  ],
  'accepts any option': [
    ({ baseUrl, transport, deadlines }) =>
      mini({ ...(baseUrl && { baseUrl }), ...(transport && { transport }), ...(deadlines && { deadlines }) }),
    [/mistake in an option/],
  ],
  'accepts any field': [(options) => mini({ ...options, unsupported: 'drop' }), [/mistake in a request/]],
  'puts its key into a message': [wrong.leaking, [/a secret appears in no error/]],
  'puts its key into a cause': [wrong.leakingCause, [/a secret appears in no error/]],
}
