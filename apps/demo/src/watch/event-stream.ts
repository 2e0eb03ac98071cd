import { errorResponse } from '../error-response.ts'
import type { Watch, WatchEvent } from './watch.ts'

/** How many events wait for a client that reads slowly. After that it is disconnected, and finds the state when it comes back. */
const MAX_WAITING = 256
/** A browser shares one connection among few tabs; more than this is a mistake. */
const MAX_CLIENTS = 32

const clients = new WeakMap<Watch, number>()

/** The response to `GET /api/events`: the state now, then what happens, as server-sent events. */
export function eventStream(watch: Watch): Response {
  const count = clients.get(watch) ?? 0
  if (count >= MAX_CLIENTS) return errorResponse(503, 'too-many', `At most ${MAX_CLIENTS} pages can listen at a time.`)
  clients.set(watch, count + 1)
  let unsubscribe = (): void => undefined
  const leave = (): void => {
    unsubscribe()
    unsubscribe = () => undefined
  }
  const body = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const encoder = new TextEncoder()
        const send = (event: WatchEvent): void => {
          if ((controller.desiredSize ?? 0) <= 0) {
            leave()
            controller.close()
            return
          }
          const { type, ...data } = event
          controller.enqueue(encoder.encode(`event: ${type}\ndata: ${JSON.stringify(data)}\n\n`))
        }
        const end = watch.subscribe(send)
        unsubscribe = () => {
          end()
          clients.set(watch, (clients.get(watch) ?? 1) - 1)
        }
        // The browser comes back by itself, quickly: the server is on this machine.
        controller.enqueue(encoder.encode('retry: 1000\n\n'))
        send({ type: 'providers', providers: watch.providers() })
        for (const report of watch.reports()) send({ type: 'report', report })
      },
      cancel: leave,
    },
    new CountQueuingStrategy({ highWaterMark: MAX_WAITING }),
  )
  return new Response(body, { headers: { 'content-type': 'text/event-stream', 'cache-control': 'no-store' } })
}
