import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'

/**
 * `maxRetries` off; `timeout` in every form that it has. Read by `fullStream`, which reports errors and aborts as parts;
 * `textStream`, the form of the first example, ends without an error on both.
 */
export async function* texts(baseUrl, signal) {
  const provider = createOpenAICompatible({ name: 'competitor', baseURL: baseUrl, apiKey: 'sk-competitor' })
  const result = streamText({
    model: provider('gpt-4'),
    prompt: 'Hello',
    maxRetries: 0,
    timeout: { firstChunkMs: 1_500, chunkMs: 1_500, totalMs: 4_000 },
    abortSignal: signal,
    // The default prints errors.
    onError: () => undefined,
  })
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') yield part.text
    else if (part.type === 'error') throw part.error
    else if (part.type === 'abort') throw new Error('aborted')
    else if (part.type === 'finish' && part.finishReason === 'error') throw new Error('finish reason error')
  }
}
