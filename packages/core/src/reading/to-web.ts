/** Streams of the web platform, for route handlers to return. */

import { checkOptions, must } from '../check/check.ts'
import { checkHeaders } from '../check/check-headers.ts'
import type { ChatEvent } from '../chat.ts'
import { CODES, type ErrorCode } from '../error-codes.ts'
import { ChatError } from '../errors.ts'
import { batchesOf } from '../stream.ts'
import type { AnyEvent } from './collector.ts'
import { isContent } from './is-content.ts'

/**
 * Makes the events of an answer or of a tool run a web `ReadableStream` with back-pressure: a reader that pauses pauses the provider, a reader that cancels
 * closes its connection.
 */
export function toReadableStream<Event extends AnyEvent>(stream: AsyncIterable<Event>): ReadableStream<Event> {
  const batches = batchesOf(stream)
  return new ReadableStream<Event>(
    {
      async pull(controller) {
        try {
          const { done, value } = await batches.next()
          if (done === true) controller.close()
          else for (const event of value) controller.enqueue(event)
        } catch (error) {
          batches.close()
          throw error
        }
      },
      cancel() {
        batches.close()
      },
    },
    { highWaterMark: 0 },
  )
}

export interface ToResponseOptions {
  /**
   * `'events'`: server-sent events with one `ChatEvent` as JSON each; a failure becomes a last event of type `error`.
   * `'text'`: the text alone; a failure breaks the connection, so that a truncated answer can't pass for a whole one.
   * @default 'events'
   */
  as?: 'events' | 'text' | undefined
  /** Added to the response's own, or in place of them. @default none */
  headers?: Record<string, string> | undefined
}

const OPTIONS: Readonly<Record<keyof ToResponseOptions, true>> = { as: true, headers: true }

/**
 * Makes the stream an HTTP response. Waits for the first content: a failure before it becomes a response with the status of its
 * code and the body `{ error: { code, message } }`.
 *
 * @throws TypeError for an option that is unknown or invalid; nothing is read then.
 *
 * @example
 * export const POST = async (request: Request) => toResponse(provider.stream((await request.json()) as ChatRequest))
 */
export async function toResponse(stream: AsyncIterable<ChatEvent>, options: ToResponseOptions = {}): Promise<Response> {
  checkOptions('toResponse', options, OPTIONS)
  const { as = 'events', headers } = options
  must(as === 'events' || (as as unknown) === 'text', 'toResponse: as', "'events' or 'text'", as)
  // Before the stream is read: it would be left open.
  checkHeaders('toResponse', headers)
  const batches = batchesOf(stream)
  const head: ChatEvent[] = []
  try {
    while (!head.some((event) => isContent(event) || event.type === 'finish')) {
      const { done, value } = await batches.next()
      if (done === true) break
      for (const event of value) head.push(event)
    }
  } catch (error) {
    batches.close()
    if (!(error instanceof ChatError)) throw error
    return Response.json({ error: errorBody(error) }, { status: statusOf(error), headers: headers ?? {} })
  }
  const encode = as === 'text' ? encodeText : encodeEvent
  const encoder = new TextEncoder()
  let pending: readonly ChatEvent[] = head
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          let text = pending.map(encode).join('')
          pending = []
          // The platform does not repeat a pull that enqueues nothing, so events without text are skipped here.
          while (text === '') {
            const { done, value } = await batches.next()
            if (done === true) {
              controller.close()
              return
            }
            text = value.map(encode).join('')
          }
          controller.enqueue(encoder.encode(text))
        } catch (error) {
          batches.close()
          if (as === 'text' || !(error instanceof ChatError)) throw error
          controller.enqueue(encoder.encode(`event: error\ndata: ${JSON.stringify(errorBody(error))}\n\n`))
          controller.close()
        }
      },
      cancel() {
        batches.close()
      },
    },
    { highWaterMark: 0 },
  )
  const contentType = as === 'text' ? 'text/plain; charset=utf-8' : 'text/event-stream'
  return new Response(body, { headers: { 'content-type': contentType, 'cache-control': 'no-store', ...headers } })
}

const encodeEvent = (event: ChatEvent): string => `data: ${JSON.stringify(event)}\n\n`

function encodeText(event: ChatEvent): string {
  // Text that was sent can't be taken back, and two answers must not be joined.
  if (event.type === 'restart') throw new ChatError(event.reason, event.message, { provider: event.from })
  return event.type === 'text' ? event.text : ''
}

/** The error may be that of another copy of this package, which may have other codes. */
const statusOf = ({ code }: ChatError): number => (Object.hasOwn(CODES, code) ? CODES[code].httpStatus : 502)

const errorBody = ({ code, message }: ChatError): { code: ErrorCode; message: string } => ({ code, message })
