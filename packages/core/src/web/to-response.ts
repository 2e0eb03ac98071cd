import { checkOptions } from '../check/check.ts'
import { checkHeaders } from '../check/check-headers.ts'
import { ChatError } from '../errors.ts'
import type { ServerCall } from '../protocol.ts'
import type { AnyEvent } from '../reading/collector.ts'
import { isContent } from '../reading/is-content.ts'
import { type Batches, batchesOf } from '../stream.ts'
import { type BodyWriter, type ResponseForm, responseForm } from './response-form.ts'

export interface ToResponseOptions {
  /**
   * `'events'`: server-sent events with one event as JSON each; a failure becomes a last event of type `error`.
   * `fromResponse()` and `remote()` read it.
   * `'text'`: the text alone; a failure breaks the connection, so that a truncated answer can't pass for a whole one.
   * A call that the server half of a dialect has read: as its client expects it, streamed or in one piece.
   * @default 'events'
   */
  as?: 'events' | 'text' | ServerCall | undefined
  /** Replace those of the response. */
  headers?: Record<string, string> | undefined
}

const OPTIONS: Readonly<Record<keyof ToResponseOptions, true>> = { as: true, headers: true }

/**
 * Makes a stream an HTTP response: an answer, or a run of tools. Waits for the first content: a failure before it becomes a
 * response with a status of its own, after it the last event.
 *
 * - The status is that of the failure's code, and not the endpoint's: `rate-limited` is 429, but an `auth` is 502, because the
 *   key is the server's and not its client's. `retry-after` has the wait in whole seconds, rounded up.
 * - The body is `{ error }` with the code, the message, the provider, the endpoint's status, `retryAfterMs` and, of a group,
 *   the same of each attempt. Causes are not sent.
 * - A call in another dialect gets its own form of an error. The calls of a tool run are left out there: they have been run.
 *
 * @param stream The events, or a function that gives them: then a body that `chatRequest()` refuses becomes a response too, and
 *   so does a `TypeError`, with which a provider refuses a request at the call.
 * @throws TypeError for an option that is unknown or invalid; nothing is read then. Rejects with what is thrown by the function
 *   or the stream, unless it is a `ChatError`.
 * @example
 * export const POST = (incoming: Request) =>
 *   toResponse(async () => provider.stream(chatRequest(await incoming.text()), { signal: incoming.signal }))
 */
export async function toResponse<Event extends AnyEvent>(
  stream: AsyncIterable<Event> | (() => AsyncIterable<Event> | Promise<AsyncIterable<Event>>),
  options: ToResponseOptions = {},
): Promise<Response> {
  checkOptions('toResponse', options, OPTIONS)
  const { as = 'events', headers: given } = options
  const form = responseForm(as)
  // Before the stream is read: it would be left open.
  const own = checkHeaders('toResponse', given)
  const responseOf = (
    body: string | ReadableStream<Uint8Array>,
    headers: Record<string, string>,
    status = 200,
  ): Response => new Response(body, { status, headers: { 'cache-control': 'no-store', ...headers, ...own } })
  let batches: Batches<Event> | undefined
  try {
    const events = typeof stream === 'function' ? await asked(stream) : stream
    batches = batchesOf(events)
    const head = await headOf(batches, form)
    const writer = form.begin(head, isRun(events))
    const first = writer.write(head)
    const body = form.isDocument ? first : bodyOf(batches, writer, first)
    return responseOf(body, { 'content-type': writer.contentType })
  } catch (error) {
    batches?.close()
    // A bug says nothing to a stranger.
    if (!(error instanceof ChatError)) throw error
    const { status, headers, body } = form.error(error)
    return responseOf(body, headers, status)
  }
}

/** A mistake at the call is one of the request, which is the client's. */
async function asked<Stream>(ask: () => Stream | Promise<Stream>): Promise<Stream> {
  try {
    return await ask()
  } catch (cause) {
    throw cause instanceof TypeError ? new ChatError('bad-request', cause.message, { cause }) : cause
  }
}

/** Whether it is what `runTools()` gives, or `run()` of `chat()`: an answer has neither. */
const isRun = (stream: object): boolean => 'messages' in stream || 'result' in stream

/** The events up to the first content; of a document, all of them. */
async function headOf<Event extends AnyEvent>(batches: Batches<Event>, { isDocument }: ResponseForm): Promise<Event[]> {
  const head: Event[] = []
  for (;;) {
    const { done, value } = await batches.next()
    if (done === true) return head
    for (const event of value) head.push(event)
    if (!isDocument && value.some((event) => isContent(event) || event.type === 'finish')) return head
  }
}

function bodyOf<Event extends AnyEvent>(
  batches: Batches<Event>,
  writer: BodyWriter,
  first: string,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  let text = first
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          // The platform does not repeat a pull that enqueues nothing, so events without text are skipped here.
          while (text === '') {
            const { done, value } = await batches.next()
            if (done === true) {
              controller.close()
              return
            }
            text = writer.write(value)
          }
          controller.enqueue(encoder.encode(text))
          text = ''
        } catch (error) {
          batches.close()
          if (!(error instanceof ChatError)) throw error
          controller.enqueue(encoder.encode(writer.fail(error)))
          controller.close()
        }
      },
      cancel() {
        batches.close()
      },
    },
    { highWaterMark: 0 },
  )
}
