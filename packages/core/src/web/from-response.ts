import { checkOptions, must } from '../check/check.ts'
import { checkCall } from '../check/check-request.ts'
import { isRecord } from '../check/is-record.ts'
import type { ChatEvent } from '../chat.ts'
import { Endpoint } from '../http/endpoint.ts'
import { HttpAnswer } from '../http/http-answer.ts'
import { limitsOf } from '../layers/limits.ts'
import type { AnyEvent } from '../reading/collector.ts'
import { type ChatStream, trustedStream } from '../stream.ts'
import type { HttpResponse, Transport } from '../transport.ts'
import { fetched } from '../transport/fetched.ts'
import { eventProtocol } from './event-protocol.ts'

export interface FromResponseOptions {
  /** That of the request: the stream then rejects with its reason. */
  signal?: AbortSignal | undefined
}

const OPTIONS: Readonly<Record<keyof FromResponseOptions, true>> = { signal: true }

const ID = 'response'

/**
 * Reads a response of `toResponse()` as the stream that was given there: its events, and its failure as the same `ChatError`,
 * with code, message, provider, status, `retryAfterMs` and `attempts`, also when it has a status of its own. In a browser too.
 *
 * An end without a finish is `truncated`, anything but events is `malformed`, and a status of somebody else's has its usual code.
 * `break` cancels the body. Give `ToolRunEvent` as the type to read a run of tools.
 *
 * @throws TypeError for anything but a response whose body is unread.
 * @example
 * const answer = await fetch('/api/chat', { method: 'POST', body: JSON.stringify(request) })
 * for await (const event of fromResponse(answer)) if (event.type === 'text') console.log(event.text)
 */
export function fromResponse<Event extends AnyEvent = ChatEvent>(
  response: Response,
  options: FromResponseOptions = {},
): ChatStream<Event> {
  checkOptions('fromResponse', options, OPTIONS)
  const call = { signal: options.signal }
  checkCall('fromResponse', call)
  const isResponse = isRecord(response) && 'body' in response && 'status' in response
  must(isResponse, 'fromResponse: the response', 'a Response, as fetch() resolves with', response)
  must(
    !response.bodyUsed && response.body?.locked !== true,
    'fromResponse: the response',
    'unread: its body can be read once',
    response,
  )
  const transport: Transport = (_request, { signal }) => Promise.resolve(received(response, signal))
  const endpoint = new Endpoint({ id: ID, baseUrl: 'http://response.invalid', transport, limits: limitsOf() })
  const protocol = eventProtocol(ID)
  const outgoing = endpoint.request('fromResponse', { method: 'GET', path: '' }, {})
  const opened = { outgoing, decode: protocol.decode, dropped: [] }
  const exchange = { endpoint, model: '', protocol, opened, call }
  // The server has sent events of this type: the reader says so.
  return trustedStream(options.signal, () => new HttpAnswer(exchange)) as unknown as ChatStream<Event>
}

/** The response that is there already, as a transport gives one. */
function received(response: Response, signal: AbortSignal): HttpResponse {
  const whole = fetched(response, cancelQuietly, () => {
    signal.removeEventListener('abort', cancel)
  })
  const cancel = (): void => {
    void whole.body.return()
  }
  signal.addEventListener('abort', cancel, { once: true })
  return whole
}

/** A connection that is broken already has nothing to close. */
function cancelQuietly(reader: ReadableStreamDefaultReader | undefined): void {
  reader?.cancel().catch(() => undefined)
}
