import {
  type CallOptions,
  ChatError,
  type ChatEvent,
  type ChatRequest,
  type HttpResponse,
  type Provider,
  type ProviderOptions,
  type Transport,
} from '@rivulet/core'
import { isContent, wrap } from '@rivulet/core/provider'
import { mini, SECRET } from './mini.ts'

type Read = IteratorResult<ChatEvent, undefined>

/** The parts of a hand-written iterator: a generator would delay `return()` until a pending `next()` settles. */
interface Tap {
  next?: (read: () => Promise<Read>) => Promise<Read>
  leave?: (inner: AsyncIterator<ChatEvent>) => void
}

const END: Read = { done: true, value: undefined }

/** The right provider, with its reads and its return changed. */
function changed(
  tap: (call: CallOptions | undefined) => Tap,
  before?: (request: ChatRequest, call: CallOptions | undefined) => CallOptions | undefined,
) {
  return (options: ProviderOptions): Provider => {
    const inner = mini(options)
    return {
      ...inner,
      stream(request, call) {
        const stream = inner.stream(request, before === undefined ? call : before(request, call))
        return {
          [Symbol.asyncIterator]() {
            const events = stream[Symbol.asyncIterator]()
            // The streams of the right provider return nothing.
            const read = () => events.next() as Promise<Read>
            const { next, leave } = tap(call)
            return {
              next: () => (next === undefined ? read() : next(read)),
              async return() {
                if (leave === undefined) await events.return?.()
                else leave(events)
                return END
              },
            }
          },
        }
      },
    }
  }
}

/** The right provider with other errors. */
export const rethrowing = (change: (error: ChatError) => unknown) =>
  changed(() => ({
    next: (read) =>
      read().catch((error: unknown) => {
        throw error instanceof ChatError ? change(error) : error
      }),
  }))

/** The right provider, its events changed one by one. */
const rewriting = (change: (event: ChatEvent) => ChatEvent) =>
  changed(() => ({
    next: async (read) => {
      const came = await read()
      return came.done === true ? came : { done: false, value: change(came.value) }
    },
  }))

export const nonsenseUsage = rewriting((event) =>
  event.type === 'finish' ? { ...event, usage: { inputTokens: NaN, outputTokens: 0, source: 'reported' } } : event,
)

export const refusingEmpty = changed(() => {
  let hasContent = false
  return {
    next: async (read) => {
      const came = await read()
      if (came.done === true) return came
      hasContent ||= isContent(came.value)
      if (came.value.type === 'finish' && !hasContent) throw new ChatError('malformed', 'empty')
      return came
    },
  }
})

/** A copy of an error with another message or other details. */
export function copyOf(
  error: ChatError,
  change: { message?: string; code?: ChatError['code']; cause?: unknown },
): ChatError {
  const { provider, status, retryAfterMs, partial } = error
  const details = { provider, status, retryAfterMs, partial, cause: 'cause' in change ? change.cause : error.cause }
  return new ChatError(change.code ?? error.code, change.message ?? error.message, details)
}

/** Ends the stream as a success where these errors occur. */
export const swallowing = (isSwallowed: (error: ChatError) => boolean) =>
  changed(() => {
    let over = false
    return {
      next: async (read) => {
        if (over) return END
        return read().catch((error: unknown): Read => {
          if (!(error instanceof ChatError && isSwallowed(error))) throw error
          over = true
          return { done: false, value: { type: 'finish', reason: 'stop' } }
        })
      },
    }
  })

export const twoFinishes = changed(() => {
  let again: Read | undefined
  return {
    next: async (read) => {
      const kept = again
      again = undefined
      if (kept !== undefined) return kept
      const came = await read()
      if (came.done !== true && came.value.type === 'finish') again = came
      return came
    },
  }
})

export const ignoringAbort = changed(
  () => ({}),
  (_request, call) => (call?.signal instanceof AbortSignal ? { ...call, signal: undefined } : call),
)

/** Aborts with a reason of its own, and then throws the caller's: the content so far is kept with the wrong one. */
export const replacingSignal = changed(
  (call) => ({
    next: (read) =>
      read().catch((error: unknown) => {
        throw error === ABORTED && call ? called.get(call)?.reason : error
      }),
  }),
  (_request, call) => {
    const { signal } = call ?? {}
    if (call === undefined || !(signal instanceof AbortSignal)) return call
    called.set(call, signal)
    const own = new AbortController()
    const follow = (): void => {
      own.abort(ABORTED)
    }
    if (signal.aborted) follow()
    else signal.addEventListener('abort', follow, { once: true })
    return { ...call, signal: own.signal }
  },
)
const ABORTED = new Error('aborted')
const called = new WeakMap<object, AbortSignal>()

/** Adds a listener for each call, and removes none. */
export const keepingListeners = changed(
  () => ({}),
  (_request, call) => {
    call?.signal?.addEventListener('abort', () => undefined)
    return call
  },
)

/** Heeds an abort only after the end. */
export const abortsLate = changed((call) => {
  let over = false
  return {
    next: async (read) => {
      if (over && call?.signal?.aborted === true) throw call.signal.reason
      const came = await read()
      over = came.done === true
      return came
    },
  }
})

/** Replaces the reason of an abort. */
export const otherReason = changed(() => ({
  next: (read) =>
    read().catch((error: unknown) => {
      throw error instanceof Error ? error : new Error('aborted')
    }),
}))

export const neverCloses = changed(() => ({ leave: () => undefined }))

export const mutating = changed(
  () => ({}),
  (request, call) => {
    request.model = request.model.trim()
    return call
  },
)

/** Reads the body as fast as it arrives, whether or not its reader reads. */
export async function* readAhead(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const came: Uint8Array[] = []
  let news = Promise.withResolvers<undefined>()
  let end: { reason?: unknown } | undefined
  const pump = async (): Promise<void> => {
    for await (const chunk of body) {
      came.push(chunk)
      news.resolve(undefined)
    }
  }
  const over = (reason?: unknown): void => {
    end = reason === undefined ? {} : { reason }
    news.resolve(undefined)
  }
  pump().then(() => {
    over()
  }, over)
  for (;;) {
    const chunk = came.shift()
    if (chunk !== undefined) yield chunk
    else if (end === undefined) {
      await news.promise
      news = Promise.withResolvers()
    } else if ('reason' in end) throw end.reason
    else return
  }
}

/** Sends the request before the first read. */
export const eager = (options: ProviderOptions): Provider => {
  const inner = mini(options)
  return {
    ...inner,
    stream(request, call) {
      const events = inner.stream(request, call)[Symbol.asyncIterator]()
      let first: ReturnType<typeof events.next> | undefined = events.next()
      first.catch(() => undefined)
      return {
        [Symbol.asyncIterator]: () => ({
          next: () => {
            const next = first ?? events.next()
            first = undefined
            return next
          },
          return: async () => {
            first = undefined
            await events.return?.()
            return END
          },
        }),
      }
    },
  }
}

type Sent = (response: HttpResponse, again: () => Promise<HttpResponse>) => HttpResponse | Promise<HttpResponse>

/** The right provider over a transport that changes its responses. */
export const overTransport = (change: Sent) => (options: ProviderOptions) => {
  const { transport } = options
  if (transport === undefined) return mini(options)
  const changed: Transport = async (request, call) =>
    change(await transport(request, call), () => transport(request, call))
  return mini({ ...options, transport: changed })
}

/** The right provider over a transport that follows redirects. */
export const followsRedirects = (options: ProviderOptions): Provider => {
  const { transport } = options
  if (transport === undefined) return mini(options)
  const following: Transport = async (request, call) => {
    const response = await transport(request, call)
    const { location = '' } = response.headers
    return response.status >= 300 && location.startsWith('http')
      ? transport({ ...request, url: location }, call)
      : response
  }
  return mini({ ...options, transport: following })
}

/** Every answer after the first is lost. */
export const answersOnce = (options: ProviderOptions): Provider => {
  let answers = 0
  return overTransport((response) => (answers++ === 0 ? response : { ...response, body: nothing() }))(options)
}

export async function* nothing(): AsyncGenerator<Uint8Array> {
  // No byte.
}

const PING = Buffer.from(': ping\n\n')

/** Turns a comment that is a read of its own into reasoning. */
export async function* commentsAsContent(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield Buffer.from(chunk).equals(PING) ? Buffer.from('data: {"think":" "}\n\n') : chunk
  }
}

/** Ends the body at white space before the first byte of content. */
export async function* startingWithContent(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let first = true
  for await (const chunk of body) {
    if (first && (chunk[0] ?? 0) <= 32) return
    first = false
    yield chunk
  }
}

/** Decodes each read as text of its own, as with a new decoder for each. */
export function breakingCharacters(body: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  const reads = body[Symbol.asyncIterator]()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        const read = await reads.next()
        return read.done === true ? read : { done: false, value: Buffer.from(Buffer.from(read.value).toString()) }
      },
      return: async () => (await reads.return?.()) ?? { done: true, value: undefined },
    }),
  }
}

/** The whole body as one piece. */
export async function* inOnePiece(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  yield Buffer.concat(chunks)
}

export const leaking = rethrowing((error) => copyOf(error, { message: `${error.message} (key ${SECRET})` }))

export const leakingCause = rethrowing((error) =>
  copyOf(error, { cause: Object.assign(new Error('the request failed'), { authorization: `Bearer ${SECRET}` }) }),
)

/** Its own embed(), which checks nothing: `httpProvider()` would. */
export function anyVectors(options: ProviderOptions): Provider {
  const right = mini(options)
  return wrap(right, {
    embed: async (request, call) => (await right.embed?.(request, call).catch(() => undefined)) ?? { vectors: [] },
  })
}
