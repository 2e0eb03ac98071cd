import { type ChatError, type Clock, pipe, retry } from '@rivulet/core'
import { type Wrong, withMistake } from './broken.ts'
import { mini } from './mini.ts'
import * as wrong from './wrong.ts'

const ABORTS = /abort .*: (before|while|in the middle)/

/** Time in which nothing takes any: what a busy machine takes is no part of what is asked again. */
const STILL: Clock = {
  now: () => 0,
  after(_ms, run) {
    const turn = setImmediate(run)
    return () => {
      clearImmediate(turn)
    }
  },
}

/** Providers that read an answer as it is, and behave badly. */
export const wrongConduct: Wrong = {
  'gives errors as they come': [
    wrong.rethrowing((error) => wrong.copyOf(error, { cause: undefined })),
    [/no connection is a network error/],
  ],
  'asks again in secret': [
    (options) => pipe(mini(options), retry({ attempts: 2, clock: STILL })),
    [
      /before the head of the answer is a network error/,
      /status means, and is asked once/,
      /kept-alive/,
      /no answer is a timeout/,
      /a head and then silence/,
      /comments are no content/,
    ],
  ],
  'calls every refusal overloaded': [
    wrong.rethrowing((error) => (error.status === 429 ? wrong.copyOf(error, { code: 'overloaded' }) : error)),
    [/status means/],
  ],
  'forgets Retry-After': [
    wrong.rethrowing((error: ChatError) => {
      delete error.retryAfterMs
      return error
    }),
    [/Retry-After/],
  ],
  'reads error bodies to their end': [
    wrong.overTransport((response) =>
      response.status === 200 ? response : { ...response, body: wrong.inOnePiece(response.body) },
    ),
    [/endless error body/],
  ],
  'ends a page as an empty answer': [
    wrong.swallowing(({ message }) => /HTML page|without a body/.test(message)),
    [/a page or an empty body/, /short success: the connection closes/],
  ],
  'is deaf to errors in an answer': [
    withMistake('deaf to errors'),
    [/error document/, /error in place/, /error behind content/],
  ],
  'throws away what had come': [
    wrong.rethrowing((error: ChatError) => {
      delete error.partial
      return error
    }),
    [
      /error behind content/,
      /never a short success/,
      /content and then silence/,
      /trickle/,
      /comments are no content/,
      /arguments break off/,
    ],
  ],
  'is deaf to an abort': [wrong.deafToAbort, [ABORTS]],
  'tells an abort in its own words': [wrong.otherReason, [ABORTS]],
  'hears an abort too late': [wrong.abortsLate, [/abort .* after the end/]],
  'forgets what had come when it is aborted': [wrong.forgetful, [/abort .* in the middle/]],
  'keeps listening to its caller': [wrong.clinging, [/leave nothing behind/]],
  'gives up too early': [
    ({ deadlines, ...options }) => {
      if (deadlines === undefined) return mini(options)
      const halves = Object.entries(deadlines).map(
        ([name, of]) => [name, typeof of === 'number' ? of / 2 : of] as const,
      )
      return mini({ ...options, deadlines: Object.fromEntries(halves) })
    },
    [/at its deadline/, /trickle/, /comments are no content/],
  ],
  'takes a comment for progress': [
    wrong.overTransport((response) => ({ ...response, body: wrong.commentsAsContent(response.body) })),
    [/comments are no content/],
  ],
  'follows redirects': [wrong.followsRedirects, [/redirect is not followed/]],
  'answers once': [wrong.answersOnce, [/two answers in a row/, /nobody asked for/, /kept-alive/, /equal requests/]],
  'never closes': [wrong.neverCloses, [/a reader that leaves/, /slows the sender/, /nothing is sent before/]],
  'reads ahead without a bound': [
    wrong.overTransport((response) => ({ ...response, body: wrong.readAhead(response.body) })),
    [/slows the sender/],
  ],
  'mutates the request': [wrong.mutating, [/never mutated/]],
  'counts its requests': [withMistake('counts its requests'), [/equal requests/]],
  'spreads the request': [withMistake('spreads the request'), [/equal requests/]],
  'asks before it is read': [wrong.eager, [/nothing is sent before/]],
  'sends two requests': [
    wrong.overTransport(async (response, again) => {
      if (response.status === 200) void (await again()).body[Symbol.asyncIterator]().return?.()
      return response
    }),
    [
      /one call is one request/,
      /content and then silence/,
      /trickle/,
      /comments are no content/,
      /two answers/,
      /kept-alive/,
    ],
  ],
  'takes any option': [
    ({ baseUrl, transport, deadlines }) =>
      mini({ ...(baseUrl && { baseUrl }), ...(transport && { transport }), ...(deadlines && { deadlines }) }),
    [/mistake in an option/],
  ],
  'takes any field': [(options) => mini({ ...options, unsupported: 'ignore' }), [/mistake in a request/]],
  'tells its key in a message': [wrong.leaking, [/a secret is in no error/]],
  'tells its key in a cause': [wrong.leakingCause, [/a secret is in no error/]],
}
