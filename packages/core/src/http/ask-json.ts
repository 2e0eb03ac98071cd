import { ChildAbort } from '../async/child-abort.ts'
import { quietly } from '../async/quietly.ts'
import { parseJson } from '../dialect/parse-json.ts'
import { ChatError } from '../errors.ts'
import type { Protocol } from '../protocol.ts'
import type { CallOptions } from '../provider.ts'
import type { Endpoint } from './endpoint.ts'
import { errorFromResponse, errorWait } from './error-from-response.ts'
import { bodyError, networkError } from './network-errors.ts'
import type { OutgoingRequest } from './outgoing-request.ts'
import { withProvider } from './with-provider.ts'

/** The longest document that is accepted: 64 MiB. */
const MAX_BYTES = 64 * 1024 * 1024
/** Enough for an excerpt, and for the rest of a secret that would be cut at its end. */
const MAX_HEAD_CHARACTERS = 2_000

/**
 * Sends a request that is answered by one JSON document: a list of models, embeddings. Errors, aborts and secrets are treated
 * as for a stream.
 *
 * @param read Extracts the result from the document; `undefined` when the document has another shape.
 */
export async function askJson<T>(
  endpoint: Endpoint,
  protocol: Protocol,
  request: OutgoingRequest,
  read: (document: unknown) => T | undefined,
  call: CallOptions | undefined,
): Promise<T> {
  const abort = new ChildAbort().follow(call?.signal)
  const { signal } = abort
  let body: AsyncIterator<Uint8Array> | undefined
  /** How a document begins that is not the expected one. */
  let head = ''
  const sentAt = endpoint.limits.clock.now()
  try {
    signal.throwIfAborted()
    const response = await endpoint.send(request, signal, call).catch((cause: unknown) => {
      throw signal.aborted ? cause : networkError(request.http, cause)
    })
    body = response.body[Symbol.asyncIterator]()
    if (response.status < 200 || response.status > 299)
      throw await errorFromResponse(protocol, request, response, body, errorWait(endpoint.limits, call, sentAt))
    const text = await readText(body)
    const document = read(parseJson(text))
    if (document !== undefined) return document
    head = text.slice(0, MAX_HEAD_CHARACTERS)
    throw new ChatError('malformed', 'the response is not the expected JSON document')
  } catch (error) {
    quietly(() => body?.return?.())
    abort.abort()
    throw call?.signal?.aborted === true
      ? call.signal.reason
      : withProvider(endpoint.id, error, request.secrets(), head)
  } finally {
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
    if (size > MAX_BYTES) throw new ChatError('malformed', `the response is longer than ${MAX_BYTES} bytes`)
    text += decoder.decode(read.value, { stream: true })
  }
}
