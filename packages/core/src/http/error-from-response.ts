import type { Clock } from '../async/clock.ts'
import { deferred } from '../async/deferred.ts'
import { quietly } from '../async/quietly.ts'
import { readErrorBody } from '../dialect/error-body.ts'
import { jsonOrText } from '../dialect/json-frames.ts'
import { ChatError } from '../errors.ts'
import { type Limits, limitsOfCall } from '../layers/limits.ts'
import type { Protocol } from '../protocol.ts'
import type { CallOptions } from '../provider.ts'
import { retryAfterMs } from './retry-after.ts'
import type { HttpRequest, HttpResponse } from '../transport.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** The most bytes of an error body that are read. */
const MAX_ERROR_BYTES = 64 * 1024
/** How long the body of an error is waited for: its status is known already, and says most of it. */
const MAX_ERROR_MS = 1_000

/** How long the body of an error is waited for. */
export interface ErrorWait {
  clock: Clock
  ms: number
}

/** The wait ends before a deadline would make a timeout of an error whose status is known. */
export function errorWait(limits: Limits, call: CallOptions | undefined, sentAt: number): ErrorWait {
  const { clock, firstTokenMs, totalMs } = limitsOfCall(limits, call?.deadlines)
  const { elapsedMs = 0, restartedMs = 0 } = call ?? {}
  const leftMs = Math.min(restartedMs + firstTokenMs, totalMs) - elapsedMs - (clock.now() - sentAt)
  return { clock, ms: Math.max(0, Math.min(MAX_ERROR_MS, leftMs * 0.9)) }
}

/** The error for a status that is not a success, with what the endpoint says about it. */
export async function errorFromResponse(
  protocol: Pick<Protocol, 'decodeError'>,
  request: OutgoingRequest,
  response: HttpResponse,
  body: AsyncIterator<Uint8Array>,
  wait: ErrorWait,
): Promise<ChatError> {
  const { status, headers } = response
  if (status >= 300 && status < 400) return redirectError(request.http, response)
  if (status === 401 || status === 403) request.refused()
  const errorBody = await readBody(body, wait)
  const usual = readErrorBody(status, errorBody)
  const own = protocol.decodeError?.(status, errorBody) ?? {}
  if (own instanceof ChatError) return own
  const message = own.message ?? usual.message
  const code = own.code ?? usual.code
  const words = [`HTTP ${status}${code === 'auth' ? keyWords(status, request) : ''}`, message]
  return new ChatError(code, words.filter((part) => part !== '').join(': '), {
    status,
    retryAfterMs: retryAfterMs(headers) ?? own.retryAfterMs,
  })
}

/** A 403 may be about anything that the key does not give access to, and says so itself. */
function keyWords(status: number, request: OutgoingRequest): string {
  if (status !== 401) return ''
  return request.secrets().length > 0 ? ', wrong key' : ', a key is needed'
}

function redirectError(request: HttpRequest, { status, headers }: HttpResponse): ChatError {
  const { location = '' } = headers
  const target = URL.canParse(location, request.url) ? new URL(location, request.url).host : 'no valid address'
  const message = `HTTP ${status}: the endpoint redirects to ${target}. Redirects are not followed, because the request may carry a key. Set baseUrl to the new address.`
  return new ChatError('bad-request', message, { status })
}

async function readBody(body: AsyncIterator<Uint8Array>, { clock, ms }: ErrorWait): Promise<unknown> {
  let text = ''
  const decoder = new TextDecoder()
  const late = deferred<IteratorReturnResult<undefined>>()
  const cancel = clock.after(ms, () => {
    late.resolve({ done: true, value: undefined })
  })
  try {
    for (let size = 0; size < MAX_ERROR_BYTES;) {
      const read = await Promise.race([body.next(), late.promise])
      if (read.done === true) break
      text += decoder.decode(read.value.subarray(0, MAX_ERROR_BYTES - size), { stream: true })
      size += read.value.length
    }
  } catch {
    // The status is known even if its body breaks off.
  } finally {
    cancel()
  }
  quietly(() => body.return?.())
  // An HTML page says no more than its status does.
  return /^\s*</.test(text) ? '' : jsonOrText(text)
}
