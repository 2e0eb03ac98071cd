import { ChatError, type ChatEvent, type ToolRunEvent } from '@rivulet/core'
import { batchesOf, checkFunctions, checkOptions } from '@rivulet/core/provider'
import type { UIChunk } from './chunk.ts'
import { ChunkWriter } from './chunk-writer.ts'

export interface UIMessageStreamOptions {
  /** The id of the message. @default the page's */
  messageId?: string | undefined
  /** What the page reads of a failure. @default the message of a `ChatError`, which has no secrets */
  onError?: ((error: unknown) => string) | undefined
  /**
   * Metadata of the message, given at its start and at its end; `undefined` gives none.
   * @default none
   * @example (event) => (event.type === 'finish' ? { usage: event.usage } : undefined)
   */
  messageMetadata?: ((event: ChatEvent) => unknown) | undefined
}

const OPTIONS: Readonly<Record<keyof UIMessageStreamOptions, true>> = {
  messageId: true,
  onError: true,
  messageMetadata: true,
}

const wordsOf = (error: unknown): string => (error instanceof ChatError ? error.message : 'The answer failed.')

/**
 * The events of an answer or of a tool run as what `useChat` of the AI SDK reads. A `restart` becomes `reset-step`: the page drops
 * what it has drawn of this answer, and keeps the steps before it. A call is ready for the page to run when its answer is whole. A
 * failure is an `error` and a `finish` that says `interrupted` or `error`. A page that leaves closes the provider's connection.
 *
 * @throws TypeError for an option that is unknown or of a wrong type.
 * @example
 * import { createUIMessageStreamResponse } from 'ai'
 * const stream = toUIMessageStream(provider.stream(request, { onBreak: 'restart' }))
 * export const response = createUIMessageStreamResponse({ stream })
 */
export function toUIMessageStream(
  stream: AsyncIterable<ToolRunEvent>,
  options: UIMessageStreamOptions = {},
): ReadableStream<UIChunk> {
  checkOptions('toUIMessageStream', options, OPTIONS)
  const { messageId, onError = wordsOf, messageMetadata } = options
  checkFunctions('toUIMessageStream', { onError, messageMetadata })
  const writer = new ChunkWriter({ messageId, onError, messageMetadata })
  const batches = batchesOf(stream)
  /** The page has left: the end of the answer that follows is not a failure. */
  let hasLeft = false
  return new ReadableStream<UIChunk>(
    {
      async pull(controller) {
        try {
          for (let chunks: readonly UIChunk[] = []; chunks.length === 0;) {
            const read = await batches.next()
            if (hasLeft) return
            if (read.done === true) {
              controller.close()
              return
            }
            chunks = writer.write(read.value)
            for (const chunk of chunks) controller.enqueue(chunk)
          }
        } catch (error) {
          batches.close()
          if (hasLeft) return
          for (const chunk of writer.fail(error)) controller.enqueue(chunk)
          controller.close()
        }
      },
      cancel() {
        hasLeft = true
        batches.close()
      },
    },
    { highWaterMark: 0 },
  )
}
