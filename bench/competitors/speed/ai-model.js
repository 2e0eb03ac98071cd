import { createOpenAICompatible } from '@ai-sdk/openai-compatible'

/** The lower level of the AI SDK, which its providers implement. */
export async function read(baseUrl, take) {
  const model = createOpenAICompatible({ name: 'competitor', baseURL: baseUrl, apiKey: 'none' })('gpt-4')
  const prompt = [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }]
  const { stream } = await model.doStream({ prompt })
  for await (const part of stream) {
    if (part.type === 'text-delta') take(part.delta)
    else if (part.type === 'error') throw part.error
  }
}
