import { readErrorBody } from '../dialect/error-body.ts'
import { ChatError } from '../errors.ts'
import type { Protocol } from '../protocol.ts'
import { retryAfterMs } from './retry-after.ts'
import type { HttpRequest, HttpResponse } from '../transport.ts'
import type { OutgoingRequest } from './outgoing-request.ts'

/** The most that is read of an error's body. */
const MAX_ERROR_BYTES = 64 * 1024

/** A status that is not a success: what the endpoint says of it, read within a bound. */
export async function errorFromResponse(
  protocol: Protocol,
  request: OutgoingRequest,
  response: HttpResponse,
  body: AsyncIterator<Uint8Array>,
): Promise<ChatError> {
  const { status, headers } = response
  if (status >= 300 && status < 400) return redirected(request.http, response)
  if (status === 401 || status === 403) request.refused()
  const stated = await readBody(body)
  const usual = readErrorBody(status, stated)
  const own = protocol.decodeError?.(status, stated) ?? {}
  const words = own.message ?? usual.message
  return new ChatError(own.code ?? usual.code, `HTTP ${status}${words === '' ? '' : `: ${words}`}`, {
    status,
    retryAfterMs: retryAfterMs(headers) ?? own.retryAfterMs,
  })
}

function redirected(request: HttpRequest, { status, headers }: HttpResponse): ChatError {
  const { location = '' } = headers
  const target = URL.canParse(location, request.url) ? new URL(location, request.url).host : 'nowhere'
  const message = `HTTP ${status}: the endpoint redirects to ${target}, and a redirect is not followed, because the request may carry a key. Set baseUrl to where it moved.`
  return new ChatError('bad-request', message, { status })
}

async function readBody(body: AsyncIterator<Uint8Array>): Promise<unknown> {
  let text = ''
  const decoder = new TextDecoder()
  try {
    for (let size = 0; size < MAX_ERROR_BYTES;) {
      const read = await body.next()
      if (read.done === true) break
      text += decoder.decode(read.value.subarray(0, MAX_ERROR_BYTES - size), { stream: true })
      size += read.value.length
    }
  } catch {
    // The status stands, however its body ends.
  }
  body.return?.().then(undefined, () => undefined)
  try {
    return JSON.parse(text)
  } catch {
    // A page says no more than its status does.
    return /^\s*</.test(text) ? '' : text.trim()
  }
}
