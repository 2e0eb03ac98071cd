import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText } from 'ai'

/** The first example of the AI SDK's documentation. */
export async function read(baseUrl, take) {
  const provider = createOpenAICompatible({ name: 'competitor', baseURL: baseUrl, apiKey: 'none' })
  const { textStream } = streamText({ model: provider('gpt-4'), prompt: 'Hello' })
  for await (const text of textStream) take(text)
}
