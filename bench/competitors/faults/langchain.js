import { ChatOpenAI } from '@langchain/openai'

/** `maxRetries` off; `timeout` is its only deadline. */
export async function* texts(baseUrl, signal) {
  const model = new ChatOpenAI({
    model: 'gpt-4',
    apiKey: 'sk-competitor',
    maxRetries: 0,
    timeout: 1_500,
    configuration: { baseURL: baseUrl },
  })
  for await (const chunk of await model.stream('Hello', { signal })) {
    if (typeof chunk.content === 'string' && chunk.content !== '') yield chunk.content
  }
}
