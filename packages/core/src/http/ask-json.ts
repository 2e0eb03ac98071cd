import { ChildAbort } from '../async/child-abort.ts'
import type { Endpoint } from './endpoint.ts'
import { ChatError } from '../errors.ts'
import { bodyError, networkError } from './network-errors.ts'
import { withProvider } from './with-provider.ts'
import type { Protocol } from '../protocol.ts'
import type { CallOptions } from '../provider.ts'
import { errorFromResponse } from './error-from-response.ts'
import type { HttpRequest } from '../transport.ts'

/** The longest document that is read. */
const MAX_BYTES = 64 * 1024 * 1024

/**
 * One document for one request: what an endpoint serves, embeddings. Errors, aborts and secrets are as for a stream.
 *
 * @param read Takes what is wanted out of the document; `undefined` when it is not such a document.
 */
export async function askJson<T>(
  endpoint: Endpoint,
  protocol: Protocol,
  request: HttpRequest | ChatError,
  read: (document: unknown) => T | undefined,
  call: CallOptions | undefined,
  totalMs: number,
): Promise<T> {
  if (request instanceof ChatError) throw withProvider(endpoint, request)
  const abort = new ChildAbort().follow(call?.signal)
  const late = new ChatError('timeout', `no answer within ${totalMs} ms (totalMs)`)
  const timer =
    totalMs === Infinity
      ? undefined
      : setTimeout(
          () => {
            abort.abort(late)
          },
          Math.min(totalMs, 0x7fffffff),
        )
  let body: AsyncIterator<Uint8Array> | undefined
  try {
    const response = await endpoint
      .send(request, abort.signal, { onExchange: call?.onExchange })
      .catch((cause: unknown) => {
        throw abort.signal.aborted ? cause : networkError(request, cause)
      })
    body = response.body[Symbol.asyncIterator]()
    if (response.status < 200 || response.status > 299) throw await errorFromResponse(protocol, request, response, body)
    const text = await readText(body)
    const document = read(parsed(text))
    if (document !== undefined) return document
    throw new ChatError('malformed', `the answer is not what was asked for. It begins: ${text.slice(0, 200)}`)
  } catch (error) {
    body?.return?.().then(undefined, () => undefined)
    if (abort.signal.aborted && abort.signal.reason !== late) throw abort.signal.reason
    throw withProvider(endpoint, abort.signal.aborted ? late : error)
  } finally {
    clearTimeout(timer)
    abort.release()
  }
}

async function readText(body: AsyncIterator<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for (let size = 0; ;) {
    const read = await body.next().catch((cause: unknown) => {
      throw bodyError(cause)
    })
    if (read.done === true) return text + decoder.decode()
    size += read.value.length
    if (size > MAX_BYTES) throw new ChatError('malformed', `the answer is longer than ${MAX_BYTES} bytes`)
    text += decoder.decode(read.value, { stream: true })
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
