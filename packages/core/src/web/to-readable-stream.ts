import type { AnyEvent } from '../reading/collector.ts'
import { batchesOf } from '../stream.ts'

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
