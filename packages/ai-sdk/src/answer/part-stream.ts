import type { LanguageModelV4StreamPart } from '@ai-sdk/provider'
import { ChatError } from '@rivulet/core'
import { type Batches, isContent } from '@rivulet/core/provider'
import type { PartWriter } from './part-writer.ts'

/** How many parts are held before the first content: what comes before it is a start, and frames on demand. */
const MAX_HELD = 10_000

/** An answer that is read as stream parts. */
export interface PartSource {
  batches: Batches
  writer: PartWriter
  /** The caller's: its reason ends the stream. */
  signal: AbortSignal | undefined
  /** A failure, as the reader gets it. */
  failed: (error: unknown) => unknown
}

/**
 * The parts of an answer, from when its first content or its end has come: the caller of the promise may ask again when it
 * rejects, since nothing has been given. A cancel of the stream closes the answer.
 */
export async function partStream(source: PartSource): Promise<ReadableStream<LanguageModelV4StreamPart>> {
  const { batches, writer, signal, failed } = source
  let held: LanguageModelV4StreamPart[] = []
  /** Not before the answer has said so itself: only then have its layers let go of it. */
  let isOver = false
  try {
    for (let begun = false; !begun && held.length < MAX_HELD;) {
      const read = await batches.next()
      if (read.done === true) throw new ChatError('truncated', 'the stream ended without a finish event')
      held.push(...writer.write(read.value))
      begun = read.value.some((event) => isContent(event) || event.type === 'finish')
    }
  } catch (error) {
    batches.close()
    throw failed(error)
  }
  return new ReadableStream<LanguageModelV4StreamPart>(
    {
      async pull(controller) {
        let parts = held
        held = []
        try {
          while (parts.length === 0 && !isOver) {
            const read = await batches.next()
            if (read.done === true) isOver = true
            else parts = writer.write(read.value)
          }
        } catch (error) {
          batches.close()
          isOver = true
          if (signal?.aborted === true) throw error
          parts = writer.fail(error, failed(error))
        }
        for (const part of parts) controller.enqueue(part)
        if (isOver) controller.close()
      },
      cancel() {
        batches.close()
      },
    },
    // Nothing is read ahead of the reader.
    { highWaterMark: 0 },
  )
}
